"""How long and how often to measure: three profiles, from a smoke test to a full race."""

from __future__ import annotations

from dataclasses import dataclass

CHANCE = 0.05
"""Chance of a false interval in any of a case's looks."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How long and how often to measure."""

    name: str
    looks: tuple[int, ...]
    """The launches after which to look for open questions; the last look ends all groups."""
    budget_s: float
    """Wall-clock seconds of the whole session, from its start to its exit."""
    longest_round_s: float
    """Cases that must wait longer are computed (serial) or skipped."""
    fresh_imports: bool
    """Whether models with fresh workers race work whose packages are slow to import."""
    precision: float
    """A group is done when its medians' intervals have this half-width, over the median."""
    most_cpu_flops: float
    """Tensor cases that need more operations per round are left to the GPU."""
    fewest_turns: int
    most_rounds: int
    """Most rounds of a case in one launch; all are saved, so this keeps files small."""
    most_group_s: float
    """Most timed seconds of a group in one launch, whatever is left of the budget."""

    @property
    def launches(self) -> int:
        """The most launches of a group."""
        return self.looks[-1]

    def confidence_at(self, launches: int) -> float:
        """Return the confidence of intervals after so many launches; all looks together keep 95 %.

        Each look spends half of the chance that is left, the last look all of it (alpha spending,
        Lan and DeMets, Biometrika 70, 1983): most groups are answered at the first, and few runs
        have time for the last. Between two looks, that of the next one holds.
        """
        passed = sum(look < launches for look in self.looks[:-1])
        left = CHANCE * 0.5**passed
        return 1 - (left if passed == len(self.looks) - 1 else left / 2)


SMOKE = Profile(
    name="smoke", looks=(2,), budget_s=45.0, longest_round_s=0.1, fresh_imports=False,
    most_cpu_flops=1e10, precision=0.02, fewest_turns=2, most_rounds=30, most_group_s=0.3,
)  # fmt: skip
DEFAULT = Profile(
    name="default", looks=(3, 5, 8, 12), budget_s=240.0, longest_round_s=0.5, fresh_imports=False,
    most_cpu_flops=5e10, precision=0.005, fewest_turns=2, most_rounds=50, most_group_s=2.0,
)  # fmt: skip
FULL = Profile(
    name="full", looks=(8, 12, 16), budget_s=2_400.0, longest_round_s=60.0, fresh_imports=True,
    most_cpu_flops=2e11, precision=0.002, fewest_turns=5, most_rounds=200, most_group_s=10.0,
)  # fmt: skip
PROFILES = {profile.name: profile for profile in (SMOKE, DEFAULT, FULL)}
