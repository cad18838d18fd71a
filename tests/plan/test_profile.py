from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.plan.profile import CHANCE, PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.plan.profile import Profile

GROWING: dict[str, Callable[[Profile], float]] = {
    "launches": lambda profile: profile.launches,
    "budget": lambda profile: profile.budget_s,
    "rounds": lambda profile: profile.most_rounds,
    "waits": lambda profile: profile.longest_round_s,
    "operations": lambda profile: profile.most_cpu_flops,
    "precision": lambda profile: -profile.precision,
}


@pytest.mark.parametrize("what", GROWING)
def test_each_profile_asks_for_more_than_the_one_before(what: str) -> None:
    values = [GROWING[what](profile) for profile in PROFILES.values()]

    assert values == sorted(set(values))


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_known_by_its_name(name: str) -> None:
    assert PROFILES[name].name == name


@pytest.mark.parametrize("name", PROFILES)
def test_all_looks_together_keep_95_percent(name: str) -> None:
    profile = PROFILES[name]
    chances = [1 - profile.confidence_at(look) for look in profile.looks]

    assert sum(chances) == pytest.approx(CHANCE)
    assert chances == sorted(chances, reverse=True)


def test_between_looks_the_confidence_is_that_of_the_next() -> None:
    profile = PROFILES["default"]

    assert profile.confidence_at(1) == profile.confidence_at(3)
    assert profile.confidence_at(4) == profile.confidence_at(5)
    assert profile.confidence_at(3) == pytest.approx(0.975)


def test_verdicts_can_be_reached_from_the_default_on() -> None:
    assert PROFILES["default"].launches >= 3
