from __future__ import annotations

import os
import runpy
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from raceway.store import lock

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_windows_locks_a_byte_beyond_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: set[int] = set()

    def locking(descriptor: int, _mode: int, _bytes: int) -> None:
        place = os.lseek(descriptor, 0, os.SEEK_CUR)
        if place in held:
            raise PermissionError
        held.add(place)

    windows = SimpleNamespace(locking=locking, LK_NBLCK=2, LK_LOCK=1)
    monkeypatch.setitem(sys.modules, "msvcrt", windows)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "platform", "win32")
    on_windows = runpy.run_path(lock.__file__)

    with (tmp_path / "a").open("w") as file:
        on_windows["wait_for_lock"](file.fileno())
        held_by_other = on_windows["try_lock"](file.fileno())
        place = held.pop()
        free_again = on_windows["try_lock"](file.fileno())

    assert (held_by_other, free_again, place > 2**39) == (False, True, True)
