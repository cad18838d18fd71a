from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway
    from support.saved import MeasuredRun


CASE = "primes-small-serial-w1"
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)


@pytest.fixture
def before_and_after(measured_run: MeasuredRun, tmp_path: Path) -> tuple[Path, Path]:
    """Save a run, and a later one in which the case takes half as long again."""
    paths = [
        save(
            measured_run(
                {CASE: [pass_s * factor for factor in STEADY]}, run_id=run_id, started_at=day
            ),
            tmp_path / "results" / "machine",
        )
        for run_id, day, pass_s in (
            ("before", "2026-11-01T00:00:00+00:00", 0.010),
            ("after", "2026-11-02T00:00:00+00:00", 0.015),
        )
    ]
    return paths[0], paths[1]


@pytest.mark.usefixtures("before_and_after")
def test_two_runs_are_compared(raceway: Raceway) -> None:
    code, output, errors = raceway("compare", "before", "after")

    assert output[2].startswith("1 slower (threshold 2% of the time; ")
    assert any(CASE in line and "+50." in line for line in output)
    assert (code, errors) == (1, [])


@pytest.mark.usefixtures("before_and_after")
def test_the_latest_run_is_compared_with_the_baseline(raceway: Raceway) -> None:
    raceway("baseline", "set", "before")

    assert raceway("compare")[1] == [
        line.replace("before (", "baseline (", 1).replace("after (", "latest (", 1)
        for line in raceway("compare", "before", "after")[1]
    ]


@pytest.mark.usefixtures("before_and_after")
def test_the_other_way_round_it_is_faster(raceway: Raceway) -> None:
    assert raceway("compare", "after", "before")[1][2].startswith("1 faster ")


@pytest.mark.usefixtures("before_and_after")
def test_a_change_within_the_threshold_is_none(raceway: Raceway) -> None:
    output = raceway("compare", "before", "after", "--threshold=70%")[1]

    assert output[2].startswith("1 same (threshold 70% ")


@pytest.mark.usefixtures("before_and_after")
def test_a_run_compared_with_itself_is_told(raceway: Raceway) -> None:
    code, output, errors = raceway("compare", "latest", "after")

    assert output[2].startswith("1 same ")
    assert (code, errors) == (
        0, ["latest and after are the same: this compares a run with itself"],
    )  # fmt: skip


@pytest.mark.usefixtures("before_and_after")
def test_a_comparison_is_written_as_a_page(raceway: Raceway, tmp_path: Path) -> None:
    raceway("compare", "before", "after", "--html=a.html")

    assert "Did anything get slower?" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("before_and_after")
def test_a_comparison_is_written_as_json_and_markdown(raceway: Raceway, tmp_path: Path) -> None:
    raceway("compare", "before", "after", "--json=a.json", "--markdown=a.md")

    assert json.loads((tmp_path / "a.json").read_text())["summary"]["slower"] == 1
    assert "**1 slower**" in (tmp_path / "a.md").read_text()


@pytest.mark.usefixtures("before_and_after")
def test_json_has_standard_output_to_itself(raceway: Raceway) -> None:
    code, output, errors = raceway("compare", "before", "after", "--json=-")

    assert json.loads("\n".join(output))["summary"]["slower"] == 1
    assert any(line.startswith("1 slower ") for line in errors)
    assert code == 1


@pytest.mark.usefixtures("before_and_after")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "baseline: no run, folder, machine, baseline, measured git revision or interpreter"),
        (("zz", "after"), "zz: no run, folder, machine, baseline, "),
        (("--", "--help", "after"), "--help: no run, folder, machine, baseline, "),
        (("--", "-x", "after"), "-x: no run, folder, machine, baseline, "),
        (("before", "after@3.14"), "after@3.14: no interpreter 3.14 was raced; choose from"),
        (("before", "after", "--threshold=5"), "--threshold 5: give a share above 0, like 5% or"),
        (("before", "after", "--json=-", "--markdown=-"), "only one output can go to standard "),
        (("before", "after", "--json=no/such/a.json"), "no/such/a.json: cannot write (No such "),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(
    raceway: Raceway, arguments: tuple[str, ...], said: str
) -> None:
    code, _, (error,) = raceway("compare", *arguments)

    assert error.startswith(f"raceway: {said}")
    assert code == 4


