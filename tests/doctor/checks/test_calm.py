from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.doctor.checks.calm import (
    governor,
    other_work,
    stolen_time,
    turbo,
    virtualisation,
)
from raceway.doctor.facts import Calm
from raceway.doctor.findings import State

if TYPE_CHECKING:
    from support.healthy import MakeMachine


@pytest.mark.parametrize(
    ("calm", "state", "seen"),
    [
        (
            Calm(0.01, 0.002, 0.3),
            State.OK,
            "others used 1.0 % of 2 cores, waited for one 0.20 % of the time, load 0.3",
        ),
        (Calm(0.01), State.OK, "others used 1.0 % of 2 cores"),
        (Calm(None, 0.0), State.OK, "waited for one 0 % of the time"),
        (
            Calm(0.2, 0.0),
            State.WARN,
            "others used 20 % of 2 cores, waited for one 0 % of the time, while raceway was idle",
        ),
        (
            Calm(0.0, 0.4),
            State.BAD,
            "others used 0 % of 2 cores, waited for one 40 % of the time, while raceway was idle",
        ),
        (Calm(load=3.0), State.UNKNOWN, "the system does not tell"),
    ],
)
def test_others_are_judged_by_what_they_do_while_we_do_nothing(
    calm: Calm, state: State, seen: str
) -> None:
    finding = other_work(calm, 2)

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("share", "state", "seen"),
    [
        (0.0, State.OK, "0 % of a core"),
        (0.03, State.WARN, "3.0 % of a core went to other guests"),
        (0.3, State.BAD, "30 % of a core went to other guests"),
        (None, State.UNKNOWN, "the system does not tell"),
    ],
)
def test_stolen_time_is_told(share: float | None, state: State, seen: str) -> None:
    finding = stolen_time(Calm(steal_share=share))

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("around", "seen"),
    [
        ("", "no hypervisor and no container seen"),
        ("docker", "docker: its limits are checked here"),
        ("kvm, docker", "kvm, docker: other guests may come and go"),
    ],
)
def test_what_is_around_us_is_named_and_judged_by_measuring(
    machine: MakeMachine, around: str, seen: str
) -> None:
    finding = virtualisation(machine(virtualisation=around))

    assert (finding.state, finding.seen) == (State.OK, seen)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("performance", State.OK),
        ("userspace", State.OK),
        ("powersave", State.WARN),
        ("", State.UNKNOWN),
    ],
)
def test_a_governor_that_follows_the_load_is_told(
    machine: MakeMachine, name: str, state: State
) -> None:
    assert governor(machine(governor=name)).state is state


@pytest.mark.parametrize(
    ("is_on", "state"), [(False, State.OK), (True, State.WARN), (None, State.UNKNOWN)]
)
def test_turbo_is_told(machine: MakeMachine, is_on: Any, state: State) -> None:
    assert turbo(machine(turbo=is_on)).state is state
