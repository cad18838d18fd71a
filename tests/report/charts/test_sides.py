"""Interpreters and machines side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import msgspec
import pytest

from raceway.report.charts.gallery import figures_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run
    from raceway.report.charts.figure import Figure


def rows_of(figure: Figure) -> list[dict[str, Any]]:
    return figure.spec()["datasets"]["rows"]


def test_interpreters_of_a_run_stand_side_by_side(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    raced = [
        record("serial", [factor * each for each in steady], interpreter=label)
        for label, factor in (("3.13", 2.0), ("3.14", 1.0))
    ]
    figures = {figure.name: figure for figure in figures_of(run(raced))}
    (row,) = rows_of(figures["interpreters-3.14"])

    assert row["ratio"] == pytest.approx(2.0)


def test_machines_stand_side_by_side_in_figures_without_a_unit(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    raced = [record("serial", steady), record("pool", [each / 2 for each in steady], workers=2)]
    here = run(raced)
    machine = msgspec.structs.replace(here.header.machine, id="elsewhere")
    there = run([*raced, record("asyncio", steady)], machine=machine)
    figures = {figure.name: figure for figure in figures_of(here, [there])}

    (row,) = rows_of(figures["machines-speedup-elsewhere"])
    assert (row["model"], row["here"], row["there"]) == ("pool", pytest.approx(2), pytest.approx(2))
    assert "machines-share-of-limit-elsewhere" in figures


def test_machines_stand_side_by_side_in_the_sizes_from_which_models_pay(
    field_run: Callable[..., Run],
) -> None:
    here = field_run()
    machine = msgspec.structs.replace(here.header.machine, id="elsewhere")
    there = msgspec.structs.replace(
        here, header=msgspec.structs.replace(here.header, machine=machine)
    )
    figures = {figure.name: figure for figure in figures_of(here, [there])}
    rows = rows_of(figures["machines-crossover-time"])

    assert {row["machine"] for row in rows} == {here.header.machine.id, "elsewhere"}
    assert all(row["crossover_at"] > 0 for row in rows)
    assert len({(row["pair"], row["machine"]) for row in rows}) == len(rows)
    for name in ("machines-crossover-time", "machines-speedup-elsewhere"):
        alt.Chart.from_dict(figures[name].spec(), validate=True)


def test_one_machine_is_not_set_beside_itself(figures: dict[str, Figure]) -> None:
    assert not [name for name in figures if name.startswith(("machines", "interpreters"))]
