"""Many runs as series: one case on one machine and interpreter, over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import exp, inf, log
from statistics import median
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.analysis.basis import Basis, logs_of
from raceway.analysis.conditions import conditions_of
from raceway.analysis.results import heat_of
from raceway.analysis.timing import MEASURED
from raceway.record import Commit, Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from raceway.record import Environment, Header, HeatResult, Record, Run

Wanted = Callable[[str], bool]
FEWEST_FOR_ANCHOR = 10
"""Points from which on it shows whether an anchor takes noise away."""
ADVANTAGE = 0.8
"""How far an anchor must lower the noise to be used, as a share of the raw noise."""
FEATURE_PARTS = 2
"""Parts of a version that name a feature release, such as 3.13."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What must be alike for absolute times to be compared: machine and interpreter."""

    machine: str
    interpreter: str
    """Label, implementation, feature version, and what is unusual about its build.

    Patch releases and libraries are left out: they are changes to be named.
    """


@dataclass(frozen=True, slots=True)
class Point:
    """One case in one run."""

    path: Path
    header: Header
    environment: Environment | None
    pass_s: float
    """Median seconds of a pass over all tasks."""
    relative: Mapping[Basis, float]
    """The pass over its anchors, by the kind of anchor."""
    grade: Grade

    @property
    def commit(self) -> Commit:
        """The code that was measured."""
        return self.header.commit

    @property
    def is_noisy(self) -> bool:
        """Whether it is shown, and kept out of verdicts."""
        return self.grade is Grade.NOISY

    def value(self, basis: Basis) -> float | None:
        """Return the pass in that basis; None where it has no such anchor."""
        return self.pass_s if basis is Basis.RAW else self.relative.get(basis)


@dataclass(frozen=True, slots=True)
class Series:
    """One case in one place, oldest run first."""

    place: Place
    case: str
    points: tuple[Point, ...]
    basis: Basis

    @property
    def judged(self) -> list[Point]:
        """The points in which changes are looked for: all that are not noisy."""
        return [point for point in self.points if not point.is_noisy]

    def values(self) -> list[float]:
        """Return the judged values in the series' basis: seconds, or passes over anchors."""
        return _values(self.judged, self.basis)


def series_of(runs: Iterable[tuple[Path, Run]], wanted: Wanted = lambda _: True) -> list[Series]:
    """Return the series of all cases that are wanted and have a time, by place and case.

    Of a run that was resumed only what it became counts, and of copies only one.
    """
    found: dict[tuple[Place, str], list[Point]] = {}
    for digest in _in_order(_digest(path, run, wanted) for path, run in runs):
        for place, case, point in digest.points:
            found.setdefault((place, case), []).append(point)
    return [
        Series(place, case, tuple(points), basis_of(points))
        for (place, case), points in sorted(found.items(), key=lambda entry: entry[0][0])
    ]


def moment(iso: str) -> datetime:
    """Return a time, UTC where it names no zone; what is no time is before all others."""
    try:
        time = datetime.fromisoformat(iso)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def basis_of(points: Sequence[Point]) -> Basis:
    """Return the basis with the least noise from one run to the next.

    An anchor must be clearly better than raw seconds, and is itself a piece of Python: where the
    interpreter changed, it would hide what that did.
    """
    judged = [point for point in points if not point.is_noisy]
    builds = {
        (each.version, each.build, each.compiler)
        for each in (p.environment for p in judged)
        if each
    }
    if len(judged) < FEWEST_FOR_ANCHOR or len(builds) > 1:
        return Basis.RAW
    shared = set.intersection(*(set(point.relative) for point in judged))
    noises = {basis: noise_of(_values(judged, basis)) for basis in sorted(shared)}
    limit = ADVANTAGE * noise_of(_values(judged, Basis.RAW))
    best = min(noises, key=noises.__getitem__, default=Basis.RAW)
    return best if noises.get(best, inf) < limit else Basis.RAW


def noise_of(values: Sequence[float]) -> float:
    """Return the median ratio between neighbours, as a logarithm: steps hardly move it."""
    logs = list(map(log, values))
    return median(abs(after - before) for before, after in pairwise(logs))


def _values(points: Sequence[Point], basis: Basis) -> list[float]:
    return [point.pass_s if basis is Basis.RAW else point.relative[basis] for point in points]


@dataclass(frozen=True, slots=True)
class _Digest:
    """What a history keeps of a run, so that many need little memory."""

    path: Path
    header: Header
    """Without what was planned."""
    points: list[tuple[Place, str, Point]]
    """With each, the case id."""


def _digest(path: Path, run: Run, wanted: Wanted) -> _Digest:
    header = replace(run.header, planned=[])
    grades = {heat: each.grade for heat, each in conditions_of(run).items()}
    environments = {each.label: each for each in header.environments}
    heats = {(heat.heat, heat.launch): heat for heat in run.heats}
    points = []
    for record in run.records:
        measured = _measured(record, heats) if wanted(record.id) else None
        if measured:
            environment = environments.get(record.interpreter)
            grade = grades.get(heat_of(record), Grade.UNKNOWN)
            point = Point(path, header, environment, *measured, grade)
            place = Place(header.machine.id, _interpreter(record, environment))
            points.append((place, record.id, point))
    return _Digest(path, header, points)


def _in_order(digests: Iterable[_Digest]) -> list[_Digest]:
    """Return the runs that count, oldest first."""
    each = {
        (one.header.machine.id, one.header.run_id, one.header.started_at): one
        for one in sorted(digests, key=lambda one: str(one.path), reverse=True)
    }
    replaced = {one.header.resumed_from for one in each.values()}
    kept = [one for one in each.values() if one.header.run_id not in replaced]
    return sorted(kept, key=lambda one: (moment(one.header.started_at), str(one.path)))


def _measured(
    record: Record, heats: Mapping[tuple[str, int], HeatResult]
) -> tuple[float, dict[Basis, float]] | None:
    """Return the seconds of a pass, and the pass over its anchors.

    None without a measured time: what follows from waits has no history.
    """
    if record.status not in MEASURED:
        return None
    heat = heat_of(record)
    logs = [logs_of(launch, heats.get((heat, launch.index))) for launch in record.launches]
    known = [each for each in logs if each]
    if not known:
        return None
    shared = set.intersection(*map(set, known))
    passes = {basis: exp(median(each[basis] for each in known)) for basis in shared}
    return passes.pop(Basis.RAW), passes


def _interpreter(record: Record, environment: Environment | None) -> str:
    if environment is None:
        return record.interpreter
    feature = ".".join(environment.version.split(".")[:FEATURE_PARTS])
    words = [environment.implementation, feature]
    if environment.free_threaded:
        words.append("free-threaded")
        words += ["with GIL"] if environment.gil_enabled else []
    return " ".join(filter(None, [*words, f"({record.interpreter})"]))
