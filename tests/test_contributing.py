from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import raceway

ROOT = Path(__file__).parent.parent
PACKAGE = Path(raceway.__file__).parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"<!-- (?P<how>example|edit|append): (?P<path>\S+) -->\n```(?:python|diff)\n(?P<text>.*?)```",
    re.DOTALL,
)
TEST_FILE = """
import pytest

@pytest.mark.raceway(workloads=["digest"])
def test_digest(race, case, benchmark):
    race.replay(case, benchmark)
"""


@pytest.fixture(scope="module")
def house_with_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy package and tests, and put each example of CONTRIBUTING.md where it says it belongs."""
    house = tmp_path_factory.mktemp("house")
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, house / "src" / "raceway", ignore=unwanted)
    shutil.copytree(ROOT / "tests", house / "tests", ignore=unwanted)
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


def outside_of_workers() -> dict[str, str]:
    """Return the environment without what tells of xdist, which would measure nothing."""
    return {name: value for name, value in os.environ.items() if "XDIST" not in name}


def run_in(house: Path, *arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=house,
        env={**outside_of_workers(), "PYTHONPATH": str(house / "src")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_the_examples_of_contributing_are_one_file_each_and_race(house_with_examples: Path) -> None:
    (house_with_examples / "test_digest.py").write_text(TEST_FILE, encoding="utf-8")

    output = run_in(
        house_with_examples,
        "-m", "pytest", "-p", "raceway.plugin", "test_digest.py", "--models", "serial,thread-each",
        "--launches", "1", "--budget", "0.1",
    )  # fmt: skip

    assert "4 passed" in output


def test_the_examples_of_contributing_are_listed(house_with_examples: Path) -> None:
    listed = json.loads(
        run_in(house_with_examples, "-c", "from raceway.cli import main; main()", "list", "--json")
    )

    assert {"digest"} <= listed["workloads"].keys()
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
