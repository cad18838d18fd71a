"""Names and texts from files, folders, tasks and words typed: none acts on the terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.cli import main
from raceway.record import Launch, Status
from raceway.store.joining import records_of
from raceway.store.runs import save
from support.saved import a_group

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Run
    from support.saved import MeasuredRun

    Say = Callable[..., str]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its file names hold no such characters")

ACTS = "\x1b]0;mine\x07\x1b[2J\x9b2J\u202egnp\u2028\x85\x7f"
NAME = ACTS + "\n" + os.fsdecode(b"\xff")
"""A file may have this name: also a line's end, and bytes that are no UTF-8."""
TEXT = f"{ACTS}\0"
CASE, FAILED = f"primes{ACTS}-small-serial{ACTS}-w1", f"primes{ACTS}-large-serial-w1"
STEADY = (0.0999, 0.1, 0.1001, 0.1, 0.1)
TASKS = f"""
from raceway import Kind, Workload

def task(number):
    raise ValueError({TEXT!r})

WORKLOAD = Workload(
    summary={TEXT!r}, kind=Kind.CPU, task=task, expected=abs, sizes={{{ACTS!r}: (1, 2)}}
)
"""


def run_of(measured_run: MeasuredRun, day: int, factor: float) -> Run:
    """Return a run with a case whose names act, and one that failed for such a reason."""
    passes_s = {CASE: [factor * each for each in STEADY]}
    run = measured_run(
        passes_s, run_id=f"day{day:02}", started_at=f"2026-11-{day:02}T00:00:00+00:00"
    )
    failed = Launch(index=0, status=Status.FAILED, reason=f"ValueError: {TEXT}\n{TEXT}")
    planned = msgspec.structs.replace(run.records[0], id=FAILED, fullname=FAILED, size="large",
                                      launches=[])  # fmt: skip
    header = msgspec.structs.replace(run.header, planned=[planned], command_line=[TEXT])
    records = records_of(header, [a_group(failed, FAILED)], [], finished=True)
    return msgspec.structs.replace(run, records=[*run.records, *records])


@pytest.fixture
def hostile(measured_run: MeasuredRun, tmp_path: Path) -> Path:
    """Fill a results folder with hostile names and texts, and return its machine's folder."""
    folder = tmp_path / "results" / f"m{NAME}"
    for day, factor in ((1, 1.0), (2, 1.5)):
        file = save(run_of(measured_run, day, factor), folder)
        file.rename(folder / f"202611{day:02}T000000Z_0000000_{day}{ACTS}.json")
    (folder / f"20261103T000000Z_0000000_3{NAME}.json").write_text(f"{{{ACTS}")
    (folder / f"b{NAME}.baseline").write_text(
        f"20261101T000000Z_0000000_1{ACTS}.json", encoding="utf-8"
    )
    (folder / f"left{NAME}.journal").write_bytes(b"\xff\x1b[2J\n\x1b[2J\n")
    (tmp_path / "tasks.py").write_text(TASKS)
    return folder


@pytest.fixture
def say(
    hostile: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Say:  # fmt: skip
    """Return a function that runs the command and returns all it says, which must be harmless."""

    def run(*words: str) -> str:
        older, newer = (hostile / f"202611{day:02}T000000Z_0000000_{day}{ACTS}.json"
                        for day in (1, 2))  # fmt: skip
        named = {"OLDER": str(older), "NEWER": str(newer)}
        monkeypatch.setattr(sys, "argv", ["raceway", *(named.get(each, each) for each in words)])
        with pytest.raises(SystemExit):
            main()
        said = "".join(capsys.readouterr())
        obeyed = {each for each in said if not each.isprintable()} - {"\n"}
        assert obeyed == set(), said
        return said

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("report",),
        ("report", "NEWER"),
        ("report", "NEWER", "--json", "-"),
        ("report", "NEWER", "--csv", "-"),
        ("report", "NEWER", "--markdown", "-"),
        ("report", "results", "--html", f"{ACTS}.html"),
        ("report", "NEWER", "--csv", f"{NAME}/x.csv"),
        ("report", NAME),
        ("report", "NEWER", f"--{NAME}"),
        ("compare", "OLDER", "NEWER"),
        ("compare", "OLDER", "NEWER", "--json", "-"),
        ("compare", "OLDER", "NEWER", "--markdown", "-"),
        ("compare", "OLDER", "NEWER", "--junit", "-"),
        ("compare", "OLDER", "NEWER", "--annotate"),
        ("compare", "OLDER", "NEWER", "--threshold", NAME),
        ("compare", NAME, f"{NAME}@{NAME}"),
        ("gate", "NEWER", "--baseline", "OLDER"),
        ("gate", "NEWER", "--baseline", NAME),
        ("gate", "--unclear", NAME),
        ("history",),
        ("history", "--json", "-"),
        ("history", NAME),
        ("baseline", "list"),
        ("baseline", "set", "OLDER"),
        ("baseline", "set", "OLDER", "--name", NAME),
        ("prune", "--keep", "1", "--dry-run"),
        ("prune", "--keep", "1"),
        ("prune", "--keep", "1", "--results", NAME),
        ("recover",),
        ("list", "--workload", "tasks.py"),
        ("list", "--workload", "tasks.py", "--json"),
        ("list", "--workload", NAME),
        ("list", "--interpreter", f"{NAME}={NAME}"),
        ("race", NAME),
        ("race", f"{NAME}.py"),
        ("race", f"{NAME}:{NAME}", "--items", NAME),
        ("race", "tasks.py", "--models", NAME),
        ("race", "tasks.py", "--machine", NAME),
        ("race", "os:getenv", "--items-from", f"{NAME}.json"),
        ("duel", "--a", NAME, "--b", NAME),
        ("duel", "--revisions", NAME, NAME, "--workload", "tasks.py"),
        ("suite", "run", "."),
        ("suite", "run", NAME, "--python", NAME),
        (NAME,),
    ],
    ids=lambda words: "".join(filter(str.isalnum, " ".join(words).replace(NAME, "NAME"))),
)  # fmt: skip
def test_no_command_lets_a_text_act_on_the_terminal(say: Say, words: tuple[str, ...]) -> None:
    assert say(*words)


def test_names_are_shown_with_escapes(say: Say) -> None:
    assert r"\x1b]0;mine\x07\x1b[2J\x9b2J\u202egnp\u2028\x85\x7f\n\udcff" in say("baseline", "list")


def test_a_line_stays_a_line(say: Say) -> None:
    assert say("prune", "--keep", "1", "--dry-run").count("\n") == 1


@pytest.mark.slow
def test_what_a_task_raises_does_not_act_on_the_terminal(say: Say) -> None:
    said = say("race", "tasks.py", "--models", "serial,threads", "--launches", "1")

    assert r"ValueError: \x1b]0;mine\x07" in said


@pytest.mark.usefixtures("hostile")
def test_no_file_holds_what_acts_on_a_terminal(say: Say, tmp_path: Path) -> None:
    say("report", "NEWER", "--csv", "a.csv", "--markdown", "a.md", "--json", "a.json")
    say("compare", "OLDER", "NEWER", "--junit", "a.xml", "--markdown", "b.md", "--json", "b.json")

    for name in ("a.csv", "a.md", "a.json", "a.xml", "b.md", "b.json"):
        assert (tmp_path / name).read_text().replace("\n", "").isprintable(), name
