"""How long and how often to measure: three profiles, from a smoke test to the full treatment."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Profile:
    """How long and how often to measure."""

    name: str
    launches: int
    budget_s: float
    """What the timed rounds of the whole race may take together."""
    longest_round_s: float
    """Waiting cases that must take longer are computed (serial) or skipped."""
    fresh_imports: bool
    """Whether models with fresh workers race work whose packages take long to import."""
    precision: float
    """Half-width of the interval of the median, over the median, at which a group is done."""
    most_cpu_flops: float
    """Tensor cases that need more operations a round are left to the GPU."""
    fewest_turns: int
    most_rounds: int
    """Rounds a case and launch at most: what is measured is saved, so it must stay small."""
    most_group_s: float = inf
    """Timed seconds of one group in one launch at most, however much of the budget is left."""


SMOKE = Profile(
    name="smoke", launches=1, budget_s=7.0, longest_round_s=0.1, fresh_imports=False,
    most_cpu_flops=1e10, precision=0.02, fewest_turns=2, most_rounds=30,
)  # fmt: skip
DEFAULT = Profile(
    name="default", launches=5, budget_s=75.0, longest_round_s=0.5, fresh_imports=False,
    most_cpu_flops=5e10, precision=0.005, fewest_turns=2, most_rounds=50,
)  # fmt: skip
FULL = Profile(
    name="full", launches=8, budget_s=1_200.0, longest_round_s=60.0, fresh_imports=True,
    most_cpu_flops=2e11, precision=0.002, fewest_turns=5, most_rounds=200,
)  # fmt: skip
PROFILES = {profile.name: profile for profile in (SMOKE, DEFAULT, FULL)}
