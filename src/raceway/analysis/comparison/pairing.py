"""Pairs the cases of two sides, and chooses their normalisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.analysis.comparison.host import COMPUTES, PARALLEL_CORES, Hosts, hosts_of
from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.normalisation import (
    ANCHORS,
    FEWEST,
    Normalisation,
    chosen,
    spread_of,
)
from raceway.analysis.comparison.references import add_anchors, add_serial
from raceway.analysis.comparison.samples import Sample
from raceway.analysis.comparison.sessions import prior_spread, spread_seen
from raceway.analysis.comparison.verdicts import Matchup
from raceway.analysis.comparison.without_launches import judged_by_earlier_runs, no_ratio
from raceway.analysis.stats.intervals import centre_of
from raceway.analysis.stats.shrinkage import prior_of
from raceway.case import CURRENT, Kind
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.sessions import PastLevels, SessionSpread
    from raceway.analysis.stats.shrinkage import Prior
    from raceway.record import Record

ModelClass = tuple[str, str]
"""Kind of work and model."""
DRIFT = log(1.10)
"""How far a machine may drift between runs, without an anchor: 5 to 10 % within minutes.

Other neighbours in its group may shift a case as far, if it uses several cores or was alone.
"""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The cases of two sides, by name."""

    a: Side
    b: Side
    of_a: Mapping[str, Sample]
    of_b: Mapping[str, Sample]
    hosts: Hosts
    past: PastLevels
    spreads: dict[tuple[str, bool, Normalisation], SessionSpread | None] = field(
        default_factory=dict
    )
    """Those of sessions that were asked for, since all cases of a sort share one."""

    @classmethod
    def of(cls, a: Side, b: Side, past: PastLevels | None = None) -> Pairing:
        """Pair what the two sides measured."""
        together = side_by_side(a, b)
        samples = (a.samples(noisy=together), b.samples(noisy=together))
        anchored = [{name for name, each in found.items() if each.anchors} for found in samples]
        shared = set.intersection(*anchored)
        for found in samples:
            add_serial(found)
            add_anchors(found, shared)
        apart = a.machine.id == b.machine.id and not together
        return cls(a, b, *samples, hosts_of(a, b) if apart else Hosts(), past or {})

    def matchups(self) -> list[Matchup]:
        """Return each case measured on either side, with its normalisation."""
        names = [
            name
            for name in {**self.of_b, **self.of_a}
            if any(name in found and found[name].raced for found in (self.of_a, self.of_b))
        ]
        pairs = [(self._sample(name, self.of_a), self._sample(name, self.of_b)) for name in names]
        classes: dict[ModelClass, list[tuple[Sample, Sample]]] = {}
        for pair in pairs:
            classes.setdefault(_class_of(pair[1]), []).append(pair)
        normalisations = {
            model_class: self._normalisation(members) for model_class, members in classes.items()
        }
        prior = {
            model_class: self._prior(model_class, normalisation)
            for model_class, normalisation in normalisations.items()
        }
        matchups = [
            self._matchup(*pair, normalisations[model_class], prior[model_class])
            for pair in pairs
            for model_class in (_class_of(pair[1]),)
        ]
        if side_by_side(self.a, self.b):
            return matchups
        return judged_by_earlier_runs(matchups, self.past.get(Normalisation.RAW, {}))

    def _sample(self, name: str, found: Mapping[str, Sample]) -> Sample:
        other = self.of_b if found is self.of_a else self.of_a
        return found.get(name) or Sample(name, _unmeasured(other[name].record))

    def _prior(self, model_class: ModelClass, normalisation: Normalisation) -> Prior | None:
        """Return how far launches of a class scatter, over both sides, compared or not."""
        samples = [*self.of_a.values(), *self.of_b.values()]
        logs = [
            each.logs[normalisation]
            for each in samples
            if _class_of(each) == model_class and normalisation in each.logs
        ]
        centres = (centre_of(list(each.values())) for each in logs if len(each) >= FEWEST)
        return prior_of([centre for centre in centres if centre])

    def _sessions(self, sample: Sample, normalisation: Normalisation) -> SessionSpread | None:
        """Return how far sessions of such work lie apart; None if both sides ran together."""
        if side_by_side(self.a, self.b):
            return None
        key = (sample.record.kind, _on_cores(sample), normalisation)
        if key not in self.spreads:
            self.spreads[key] = self._session_spread(*key)
        return self.spreads[key]

    def _session_spread(
        self,
        kind: str,
        on_cores: bool,  # noqa: FBT001 (part of a key)
        normalisation: Normalisation,
    ) -> SessionSpread | None:
        """Return how far sessions of such work lie apart.

        Raw times of computing drift with the machine, so only like runs show their spread.
        """
        alike = [
            each
            for each in self.of_b.values()
            if (each.record.kind, _on_cores(each)) == (kind, on_cores)
        ]
        known = self.past.get(normalisation, {})
        centres = [centre_of(list(each.logs.get(normalisation, {}).values())) for each in alike]
        errors = [centre.error**2 for centre in centres if centre]
        prior = prior_spread(kind, on_cores=on_cores)
        drifts = normalisation is Normalisation.RAW and kind != Kind.IO
        seen = spread_seen(
            [known[each.name] for each in alike if each.name in known],
            median(errors) if errors else 0.0,
            None if drifts else prior,
        )
        return seen or prior

    def _normalisation(self, pairs: Sequence[tuple[Sample, Sample]]) -> Normalisation:
        """Return the normalisation of the cases of one class."""
        if self.a.machine.id != self.b.machine.id:
            return Normalisation.SERIAL
        if side_by_side(self.a, self.b) or self.hosts.differ:
            return Normalisation.RAW
        whole = [pair for pair in pairs if all(sample.launches for sample in pair)]
        spreads = {
            normalisation: spread
            for normalisation in (Normalisation.RAW, *ANCHORS)
            if (spread := self._spread(whole, normalisation)) is not None
        }
        return chosen(spreads)

    def _spread(
        self, pairs: Sequence[tuple[Sample, Sample]], normalisation: Normalisation
    ) -> float | None:
        """Return how far launches scatter in a normalisation; None if not all cases have it."""
        samples = [sample for pair in pairs for sample in pair]
        there = all(
            each.logs[Normalisation.RAW].keys() == each.logs.get(normalisation, {}).keys()
            for each in samples
        )
        if not there or not all(self._comparable(pair, normalisation) for pair in pairs):
            return None
        return spread_of([each.logs[normalisation] for each in samples])

    def _comparable(self, pair: tuple[Sample, Sample], normalisation: Normalisation) -> bool:
        """Whether the anchor applies to the case, and the same interpreter ran it on both sides."""
        if normalisation is Normalisation.RAW:
            return True
        if not self._serves(pair, normalisation):
            return False
        labels = [each.record.interpreter for each in pair]
        if normalisation is Normalisation.PARALLEL:
            if min(each.cores_used or 0.0 for each in pair) < PARALLEL_CORES:
                return False
            labels = [CURRENT, CURRENT]  # it is the controller's
        return same_interpreter(self.a.environment(labels[0]), self.b.environment(labels[1]))

    def _serves(self, pair: tuple[Sample, Sample], loop: Normalisation) -> bool:
        """Whether a reference loop applies to such work: bytecode, near the loop's usual level."""
        bytecode = all(each.record.kind == Kind.CPU for each in pair)
        return self.hosts.serves(loop) and (bytecode or not self.hosts.known)

    def _matchup(
        self, a: Sample, b: Sample, normalisation: Normalisation, prior: Prior | None
    ) -> Matchup:
        lacking = normalisation is Normalisation.SERIAL and not (
            normalisation in a.logs and normalisation in b.logs
        )
        cause = "" if side_by_side(self.a, self.b) else _why_apart(a, b, normalisation)
        sessions = self._sessions(b, normalisation)
        if sessions and sessions.seen and normalisation is Normalisation.RAW:
            cause = ""  # the drift between sessions is known
        doubt = no_ratio(a, b) or self.hosts.doubt(b.record, _busy(a, b))
        doubt = "another machine: only speedups can be compared" if lacking else doubt
        return Matchup(
            a=a,
            b=b,
            normalisation=normalisation,
            prior=prior,
            drift=DRIFT if cause else 0.0,
            drift_cause=cause,
            sessions=sessions,
            runs=(len(self.a.runs), len(self.b.runs)),
            doubt=doubt,
        )