def test_no_run_at_all_is_told_in_one_line(raceway: Raceway) -> None:
    code, output, (error,) = raceway("compare")

    assert error.startswith("raceway: no run baseline in results. It holds none yet: measure one")
    assert (code, output) == (4, [])


def test_a_side_that_cannot_be_read_is_told_in_one_line(
    raceway: Raceway, before_and_after: tuple[Path, Path]
) -> None:
    before_and_after[1].write_bytes(b"\xff\xfe")
    code, output, (error,) = raceway("compare", "before", "latest")

    assert error == "raceway: latest: holds no run that can be read; choose another"
    assert (code, output) == (4, [])


@pytest.mark.usefixtures("before_and_after")
def test_verdicts_are_annotated_and_written_as_junit(raceway: Raceway, tmp_path: Path) -> None:
    junit = tmp_path / "verdicts.xml"
    code, output, _ = raceway("compare", "before", "after", "--annotate", "--junit", str(junit))
    suite = ET.fromstring(junit.read_text()).find("testsuite")  # noqa: S314 (ours)

    assert any(line.startswith("::error title=raceway%3A slower::") for line in output)
    assert suite is not None
    assert (suite.get("name"), suite.get("failures")) == ("raceway compare before after", "1")
    assert code == 1


def saved_by_another_tool(folder: Path, *medians_s: float) -> list[str]:
    """Save a file of pytest-benchmark for each median, a day apart; return them."""
    folder.mkdir()
    cpu = {"brand": "Intel(R) Core(TM) i7-4771 CPU @ 3.50GHz"}
    files = []
    for day, median_s in enumerate(medians_s, start=1):
        told = {
            "machine_info": {"node": f"runner-{day}", "cpu": cpu, "python_version": "2.7.3"},
            "commit_info": {"id": f"{day:07x}", "dirty": False},
            "benchmarks": [
                {"name": "test_b", "fullname": "tests/test_a.py::test_b",
                 "stats": {"median": median_s, "rounds": 50_862, "iterations": 1}},
            ],
            "datetime": f"2015-08-{day:02}T00:00:00.5",
            "version": "2.5.0",
        }  # fmt: skip
        file = folder / f"{day:04}_main.json"
        file.write_text(json.dumps(told))
        files.append(str(file))
    return files


def test_files_of_pytest_benchmark_are_compared_by_earlier_runs(
    raceway: Raceway, tmp_path: Path
) -> None:
    files = saved_by_another_tool(tmp_path / "old", 1e-6, 1.01e-6, 0.99e-6, 1e-6, 1.3e-6)

    code, output, errors = raceway("compare", files[3], files[4])

    assert any(line.startswith("1 slower (single runs) (threshold") for line in output)
    assert (code, errors) == (1, [])
    assert raceway("compare", files[2], files[3])[0] == 2


def test_ten_times_as_long_is_no_question_without_earlier_runs(
    raceway: Raceway, tmp_path: Path
) -> None:
    files = saved_by_another_tool(tmp_path / "old", 1e-6, 1e-5)

    output = raceway("compare", *files)[1]

    assert any(line.startswith("1 slower (single runs) (threshold") for line in output)


def test_files_of_pytest_benchmark_have_report_page_and_history(
    raceway: Raceway, tmp_path: Path
) -> None:
    files = saved_by_another_tool(tmp_path / "old", *[1e-6] * 3)
    page = tmp_path / "page.html"

    report = "\n".join(raceway("report", files[0], "--html", str(page))[1])
    history = "\n".join(raceway("history", "--results", str(tmp_path / "old"))[1])

    assert "50,862" in report
    assert "GIL" not in report
    assert "50,862" in page.read_text()
    assert history.startswith("core-i7-4771  2.7 (current)")
    assert "1.00×     3" in history


def test_a_gate_on_files_of_pytest_benchmark_says_what_it_cannot_confirm(
    raceway: Raceway, tmp_path: Path
) -> None:
    files = saved_by_another_tool(tmp_path / "old", 1e-6, 1e-5)

    code, output, _ = raceway("gate", files[1], "--baseline", files[0])

    told = " ".join(" ".join(output).split())
    assert "1 plain benchmark of pytest took longer, and only `raceway duel" in told
    assert "not built in" not in told
    assert code == 2
