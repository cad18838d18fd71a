"""A lane in this very process, and odd models and workloads for it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

from raceway.measure.lane.server import LaneServer

Put: TypeAlias = Callable[..., None]

USUAL: dict[str, dict[str, Any]] = {
    "prepare": {"workload": "odd-work", "size": "few", "device": "cpu"},
    "open": {"model": "serial", "workers": 1, "reference": False, "audit": False},
    "warm": {"round_s": 0.002, "warm_s": 0.03},
    "go": {"rounds": 1, "anchored": False},
    "latency": {"model": "serial", "workers": 1, "times": 4, "kept": 200, "most_s": 60.0},
}
"""What commands say unless a test says otherwise."""


class SpokenLane(LaneServer):
    """A lane to which commands are given as the controller gives them."""

    def told(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Give a command, which must not fail, and return the reply."""
        reply = self.answer({"do": do, **USUAL.get(do, {}), **arguments})
        assert "error" not in reply, reply
        return reply

    def error(self, do: str, **arguments: Any) -> str:
        """Give a command, and return how it fails."""
        return str(self.answer({"do": do, **USUAL.get(do, {}), **arguments})["error"])


def module_of(name: str, **content: Any) -> ModuleType:
    """Return a module of this name and content."""
    module = ModuleType(name)
    module.__dict__.update(content)
    return module
