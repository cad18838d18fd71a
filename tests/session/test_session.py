from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.case import Family, Kind, Workers
from raceway.errors import StoreError
from raceway.plan.selection import Interpreter
from raceway.record import Environment, GroupResult, Launch, Noise, Peak, Record, Run, Status
from raceway.session.session import Session, environment_of, homeless, planned_record, program
from raceway.store.journal import read_journal
from raceway.store.runs import load
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.session.lineup import Lineup

SERIAL = "tiny-few-serial-w1"


def a_group(launch: int, *case_ids: str) -> GroupResult:
    return GroupResult(
        id="tiny-few",
        launch=launch,
        started_at="2026-11-23T04:55:00+00:00",
        wall_s=1.0,
        noise=Noise(),
        launches={case_id: Launch(index=launch, rounds_ns=[1_000]) for case_id in case_ids},
    )


@pytest.fixture
def session(lineup: Lineup) -> Iterator[Session]:
    """Return a session that plans only the serial case."""
    begun = Session(lineup, {SERIAL: "test_tiny"})
    yield begun
    begun.journal.close()


def test_a_session_plans_the_named_cases_only(session: Session) -> None:
    assert [(record.id, record.fullname) for record in session.header.planned] == [
        (SERIAL, "test_tiny")
    ]


def test_a_session_begins_its_journal_at_once(session: Session) -> None:
    assert read_journal(session.journal.path).header == session.header


def test_all_that_finished_is_in_the_journal(session: Session) -> None:
    peak = Peak(
        device="cpu", interpreter="current", precision="fp32", flops_per_s=1.0, bytes_per_s=1.0
    )
    plain = Record(id="plain", fullname="plain")
    session.measured_peaks([peak])
    session.finished_group(a_group(0, SERIAL))
    session.finished_plain(plain)

    contents = read_journal(session.journal.path)
    assert (contents.peaks, contents.groups, contents.plain) == (
        [peak],
        [a_group(0, SERIAL)],
        [plain],
    )


def test_a_saved_session_is_one_file(session: Session) -> None:
    session.finished_group(a_group(0, SERIAL))
    path, run = session.save(Status.OK)

    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert load([path]).runs == [(path, run)]


def test_a_saved_session_keeps_rounds_with_their_records_only(session: Session) -> None:
    session.finished_group(a_group(0, SERIAL))
    _, run = session.save(Status.OK)

    assert run.groups == [a_group(0)]
    assert run.record(SERIAL).launches == [Launch(index=0, rounds_ns=[1_000])]


def test_a_session_cut_short_marks_what_is_missing(session: Session) -> None:
    session.finished_group(a_group(0, SERIAL))
    saved = session.save_interrupted()

    assert saved
    run: Run = saved[1]
    assert (run.status, run.record(SERIAL).reason) == (
        Status.INTERRUPTED,
        "1 of 2 launches were measured",
    )


def test_a_session_that_measured_nothing_leaves_nothing(session: Session) -> None:
    assert session.save_interrupted() is None
    assert list(session.folder.iterdir()) == []


def test_a_session_that_cannot_save_gives_its_journal_to_recovery(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: Run, folder: Path) -> Path:
        raise StoreError(f"{folder}: full ({run.status})")

    monkeypatch.setattr("raceway.session.recording.save", refuse)
    with pytest.raises(StoreError, match="full"):
        session.save(Status.OK)

    assert session.journal.path.exists()
    with pytest.raises(StoreError, match="the journal is closed"):
        session.finished_group(a_group(0, SERIAL))


def test_a_session_goes_on_from_finished_groups(lineup: Lineup) -> None:
    resumed = Session(lineup, {SERIAL: "test_tiny"}, [a_group(0, SERIAL)], "3f9a1c")

    assert read_journal(resumed.journal.path).groups == [a_group(0, SERIAL)]
    assert resumed.header.resumed_from == "3f9a1c"
    resumed.journal.close()


def test_a_race_measures_what_is_not_finished(lineup: Lineup) -> None:
    session = Session(lineup, {SERIAL: "test_tiny"}, [a_group(0, SERIAL)])
    session.race()
    _, run = session.save(Status.OK)

    assert [group.launch for group in run.groups] == [0, 1]
    assert run.record(SERIAL).status is Status.OK


def test_a_session_of_nothing_but_skipped_cases_races_nothing(
    lineup: Lineup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio, "run", None)
    skipped = replace(lineup.entrants[SERIAL], reason="no time")
    session = Session(replace(lineup, entrants={SERIAL: skipped}), {SERIAL: "test_tiny"})
    session.race()
    _, run = session.save(Status.OK)

    assert (run.records[0].status, run.records[0].reason) == (Status.SKIPPED, "no time")


def test_a_computed_case_is_saved_with_its_time(lineup: Lineup) -> None:
    computed = replace(lineup.entrants[SERIAL], computed_s=2.5)

    assert planned_record(computed, "test_tiny", lineup.catalogue).computed_s == 2.5


