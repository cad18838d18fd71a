"""What a run keeps of a target, so that the report can write the lines that call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.plan.target.binding import Named, Sourced
from raceway.plan.target.plainness import is_plain
from raceway.record import Called

if TYPE_CHECKING:
    from raceway.plan.target.binding import Binding
    from raceway.plan.target.target import Target


def called_of(target: Target) -> Called | None:
    """Return how a target is called; None if a few lines could not say it."""
    bound = (target.function, target.coroutine, target.setup)
    names = [_name_of(each) for each in bound]
    values = (target.arguments, dict(target.kwargs))
    if None in names or not all(map(is_plain, values)):
        return None
    function, coroutine, setup = (name or "" for name in names)
    subject = target.subject
    return Called(
        function=function,
        coroutine=coroutine,
        setup=setup,
        instance=isinstance(subject, Named) and subject.instance,
        direct=subject.by_name,
        arguments=repr(target.arguments),
        kwargs=repr(dict(target.kwargs)),
    )


def _name_of(bound: Binding | None) -> str | None:
    """Return what an import would name, `:name` of a notebook's cell; None if it has no name."""
    match bound:
        case None:
            return ""
        case Named():
            return bound.called
        case Sourced():
            return f":{bound.defined}"
        case _:
            return None
