"""The rows of many runs, sorted into series; in columns, since there may be millions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.comparison.normalisation import ANCHORS, Normalisation
from raceway.analysis.history.digest import column_of
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from raceway.analysis.comparison.launch_logs import Floats, Ints
    from raceway.analysis.history.digest import Digest
    from raceway.analysis.history.past import Past
    from raceway.record import Environment

FEATURE_PARTS = 2
"""Version parts that name a feature release, as in 3.13."""
UNKNOWN_BUILD = -1
LEFT_OUT = -1


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Machine and interpreter: absolute times are compared only within one place."""

    machine: str
    interpreter: str
    """Label, implementation, feature version, and special build features.

    Patch releases and libraries are left out: they may explain a change.
    """


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of equal length: one row per run and case, oldest run first."""

    run: Ints
    """The index of the run in the past."""
    place: Ints
    """The index of the record in its run."""
    build: Ints
    """The interpreter's build, numbered; `UNKNOWN_BUILD` if not described."""
    noisy: NDArray[np.bool_]
    """Whether it is shown but not judged."""
    passes_s: Floats
    """Median seconds per pass."""
    over_anchors: tuple[Floats, ...]
    """The pass over each of `ANCHORS`; NaN if the run has no such anchor."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.run)

    def column(self, normalisation: Normalisation) -> Floats:
        """Return the passes in that normalisation."""
        return (
            self.passes_s
            if normalisation is Normalisation.RAW
            else self.over_anchors[ANCHORS.index(normalisation)]
        )

    def picked(self, which: Ints) -> Rows:
        """Return some of the rows, in that order."""
        return Rows(
            run=self.run[which],
            place=self.place[which],
            build=self.build[which],
            noisy=self.noisy[which],
            passes_s=self.passes_s[which],
            over_anchors=tuple(column[which] for column in self.over_anchors),
        )


def rows_of(past: Past, wanted: Callable[[str], bool]) -> Iterator[tuple[tuple[Place, str], Rows]]:
    """Yield the rows of each place and wanted case with a time, in order of first appearance."""
    digests = [digest for _, digest in past.runs]
    if not digests:
        return
    sorter = _Sorter(wanted)
    sorted_by, builds = map(np.concatenate, zip(*map(sorter.sort, digests), strict=True))
    rows = _stacked(digests, builds)
    timed = np.flatnonzero((sorted_by != LEFT_OUT) & ~np.isnan(rows.passes_s))
    order = timed[np.argsort(sorted_by[timed], kind="stable")]
    edges = np.searchsorted(sorted_by[order], np.arange(len(sorter.known) + 1))
    for series, (start, stop) in zip(sorter.known, pairwise(edges), strict=True):
        if start < stop:
            yield series, rows.picked(order[start:stop])


def _stacked(digests: Sequence[Digest], builds: Ints) -> Rows:
    lengths = [len(digest.cases.ids) for digest in digests]
    grades = "".join(digest.grades for digest in digests)
    return Rows(
        run=np.repeat(np.arange(len(digests)), lengths),
        place=np.concatenate([np.arange(length) for length in lengths]),
        build=builds,
        noisy=np.frombuffer(grades.encode("ascii"), "S1") == str(Grade.NOISY).encode("ascii"),
        passes_s=column_of(b"".join(digest.passes_s for digest in digests)),
        over_anchors=tuple(
            column_of(b"".join(digest.over_anchors[which] for digest in digests))
            for which in range(len(ANCHORS))
        ),
    )


class _Sorter:
    """Numbers series, and builds of interpreters, in order of first appearance."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self.known: list[tuple[Place, str]] = []
        """One series per place, case and work."""
        self._latest: dict[tuple[Place, str], tuple[str, int]] = {}
        self._works: dict[tuple[Place, str, str], int] = {}
        self._wanted = wanted
        self._builds: dict[tuple[str, ...], int] = {}
        self._sorted: dict[tuple[object, ...], tuple[Ints, Ints]] = {}

    def sort(self, digest: Digest) -> tuple[Ints, Ints]:
        """Return each row's series number and build number.

        Most runs have the cases of the run before, so each kind of run is sorted only once.
        """
        # If several interpreters share a label, the first is meant, as everywhere.
        machine, described = digest.header.machine.id, digest.header.environments
        interpreters = {each.label: (_words(each), _build(each)) for each in reversed(described)}
        kind = (machine, digest.cases, tuple(interpreters.items()))
        if kind not in self._sorted:
            labels = digest.cases.interpreters
            places = {label: Place(machine, interpreters.get(label, (label,))[0])
                      for label in set(labels)}  # fmt: skip
            cases = zip(digest.cases.ids, labels, digest.cases.works, strict=True)
            series = [self._series(places[label], case, work) for case, label, work in cases]
            builds = [self._build(interpreters.get(label)) for label in labels]
            self._sorted[kind] = (np.array(series, np.int64), np.array(builds, np.int64))
        return self._sorted[kind]

    def _series(self, place: Place, case: str, work: str) -> int:
        """Return the series of a case; rows without known work belong to the latest."""
        if not self._wanted(case):
            return LEFT_OUT
        before, series = self._latest.get((place, case), ("", -1))
        if series < 0 or (work and before and work != before):
            series = self._works.get((place, case, work), len(self.known))
        if series == len(self.known):
            self.known.append((place, case))
        work = work or before
        self._latest[place, case] = work, series
        self._works[place, case, work] = series
        return series

    def _build(self, interpreter: tuple[str, tuple[str, ...]] | None) -> int:
        if interpreter is None:
            return UNKNOWN_BUILD
        return self._builds.setdefault(interpreter[1], len(self._builds))


def _build(environment: Environment) -> tuple[str, ...]:
    return environment.version, environment.build, environment.compiler


def _words(environment: Environment) -> str:
    feature = ".".join(environment.version.split(".")[:FEATURE_PARTS])
    words = [environment.implementation, feature]
    if environment.free_threaded:
        words.append("free-threaded")
        words += ["with GIL"] if environment.gil_enabled else []
    return " ".join(filter(None, [*words, f"({environment.label})"]))
