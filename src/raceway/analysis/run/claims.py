"""Common claims about concurrency, each tested by a run's cases; each may be false here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.further_claims import further_claims
from raceway.analysis.run.tutorial_claims import tutorial_claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.claim import Claim
    from raceway.analysis.run.results import Result
    from raceway.record import Run


def claims_of(run: Run, results: Sequence[Result]) -> list[Claim]:
    """Return the tutorial's claims, and then those that people make beside them."""
    return [*tutorial_claims(run, results), *further_claims(run, results)]


def is_about_kinds(run: Run) -> bool:
    """Whether a run is about kinds of work, as claims are, and not of a user's function alone."""
    return bool({record.workload for record in run.records} - set(run.header.called))
