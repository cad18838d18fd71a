from __future__ import annotations

import pytest

from raceway.doctor.checks.cores import (
    cpu_quota,
    hyper_threads,
    parallel_capacity,
    usable_cores,
)
from raceway.doctor.facts import Cores, Quota
from raceway.doctor.findings import State

FOUR = Cores(4, 4, 4, 4)


@pytest.mark.parametrize(
    ("cores", "state", "seen"),
    [
        (Cores(4, 4, 4), State.OK, "all 4"),
        (Cores(4, 2, 2), State.WARN, "2 of 4 cores, by affinity"),
        (Cores(4, 4, 2), State.WARN, "2 of 4 cores, by the CPU quota"),
        (Cores(4, 1, 1), State.BAD, "1 of 4 cores"),
        (Cores(1, 1, 1), State.BAD, "1 of 1 core"),
    ],
)
def test_cores_are_counted_against_those_programs_see(
    cores: Cores, state: State, seen: str
) -> None:
    finding = usable_cores(cores)

    assert (finding.state, finding.seen) == (state, seen)


def capacities(*measured: float, usable: int = 2, physical: int | None = 2) -> Cores:
    return Cores(usable, usable, usable, physical, measured)


@pytest.mark.parametrize(
    ("cores", "state", "seen"),
    [
        (capacities(1.9, 1.95, 1.98), State.OK, "1.95 of 2 cores ran at once (1.90 to 1.98 in 3 "),
        (capacities(1.5, 1.6, 1.7), State.WARN, "1.60 of 2 cores"),
        (capacities(0.9, 1.0, 1.1), State.BAD, "1.00 of 2 cores"),
        (capacities(2.04, 2.02, 2.0), State.OK, "2.00 of 2 cores ran at once (2.00 to 2.00"),
        (capacities(3, 1.9, 1.9), State.OK, "1.90 of 2 cores ran at once (1.90 to 1.90 in 2 of 3 "),
        (capacities(1.0, usable=1), State.OK, "1.00 of 1 core ran"),
        (capacities(2.5, usable=4, physical=2), State.OK, "2.50 of 4 cores"),
        (capacities(2.5, usable=4, physical=None), State.BAD, "2.50 of 4 cores"),
    ],
)
def test_capacity_is_the_median_of_all_sound_tries_against_physical_cores(
    cores: Cores, state: State, seen: str
) -> None:
    finding = parallel_capacity(cores)

    assert finding.state is state
    assert finding.seen.startswith(seen)


@pytest.mark.parametrize(
    ("cores", "seen"),
    [
        (capacities(2.5, 3.0, 1.9), "disturbed in 2 of 3 tries"),
        (capacities(0.0, 0.0), "disturbed in 2 of 2 tries"),
        (capacities(), "disturbed in 0 of 0 tries"),
    ],
)
def test_a_capacity_above_all_cores_is_not_told_as_one(cores: Cores, seen: str) -> None:
    finding = parallel_capacity(cores)

    assert finding.state is State.UNKNOWN
    assert finding.seen == f"could not be measured: even one worker alone was {seen}"
    assert finding.remedy


@pytest.mark.parametrize(
    ("cores", "state", "seen"),
    [
        (FOUR, State.OK, "none known: 4 physical cores"),
        (Cores(8, 8, 2, 4), State.OK, "none known: 4 physical cores"),
        (Cores(4, 4, 4, 2), State.WARN, "4 usable cores are hyper-threads of 2 physical cores"),
        (Cores(4, 4, 4, None), State.UNKNOWN, "the system does not tell"),
    ],
)
def test_hyper_threads_matter_where_workers_would_share_a_core(
    cores: Cores, state: State, seen: str
) -> None:
    finding = hyper_threads(cores)

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("quota", "state", "seen"),
    [
        (Quota(), State.OK, "none"),
        (Quota(8.0), State.OK, "8 cores"),
        (Quota(2.0), State.OK, "2 cores"),
        (Quota(2.0, 1_000, 5), State.OK, "2 cores"),
        (Quota(2.0, 1_000, 500), State.WARN, "2 cores; it stopped us in 50 % of all periods"),
        (Quota(2.5), State.WARN, "2.5 cores, not a whole number"),
        (
            Quota(2.0, 0, 0, 40, 1),
            State.WARN,
            "2 cores; it stopped us in 1 of 40 periods just now",
        ),
        (Quota(2.0, 0, 0, 40, 20), State.BAD, "2 cores; it stopped us in 20 of 40 periods "),
        (Quota(None, 0, 0, 0, 3), State.BAD, "none; it stopped us in 3 of 3 periods just now"),
    ],
)
def test_a_quota_matters_where_it_stops_us(quota: Quota, state: State, seen: str) -> None:
    finding = cpu_quota(quota, FOUR)

    assert finding.state is state
    assert finding.seen.startswith(seen)


@pytest.mark.parametrize(
    ("quota", "usable", "remedy"),
    [
        (Quota(3.5), 3, "limits.cpu), or race with at most 3 workers."),
        (Quota(3.0, 0, 0, 9, 1), 3, "limits.cpu), or race with at most 2 workers."),
        (Quota(1.5), 1, "limits.cpu)."),
    ],
)
def test_the_remedy_of_a_quota_leaves_room_for_two_workers(
    quota: Quota, usable: int, remedy: str
) -> None:
    assert cpu_quota(quota, Cores(4, 4, usable)).remedy.endswith(remedy)
