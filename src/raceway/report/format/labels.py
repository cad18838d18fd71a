"""The shortest names that tell the cases of a run apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from raceway.record import Record, Run

KINDS = {"cpu": "CPU-bound", "io": "Waiting", "tensor": "Tensor"}
"""The kinds of work on screen, in order."""


class Labels:
    """Names the cases of one run."""

    def __init__(self, run: Run) -> None:
        """Find out whether workers, devices or interpreters differ."""
        raced = [record for record in run.records if record.workload]
        self._interpreters = {record.interpreter for record in raced}
        self._workers = _ambiguous((_entry(each), each.workers) for each in raced)
        self._devices = _ambiguous((_entry(each), each.device) for each in raced)

    def __call__(self, record: Record) -> str:
        """Return the model, with workers, device and interpreter only where they differ."""
        words = [record.model]
        if _entry(record) in self._workers:
            words.append(f"w{record.workers}")
        if _entry(record) in self._devices:
            words.append(record.device)
        if len(self._interpreters) > 1:
            words.append(f"@{record.interpreter}")
        return " ".join(words)


ANY = {
    "processes": "any process pool",
    "event loop": "any event loop",
    "interpreters": "any interpreter pool",
    "engines": "any engine",
}
"""Families that do not read well as `any of <family>`."""


def any_of(family: str) -> str:
    """Return a name for all models of a family."""
    return ANY.get(family, f"any of {family}")


def joined(names: Iterable[str], conjunction: str = "and") -> str:
    """Return the names as in a sentence: `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def _entry(record: Record) -> Hashable:
    return (record.workload, record.size, record.model, record.interpreter)


def _ambiguous(pairs: Iterable[tuple[Hashable, Hashable]]) -> set[Hashable]:
    """Return the entries that have more than one value."""
    values: dict[Hashable, set[Hashable]] = {}
    for entry, value in pairs:
        values.setdefault(entry, set()).add(value)
    return {entry for entry, several in values.items() if len(several) > 1}
