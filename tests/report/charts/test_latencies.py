"""Percentile curves of single tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.gallery import figures_of
from support.waiting import a_waiting_record

if TYPE_CHECKING:
    from raceway.report.charts.figure import Figure
    from support.synthetic import MakeRecord, MakeRun


def latency_figures(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.name.startswith("latency-")]


def test_a_group_whose_tasks_were_timed_has_a_curve_for_each_case(run: MakeRun) -> None:
    raced = [a_waiting_record(model, 0.05, 0.04) for model in ("threads", "asyncio")]
    (figure,) = latency_figures(figures_of(run(raced)))

    assert (figure.name, figure.kind) == ("latency-sleep-100", "io")
    assert [row["runner"] for row in figure.rows] == ["threads", "asyncio"]
    for row in figure.rows:
        assert (row["of"][0], row["of"][-1]) == (1, 1_200)
        assert row["time_s"][-1] == 0.04
        assert row["time_s"] == sorted(row["time_s"])


def test_the_curves_are_valid_vega_lite_on_a_logarithmic_axis_of_time(run: MakeRun) -> None:
    (figure,) = latency_figures(figures_of(run([a_waiting_record("threads", 0.05, 0.04)])))
    spec = figure.spec()

    alt.Chart.from_dict(spec, validate=True)
    assert all(layer["encoding"]["y"]["scale"]["type"] == "log" for layer in spec["layer"])


def test_cases_of_one_model_have_lines_of_their_own(run: MakeRun) -> None:
    raced = [
        a_waiting_record("threads", 0.4 / workers, 0.04, workers=workers) for workers in (8, 32)
    ]
    (figure,) = latency_figures(figures_of(run(raced)))

    assert [row["runner"] for row in figure.rows] == ["threads w8", "threads w32"]
    assert figure.spec()["layer"][0]["encoding"]["strokeDash"]["field"] == "workers"


def test_times_of_nothing_have_a_place_on_the_axis(run: MakeRun) -> None:
    (figure,) = latency_figures(figures_of(run([a_waiting_record("threads", 0.05, 0.0)])))

    assert min(figure.rows[0]["time_s"]) > 0


def test_a_run_whose_tasks_were_not_timed_has_no_such_chart(
    run: MakeRun, record: MakeRecord
) -> None:
    raced = [record("serial", [1.0], kind="io"), record("threads", [0.5])]

    assert latency_figures(figures_of(run(raced))) == []
