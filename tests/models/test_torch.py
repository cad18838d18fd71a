from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import Job
from raceway.models.torch import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def torch() -> Iterator[Any]:
    """Return torch, on one thread."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(before)


def test_torch_gets_as_many_threads_as_the_case_has_workers(torch: Any) -> None:
    with MODEL.open(Job(lambda _: torch.get_num_threads(), (1, 2), workers=3)) as runner:
        assert runner(1).answers == [3, 3]


def test_torch_has_its_own_threads_back_afterwards(torch: Any) -> None:
    with MODEL.open(Job(abs, (1,), workers=3)):
        pass

    assert torch.get_num_threads() == 1


def test_torch_has_its_own_threads_back_after_an_error(torch: Any) -> None:
    with pytest.raises(ValueError, match="invalid"), MODEL.open(Job(int, ("x",), 3)) as runner:
        runner(1)

    assert torch.get_num_threads() == 1
