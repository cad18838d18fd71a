"""Which cases a test gets, and which of them are skipped, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.case import Kind
from raceway.errors import RacewayError, SelectionError
from raceway.plugin.neighbours import name_of
from raceway.plugin.replay import CLOCK
from raceway.plugin.state import MARKER, STATE, cuda_is_required

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.plan.selection import Entrant


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test marked `raceway` with its cases or the chosen devices."""
    marker = metafunc.definition.get_closest_marker(MARKER)
    if marker is None:
        return
    state = metafunc.config.stash[STATE]
    try:
        if "case" in metafunc.fixturenames:
            entrants = state.entrants(*wanted_by(marker))
            params = [pytest.param(one.case.id, marks=marks_of(one)) for one in entrants]
            metafunc.parametrize(
                "case", params, indirect=True, ids=[one.case.id for one in entrants]
            )
        if "device" in metafunc.fixturenames:
            metafunc.parametrize("device", state.devices(), indirect=True)
    except RacewayError as error:
        state.refused = True
        raise pytest.Collector.CollectError(str(error)) from error


def wanted_by(marker: pytest.Mark) -> tuple[Kind | None, Sequence[str] | None]:
    """Return the kind of work and the workloads of a mark; SelectionError if it is malformed."""
    given = dict(marker.kwargs)
    kind, workloads = given.pop("kind", None), given.pop("workloads", None)
    if marker.args or given or kind not in [None, *Kind]:
        asked = [
            *map(repr, marker.args),
            *(f"{key}={marker.kwargs[key]!r}" for key in marker.kwargs),
        ]
        raise SelectionError(
            f"pytest.mark.{MARKER}({', '.join(asked)}): give kind= one of {', '.join(Kind)}, or"
            " workloads= a list of names"
        )
    return kind, workloads


def marks_of(entrant: Entrant) -> list[pytest.MarkDecorator]:
    """Return the marks of a case's test: the replay's clock, or why it is skipped."""
    if entrant.computed_s is not None:
        reason = f"computed, not measured: its waits add up to {entrant.computed_s:.3g} s"
        return [pytest.mark.skip(reason=reason)]
    if entrant.reason and not (entrant.case.device != "cpu" and cuda_is_required()):
        return [pytest.mark.skip(reason=entrant.reason)]
    return [pytest.mark.benchmark(timer=CLOCK, group=entrant.case.group)]


def planned_cases(items: list[pytest.Item]) -> dict[str, str]:
    """Return the case ids of the collected tests, with the tests' node ids."""
    ids = {
        name_of(item): item.callspec.params.get("case")
        for item in items
        if isinstance(item, pytest.Function)
        and item.get_closest_marker(MARKER)
        and hasattr(item, "callspec")
    }
    return {case_id: name for name, case_id in ids.items() if isinstance(case_id, str)}
