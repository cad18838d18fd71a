"""The synthetic runs of tests/support as fixtures."""

from support.fixtures import (  # noqa: F401 (fixtures of this room)
    anchored,
    comparison,
    launch,
    record,
    results,
    run,
    side,
    steady,
)
