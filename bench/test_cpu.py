"""Which model computes fastest? Bytecode, and C that holds the GIL."""

import pytest


@pytest.mark.raceway(kind="cpu")
def test_cpu(race, case, benchmark):
    race.replay(case, benchmark)
