"""Which model waits best, with how many workers."""

import pytest


@pytest.mark.raceway(kind="io")
def test_io(race, case, benchmark):
    race.replay(case, benchmark)
