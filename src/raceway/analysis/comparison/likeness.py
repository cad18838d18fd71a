"""How alike two sides are: whether their anchors compare, and what else differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.differences import Difference, differences

if TYPE_CHECKING:
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Environment

BYTECODE_FACTS = ("implementation", "version", "compiler", "free_threaded", "gil_enabled")
"""The facts that affect how fast an interpreter runs bytecode."""


def same_interpreter(a: Environment | None, b: Environment | None) -> bool:
    """Whether both are known and run bytecode alike, so that their anchors compare."""
    if a is None or b is None:
        return False
    return all(getattr(a, fact) == getattr(b, fact) for fact in BYTECODE_FACTS)


def differences_of(a: Side, b: Side) -> list[Difference]:
    """Return what differs between the newest runs of two sides, most important first."""
    one, other = a.runs[-1].header, b.runs[-1].header
    named = {
        "machine": (one.machine.id, other.machine.id),
        "commit": (one.commit.short, other.commit.short),
    }
    if one.duel and other.duel:
        commands = [
            each.command if each else "" for each in (a.main_environment, b.main_environment)
        ]
        named["command"] = (commands[0], commands[1])
    return [
        *(Difference(what, *pair) for what, pair in named.items() if pair[0] != pair[1]),
        *differences(one, other, (a.main_environment, b.main_environment)),
    ]
