"""The `raceway` command called in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Answer: TypeAlias = tuple[int | str | None, list[str], list[str]]
"""Exit code, output, errors."""
Raceway: TypeAlias = Callable[..., Answer]
