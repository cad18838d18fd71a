from __future__ import annotations

import pytest

from raceway.doctor.checks.libraries import library_threads
from raceway.doctor.facts import Cores
from raceway.doctor.findings import State

FOUR, CUT_TO_TWO = Cores(4, 4, 4), Cores(4, 4, 2)


def test_without_such_libraries_nothing_is_told() -> None:
    assert library_threads((), {"OMP_NUM_THREADS": "64"}, FOUR) is None


@pytest.mark.parametrize(
    ("cores", "settings", "state", "seen"),
    [
        (FOUR, {}, State.OK, "not set: one thread per core in each process"),
        (FOUR, {"OMP_NUM_THREADS": "4,2"}, State.OK, "OMP_NUM_THREADS=4,2"),
        (
            FOUR,
            {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            State.OK,
            "OMP_NUM_THREADS=1, MKL_NUM_THREADS=1",
        ),
        (
            FOUR,
            {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "64"},
            State.WARN,
            "MKL_NUM_THREADS=64: 64 threads per process, for 4 cores",
        ),
        (CUT_TO_TWO, {}, State.WARN, "not set: about 4 threads per process, for 2 cores"),
        (FOUR, {"OMP_NUM_THREADS": "all"}, State.WARN, "OMP_NUM_THREADS=all is not a number of "),
        (
            FOUR,
            {"OMP_NUM_THREADS": "0"},
            State.WARN,
            "OMP_NUM_THREADS=0 is not a number of threads",
        ),
        (FOUR, {"OMP_NUM_THREADS": ""}, State.WARN, "OMP_NUM_THREADS= is not a number of threads"),
        (FOUR, {"OMP_NUM_THREADS": "9" * 5000}, State.WARN, "OMP_NUM_THREADS=999"),
    ],
)
def test_threads_of_libraries_are_judged_against_the_cores(
    cores: Cores, settings: dict[str, str], state: State, seen: str
) -> None:
    finding = library_threads(("torch", "numpy"), settings, cores)

    assert finding
    assert finding.state is state
    assert finding.seen.startswith(seen)