def test_a_planned_record_tells_what_the_work_asks_for(lineup: Lineup) -> None:
    record = planned_record(lineup.entrants[SERIAL], "test_tiny", lineup.catalogue)

    assert (record.kind, record.tasks, record.concurrency) == (Kind.CPU, 3, 1)


def test_a_planned_record_tells_what_prices_follow_from(lineup: Lineup) -> None:
    work = replace(
        lineup.catalogue.workloads["tiny"], payload_bytes=lambda _: 4.0, releases_gil=True
    )
    entrant = replace(lineup.entrants[SERIAL], demand=work.demand("few"))
    catalogue = replace(lineup.catalogue, workloads={"tiny": work})
    record = planned_record(entrant, "test_tiny", catalogue)

    assert (record.payload_bytes, record.releases_gil) == (12.0, True)


def test_a_planned_record_tells_the_first_wait_of_work_that_then_computes(lineup: Lineup) -> None:
    for computes, first_s in ((True, 0.01), (False, 0.0)):
        work = replace(
            lineup.catalogue.workloads["tiny"], wait_s=lambda number: number / 100,
            then_computes=computes,
        )  # fmt: skip
        entrant = replace(lineup.entrants[SERIAL], demand=work.demand("few"))
        record = planned_record(entrant, "test_tiny", lineup.catalogue)

        assert record.first_wait_s == first_s


def test_a_planned_record_tells_the_family_of_its_model(lineup: Lineup) -> None:
    engine = replace(lineup.catalogue.models["serial"], family=Family.ENGINES)
    catalogue = replace(lineup.catalogue, models={"serial": engine})

    assert planned_record(lineup.entrants[SERIAL], "test_tiny", catalogue).family == "engines"


@pytest.mark.parametrize(
    ("family", "awaited", "blocking"),
    [
        (Family.EVENT_LOOP, None, True),
        (Family.EVENT_LOOP, asyncio.sleep, False),
        (Family.THREADS, None, False),
    ],
)
def test_a_planned_record_tells_whether_tasks_block_their_event_loop(
    lineup: Lineup, family: Family, awaited: object, *, blocking: bool
) -> None:
    model = replace(lineup.catalogue.models["serial"], family=family, workers=Workers.ALL)
    workload = replace(lineup.catalogue.workloads["tiny"], async_task=awaited)
    catalogue = replace(lineup.catalogue, models={"serial": model}, workloads={"tiny": workload})
    record = planned_record(lineup.entrants[SERIAL], "test_tiny", catalogue)

    assert record.blocking is blocking


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/usr/bin/pytest", "pytest"),
        ("/usr/lib/python3/site-packages/pytest/__main__.py", "pytest"),
        ("raceway", "raceway"),
        ("", ""),
    ],
)
def test_the_command_line_begins_with_the_program_s_name(path: str, name: str) -> None:
    assert program(path) == name


def test_a_password_that_was_typed_is_not_saved(
    lineup: Lineup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["raceway", "race", "--postgres=host=db password=s3cret"])
    begun = Session(lineup, {SERIAL: "test_tiny"})
    begun.journal.close()

    assert begun.header.command_line == ["raceway", "race", "--postgres=host=db password=…"]
    assert "s3cret" not in begun.journal.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("home", "text", "told"),
    [
        ("/home/ann", "--workload=/home/ann/mine.py", "--workload=~/mine.py"),
        ("/home/ann", "cd /home/ann && /home/ann/python", "cd ~ && ~/python"),
        ("/home/ann", "/home/anna/mine.py", "/home/anna/mine.py"),
        ("/", "/usr/bin/python", "/usr/bin/python"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="homes are elsewhere on Windows")
def test_no_home_folder_is_saved(
    monkeypatch: pytest.MonkeyPatch, home: str, text: str, told: str
) -> None:
    monkeypatch.setenv("HOME", home)

    assert homeless(text) == told


def test_what_a_run_tells_of_a_folder_whose_name_is_no_utf_8_is_what_is_read_again(
    lineup: Lineup,
) -> None:
    facts = {**lineup.interpreters[0].facts, "settings": {"LD_PRELOAD": "/caf\udce9/x.so"}}
    known = environment_of(Interpreter("mine", ("/caf\udce9/python",), facts))

    assert msgspec.json.decode(to_json(known), type=Environment) == known


def test_the_command_of_the_current_interpreter_is_not_saved(lineup: Lineup) -> None:
    assert environment_of(lineup.interpreters[0]).command == ""


def test_the_command_of_another_interpreter_is_saved_without_the_home_folder(
    lineup: Lineup,
) -> None:
    command = (str(Path.home() / "python"), "-X", "dev")
    other = Interpreter("other", command, lineup.interpreters[0].facts)

    assert environment_of(other).command == f"{Path('~', 'python')} -X dev"
