"""Charts: what is in them, and that each can be drawn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt
import pytest

from raceway.analysis.run.results import results_of
from raceway.errors import StoreError
from raceway.record import Launch, Peak, Status
from raceway.report.charts.curves import curve_figures
from raceway.report.charts.data import decades
from raceway.report.charts.files import file_stem, write_charts
from raceway.report.charts.gallery import charted, distributions_of, figures_of
from raceway.report.charts.palette import colours_of
from raceway.report.charts.rounds import MOST_OF_ONE, row_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Record, Run
    from raceway.report.charts.figure import Figure


def rows_of(figure: Figure) -> list[dict[str, Any]]:
    return figure.spec()["datasets"]["rows"]


def test_memory_is_what_a_model_takes_beyond_serial(
    run: Callable[..., Run], record: Callable[..., Record], launch: Callable[..., Launch]
) -> None:
    raced = [
        record(model, launches=[launch(0, 1.0, peak_memory_bytes=mib * 2**20)], size=size)
        for size, mibs in {"1": (20, 50), "2": (220, 250)}.items()
        for model, mib in zip(("serial", "pool"), mibs, strict=True)
    ]
    figures = {figure.name: figure for figure in figures_of(run(raced))}

    assert [(row["model"], row["value"]) for row in rows_of(figures["memory"])] == [("pool", 30)]


def test_a_run_has_a_chart_for_each_question(figures: dict[str, Figure]) -> None:
    assert {"speedups", "curves-primes", "curves-sleep", "curves-matmul", "starts"} <= (
        figures.keys()
    )


def test_every_chart_is_strict_json(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        json.dumps(figure.spec(), allow_nan=False)


def test_every_chart_is_valid_vega_lite(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        alt.Chart.from_dict(figure.spec(), validate=True)


def test_every_chart_is_described(figures: dict[str, Figure]) -> None:
    assert all(figure.spec()["description"] == figure.described for figure in figures.values())


def test_a_curve_holds_every_case_with_a_time(figures: dict[str, Figure]) -> None:
    assert len(rows_of(figures["curves-primes"])) == 3 * 7


def test_rows_are_held_once(figures: dict[str, Figure]) -> None:
    spec = figures["curves-primes"].spec()

    assert all("values" not in layer.get("data", {}) for layer in spec["layer"])


def test_a_model_has_one_colour_everywhere(figures: dict[str, Figure]) -> None:
    assert "'pool': '" not in str(figures["starts"].spec())
    colour = colours_of(["pool"])["pool"]
    assert colour in str(figures["starts"].spec())
    assert colour in str(figures["curves-primes"].spec())


def test_files_of_charts_have_names_of_their_own_that_every_system_takes() -> None:
    taken: set[str] = set()
    stems = [file_stem(name, taken) for name in ("a/b", "a_b", "A_B", "é" * 300, "é" * 301)]

    assert len({stem.casefold() for stem in stems}) == 5
    assert max(len(stem.encode()) for stem in stems) < 200


def test_what_cannot_be_drawn_is_named_and_the_rest_is_drawn(
    figures: dict[str, Figure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(spec: dict[str, Any]) -> str:
        if spec["title"]["text"] == "Time to start":
            raise ValueError
        return "<svg/>"

    monkeypatch.setattr("vl_convert.vegalite_to_svg", draw)
    problems: list[str] = []
    shown = [figures["starts"], figures["speedups"]]
    files = list(write_charts(shown, tmp_path, problems))

    assert [file.name for file in files] == ["speedups.svg", "speedups.png"]
    assert problems == ["starts: cannot be drawn; shorter names may help"]


def test_several_numbers_of_workers_show_how_it_scales(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    pools = [
        record("pool", [each / count for each in steady], workers=count) for count in (1, 2, 4)
    ]
    names = [figure.name for figure in figures_of(run([record("serial", steady), *pools]))]

    assert "scaling-primes-4000" in names


def test_the_heat_map_shows_the_best_number_of_workers(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    pools = [
        record("pool", [each * factor for each in steady], workers=workers)
        for workers, factor in ((1, 1.0), (2, 0.5), (4, 0.6))
    ]
    figures = {each.name: each for each in figures_of(run([record("serial", steady), *pools]))}
    (row,) = rows_of(figures["speedups"])

    assert (row["entry"], row["speedup"]) == ("pool", pytest.approx(2.0))


def test_several_interpreters_are_lines_of_different_kinds(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    raced = [record("serial", steady, interpreter=label) for label in ("3.13", "3.14")]
    figures = {each.name: each for each in figures_of(run(raced))}

    assert "strokeDash" in str(figures["curves-primes"].spec()["layer"])


def test_a_roofline_is_drawn_once_a_device_by_its_widest_peak(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    case = record("serial", steady, kind="tensor", flops=1e9, moved_bytes=1e7)
    peaks = [
        Peak(device="cpu", interpreter="current", precision="fp32",
             flops_per_s=1e11 * workers, bytes_per_s=1e10, workers=workers)
        for workers in (2, 1)
    ]  # fmt: skip
    figures = [each for each in figures_of(run([case], peaks=peaks)) if "roofline" in each.name]

    assert len(figures) == 1
    assert "200.0" in str(figures[0].spec())


def test_a_roofline_holds_the_cases_of_its_own_precision(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    cases = [
        record("serial", steady, kind="tensor", flops=1e9, moved_bytes=1e7, size=name,
               precision=name)
        for name in ("fp32", "bf16")
    ]  # fmt: skip
    peaks = [
        Peak(
            device="cpu", interpreter="current", precision=name, flops_per_s=1e11, bytes_per_s=1e10
        )
        for name in ("fp32", "bf16")
    ]
    figures = [each for each in figures_of(run(cases, peaks=peaks)) if "roofline" in each.name]

    assert [[row["case"] for row in rows_of(each)] for each in figures] == [
        [case.id] for case in cases
    ]


def tensor_cases(record: Callable[..., Record], steady: list[float]) -> list[Record]:
    """Return three sizes of 1, 8 and 64 Gflop a task, the largest left to the GPU."""
    sizes = {"1": 1.0, "2": 8.0, "3": 64.0}
    work = {"workload": "matmul", "kind": "tensor"}
    return [
        record(model, [each * gflop / factor for each in steady], size=size, flops=gflop * 4e9,
               device="cuda:0" if model == "cuda" else "cpu", **work)
        for size, gflop in sizes.items()
        for model, factor in (("serial", 1.0), ("cuda", 0.5 * gflop))
        if model == "cuda" or size != "3"
    ]  # fmt: skip


def test_sizes_left_to_a_gpu_have_their_place_on_a_scale_of_operations(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    figures = {each.name: each for each in figures_of(run(tensor_cases(record, steady)))}
    figure = figures["curves-matmul"]

    assert [row["extent"] for row in rows_of(figure)] == [1e9, 1e9, 8e9, 8e9, 64e9]
    assert "floating-point operations per task" in str(figure.spec())
    alt.Chart.from_dict(figure.spec(), validate=True)


@pytest.mark.parametrize(("low", "layers"), [(None, 5), (0.5, 6)])
def test_the_band_of_a_crossover_is_drawn_where_both_its_ends_are_known(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float],
    low: float | None, layers: int,
) -> None:  # fmt: skip
    raced = tensor_cases(record, steady)
    shown = charted(run(raced), results_of(run(raced)))
    shown["crossover_low"], shown["crossover_high"] = low, 4.0
    figure = next(iter(curve_figures(shown.astype({"crossover_low": "float64"}))))

    assert len(figure.spec()["layer"]) == layers


def test_a_crossover_stands_between_the_same_sizes_on_a_scale_of_operations(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    figures = {each.name: each for each in figures_of(run(tensor_cases(record, steady)))}
    crossings = [row["crossover_at"] for row in rows_of(figures["curves-matmul"])
                 if row["model"] == "cuda"]  # fmt: skip

    assert all(1e9 < each < 8e9 for each in crossings)


@pytest.mark.parametrize(
    ("values", "fewest", "most"),
    [([1e-5, 1.0], 4, 8), ([0.01, 0.09], 3, 9), ([0.018, 0.04], 3, 15), ([1.0, 1.05], 2, 400),
     ([2.0], 1, 400), ([], 0, 400)],
)  # fmt: skip
def test_a_logarithmic_axis_has_marks_however_little_it_spans(
    values: list[float], fewest: int, most: int
) -> None:
    ticks = decades(values, "s").to_dict()["values"]
    low, high = min(values, default=1), max(values, default=1)

    assert fewest <= sum(low <= tick <= high * 1.001 for tick in ticks) <= most


def test_the_rounds_of_each_group_can_be_shown(field_run: Callable[..., Run]) -> None:
    run = field_run()
    names = [figure.name for figure in distributions_of(run)]

    assert names[0] == "rounds-primes-100"
    assert len(names) == len(set(names))


def test_many_rounds_are_thinned_and_keep_their_extremes(
    record: Callable[..., Record],
) -> None:
    launch = Launch(index=0, rounds_ns=list(range(1_000, 0, -1)))
    row = row_of(record("pool", launches=[launch]), "pool", MOST_OF_ONE)

    assert len(row["time_s"]) == len(row["launch"]) == MOST_OF_ONE
    assert (row["time_s"][0], row["time_s"][-1]) == (1e-9, 1e-6)


def test_a_run_of_failures_has_no_charts(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    failed = run([record("pool", status=Status.FAILED, reason="boom")])

    assert [*figures_of(failed), *distributions_of(failed)] == []


def test_an_empty_run_has_no_charts(run: Callable[..., Run]) -> None:
    assert list(figures_of(run([]))) == []


def test_charts_are_written_as_svg_and_png(figures: dict[str, Figure], tmp_path: Path) -> None:
    svg, png = write_charts([figures["starts"]], tmp_path / "new")

    assert svg.read_text().startswith("<svg")
    assert png.read_bytes().startswith(b"\x89PNG")


def test_a_hostile_name_stays_in_the_folder(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float], tmp_path: Path
) -> None:
    case = record("serial", steady, workload="../../<script>")
    charts = [each for each in figures_of(run([case])) if each.name.startswith("curves")]

    assert all(file.parent == tmp_path for file in write_charts(charts, tmp_path))


def test_a_folder_that_cannot_be_written_is_told(
    figures: dict[str, Figure], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(StoreError, match="give another folder to --charts"):
        list(write_charts([figures["starts"]], file))
