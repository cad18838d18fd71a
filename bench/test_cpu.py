"""Which model computes fastest? Bytecode, and C that holds the GIL."""

import pytest


@pytest.mark.cases(kind="cpu")
def test_cpu(race, case, benchmark):
    race.replay(case, benchmark)