def side_by_side(a: Side, b: Side) -> bool:
    """Whether both sides were measured together, so that drift hits both alike."""
    together_a, together_b = (
        {run.header.duel or run.header.run_id for run in side.runs} for side in (a, b)
    )
    return together_a == together_b


def _why_apart(a: Sample, b: Sample, normalisation: Normalisation) -> str:
    """Return what may have shifted one side of a case against the other; empty if nothing.

    In the median, a pool beside six other lanes takes 1 to 4 % longer than beside three. A single
    thread takes 1 % longer beside another lane than alone; more neighbours do not matter.
    """
    busy = _busy(a, b)
    waits = b.record.kind == Kind.IO and busy < COMPUTES
    if waits or normalisation is Normalisation.SERIAL:
        return ""
    if normalisation is Normalisation.RAW:
        return f"a machine may drift by {exp(DRIFT) - 1:.0%} between runs"
    alone = 1 in {len(a.neighbours), len(b.neighbours)}
    parallel = busy >= PARALLEL_CORES
    if a.neighbours != b.neighbours and (alone or parallel):
        return f"raced beside other models, which may shift it by {exp(DRIFT) - 1:.0%}"
    return ""


def _busy(a: Sample, b: Sample) -> float:
    """Return the cores that a case keeps busy, on the side where it is more."""
    return max(a.cores_used or 0.0, b.cores_used or 0.0)


def _on_cores(sample: Sample) -> bool:
    """Whether a case keeps several cores busy."""
    return (sample.cores_used or 0.0) >= PARALLEL_CORES


def _class_of(sample: Sample) -> ModelClass:
    return (sample.record.kind, sample.record.model)


def _unmeasured(record: Record) -> Record:
    """Return the record of a case for the side that lacks it."""
    return replace(record, status=Status.SKIPPED, reason="", launches=[], computed_s=None)
