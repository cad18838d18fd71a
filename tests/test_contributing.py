from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

import raceway
from raceway.analysis.run.claims import claims_of
from raceway.analysis.run.results import results_of
from raceway.store import runfile
from support.processes import output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.run.claim import Claim
    from raceway.record import Run

ROOT = Path(__file__).parent.parent
PACKAGE = Path(raceway.__file__).parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"<!-- (?P<how>example|edit|append): (?P<path>\S+) -->\n```(?:python|diff)\n(?P<text>.*?)```",
    re.DOTALL,
)
RACE = (
    "-m", "pytest", "bench/test_cpu.py", "-rs", "--workloads", "blake,primes", "--sizes",
    "4KiB,100", "--launches", "1", "--budget", "60",
)  # fmt: skip
LACKING = ("workers=Workers.ALL", 'workers=Workers.ALL, requires=("no_such",), extra="torch"')


@pytest.fixture(scope="module")
def house_with_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy package and tests, and put each example of CONTRIBUTING.md where it says it belongs."""
    house = tmp_path_factory.mktemp("house")
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, house / "src" / "raceway", ignore=unwanted)
    for name in ("tests", "bench"):
        shutil.copytree(ROOT / name, house / name, ignore=unwanted)
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, house)
    for example in EXAMPLE.finditer(GUIDE):
        place(house / example["path"], example["how"], example["text"])
    return house


def place(target: Path, how: str, text: str) -> None:
    """Write a new file, or change one that is there."""
    if how == "example":
        assert not target.exists()
        target.write_text(text, encoding="utf-8")
        return
    before = target.read_text(encoding="utf-8")
    after = f"{before}\n\n{text}" if how == "append" else edited(before, text)
    target.write_text(after, encoding="utf-8")


def edited(source: str, diff: str) -> str:
    """Return the source with each added line behind the lines that stand before it in the diff."""
    hunks = re.findall(r"((?: .*\n)+)((?:\+.*\n)+)", diff)
    assert hunks
    for context, added in hunks:
        behind, new = (
            re.sub(r"^[ +]", "", lines, flags=re.MULTILINE) for lines in (context, added)
        )
        assert source.count(behind) == 1, behind
        source = source.replace(behind, behind + new)
    return source


def run_in(house: Path, *arguments: str) -> str:
    return output_of(house, *arguments, path=house / "src")


def on_two_cores(run: Run) -> list[Claim]:
    """Return a run's claims, as if it had two cores, without which nothing parallel is tested."""
    machine = replace(run.header.machine, usable_cores=2)
    run = replace(run, header=replace(run.header, machine=machine))
    return claims_of(run, results_of(run))


def test_the_examples_of_contributing_are_one_file_each_and_race(house_with_examples: Path) -> None:
    output = run_in(house_with_examples, *RACE, "--models", "serial,thread-each")

    assert "4 passed" in output
    assert touched("models") == {"thread_each.py"}
    assert touched("workloads") == {"blake.py"}
    (saved,) = house_with_examples.glob("results/*/*.json")
    run = runfile.decode(saved.read_bytes())
    assert {record.workload for record in run.records} == {"blake", "primes"}
    assert {record.family for record in run.records if record.model == "thread-each"} == {"threads"}
    claim = next(claim for claim in on_two_cores(run) if "GIL" in claim.text)
    assert {each.result.record.workload for each in claim.evidence} == {"primes"}  # blake frees it


@pytest.fixture
def lacking(house_with_examples: Path) -> Iterator[str]:
    """Add the example once more, as a model that requires what is not installed; give its name."""
    folder = house_with_examples / "src" / "raceway" / "models"
    example = (folder / "thread_each.py").read_text(encoding="utf-8")
    (folder / "lacking.py").write_text(example.replace(*LACKING), encoding="utf-8")
    yield "lacking"
    (folder / "lacking.py").unlink()


def test_a_model_that_lacks_a_package_says_what_to_install(
    house_with_examples: Path, lacking: str
) -> None:
    output = run_in(house_with_examples, *RACE, "--models", lacking, "--results", "none")

    assert "no_such is not installed: pip install 'raceway[torch]'" in output


def test_the_model_of_contributing_has_its_colour_in_charts(house_with_examples: Path) -> None:
    program = (
        "from raceway.report.charts.palette import colours_of, shapes_of; names = ['thread-each'];"
        "print(colours_of(names), shapes_of(names))"
    )

    output = run_in(house_with_examples, "-c", program)

    assert "{'thread-each': '#7a8f3c'}" in output


def test_the_examples_of_contributing_are_listed(house_with_examples: Path) -> None:
    listed = json.loads(
        run_in(house_with_examples, "-c", "from raceway.cli import main; main()", "list", "--json")
    )

    assert {"blake"} <= listed["workloads"].keys()
    assert {"thread-each"} <= listed["models"].keys()


def test_the_chart_of_contributing_is_drawn_in_two_files(house_with_examples: Path) -> None:
    charts = house_with_examples / "charts"
    runs = sorted((ROOT / "results").glob("*/*.json"))

    run_in(
        house_with_examples,
        "-c", "from raceway.cli import main; main()",
        "report", str(runs[-1]), "--charts", str(charts),
    )  # fmt: skip

    assert "Cores used" in (charts / "cores.svg").read_text(encoding="utf-8")
    assert touched("report/charts") == {"cores.py", "gallery.py"}


def test_the_verdict_rule_of_contributing_holds_and_breaks_no_other(
    house_with_examples: Path,
) -> None:
    output = run_in(
        house_with_examples,
        "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "tests/analysis/comparison/test_verdicts.py",
    )  # fmt: skip

    assert " passed" in output
    assert " failed" not in output
    assert touched("analysis") == {"verdicts.py"}


def test_the_option_of_contributing_is_at_both_doors_and_obeyed(house_with_examples: Path) -> None:
    told = run_in(house_with_examples, "-m", "pytest", "-p", "raceway.plugin", "--help")
    assert "--most-rounds" in told

    run_in(
        house_with_examples,
        "-c", "from raceway.cli import main; main()", "race", "--workloads", "primes", "--sizes",
        "100", "--models", "serial", "--launches", "1", "--most-rounds", "3", "--results", "three",
    )  # fmt: skip

    (saved,) = (house_with_examples / "three").glob("*/*.json")
    (benchmark,) = json.loads(saved.read_text(encoding="utf-8"))["benchmarks"]
    assert benchmark["stats"]["rounds"] == 3
    assert touched("session") == {"options.py"}


def touched(room: str) -> set[str]:
    """Return the files of a room that the guide adds or changes."""
    paths = [Path(example["path"]) for example in EXAMPLE.finditer(GUIDE)]
    return {path.name for path in paths if f"src/raceway/{room}/" in path.as_posix()}
