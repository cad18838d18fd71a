"""Which model waits best, with how many workers."""

import pytest


@pytest.mark.cases(kind="io")
def test_io(race, case, benchmark):
    race.replay(case, benchmark)
