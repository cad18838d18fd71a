"""Which model multiplies matrices fastest, and on which device."""

import pytest


@pytest.mark.raceway(kind="tensor")
def test_tensor(race, case, benchmark):
    race.replay(case, benchmark)
