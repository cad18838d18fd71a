"""Refuses xdist, under which tests would compete for the cores and nothing would be saved.

Only xdist's workers collect tests, and only its controller can end the session with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raceway.plugin.state import STATE

if TYPE_CHECKING:
    import pytest

REFUSED = "raceway_refused"
"""What a worker tells its controller."""
REASON = (
    "raceway cannot measure under xdist (-n): tests would compete for the cores."
    " Nothing was run; run pytest without -n."
)


def refuse_in_worker(session: pytest.Session) -> None:
    """In a worker of xdist, drop all tests and tell the controller."""
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[REFUSED] = True
        session.items.clear()


def hear_worker(node: Any) -> None:
    """Note that a worker refused, once."""
    state = node.config.stash[STATE]
    if getattr(node, "workeroutput", {}).get(REFUSED) and not state.refused:
        state.refused = True
        state.notes.append(REASON)
