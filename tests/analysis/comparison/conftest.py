"""Cases to be judged, and records with anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Sample
from raceway.analysis.comparison.verdicts import Matchup
from support.compared import anchored_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.record import Record
    from support.compared import MakeAnchored

    MakeMatchup = Callable[..., Matchup]


@pytest.fixture
def matchup(record: Callable[..., Record]) -> MakeMatchup:
    """Return a factory of one case whose launches' logarithms on both sides are given."""

    def sample(
        run_id: str, logs: Sequence[float], normalisation: Normalisation, **fields: Any
    ) -> Sample:
        levels = {(run_id, place): each for place, each in enumerate(logs)}
        return Sample("case", record(**fields), {normalisation: levels, Normalisation.RAW: levels})

    def make(
        a: Sequence[float],
        b: Sequence[float],
        normalisation: Normalisation = Normalisation.RAW,
        **fields: Any,
    ) -> Matchup:
        of_b = {name[2:]: fields.pop(name) for name in list(fields) if name.startswith("b_")}
        sides = {"a": sample("A", a, normalisation), "b": sample("B", b, normalisation, **of_b)}
        return Matchup(**{**sides, "normalisation": normalisation, **fields})

    return make


@pytest.fixture(scope="session")
def anchored_record() -> MakeAnchored:
    """Return a factory of a single case with a reference loop beside each round."""
    return anchored_case
