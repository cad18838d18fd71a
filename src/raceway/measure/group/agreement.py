"""Whether both sides of a duel give the same answers; if not, one is wrong, not faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import Any

    from raceway.measure.group.contender import Contender

    Ask = Callable[..., Awaitable[dict[str, Any]]]


async def disagreeing(contenders: Sequence[Contender], ask: Ask) -> dict[str, list[Contender]]:
    """Return the contenders whose answers differ from the first side's, by the difference.

    One lane represents all of its interpreter, since they found their answers in the same way.
    """
    found: dict[str, list[Contender]] = {}
    for device in dict.fromkeys(each.case.device for each in contenders):
        here = [each for each in contenders if each.case.device == device]
        first, *others = dict.fromkeys(each.case.interpreter for each in here)
        judge = _first_of(here, first)
        for label in others:
            answers = (await ask(_first_of(here, label), "answers"))["answers"]
            reply = await ask(judge, "compare", answers=answers) if answers else {}
            if how := reply.get("difference"):
                mine = [each for each in here if each.case.interpreter == label]
                found[f"other answers than {first}: {how}"] = mine
    return found


def _first_of(contenders: Sequence[Contender], label: str) -> Contender:
    return next(each for each in contenders if each.case.interpreter == label)
