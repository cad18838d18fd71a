"""How tests save and read many runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from raceway.analysis.history.digest import Digest

Keep: TypeAlias = Callable[..., Path]
ReadAll: TypeAlias = Callable[[list[Path]], tuple[list[tuple[Path, Digest]], list[str]]]
