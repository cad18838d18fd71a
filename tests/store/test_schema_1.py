"""What version 0.1 wrote: groups were heats. It is read as today's, and never written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Family
from raceway.plan.catalogue import known_models
from raceway.record import SCHEMA_VERSION, JournalLine, Record, Status
from raceway.session.resume import groups_of
from raceway.store.journal import Journal, read_journal
from raceway.store.recovery import recover
from raceway.store.runfile import decode, encode
from raceway.store.runs import load
from raceway.store.schema_1 import FAMILIES, with_family

if TYPE_CHECKING:
    from support.saved import MakeGroup, MakeRun

COMMITTED = sorted((Path(__file__).parents[2] / "results").glob("*/20261123T*.json"))


def as_schema_1(value: Any) -> Any:
    """Return JSON as version 0.1 would have written it."""
    if isinstance(value, list):
        return [as_schema_1(each) for each in value]
    if not isinstance(value, dict):
        return value
    older = {name: as_schema_1(each) for name, each in value.items()}
    if "schema" in older:
        older["schema"] = 1
    older.pop("family", None)
    if "groups" in older:
        older["heats"] = older.pop("groups")
    if isinstance(older.get("group"), dict):
        older["heat"] = older.pop("group")
    if {"id", "wall_s"} <= older.keys():
        older["heat"] = older.pop("id")
    return older


@pytest.fixture
def old_journal(make_run: MakeRun, make_group: MakeGroup, tmp_path: Path) -> Path:
    """Return a journal that version 0.1 left behind."""
    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        journal.append(JournalLine(group=make_group(0)))
        journal.append(JournalLine(group=make_group(1)))
    lines = [json.loads(line) for line in journal.path.read_bytes().splitlines()]
    older = [json.dumps(as_schema_1(line)) for line in lines]
    journal.path.write_text("".join(f"{line}\n" for line in older), encoding="utf-8")
    return journal.path


def test_the_committed_runs_are_of_schema_1() -> None:
    sections = [json.loads(path.read_bytes())["raceway"] for path in COMMITTED]

    assert [section["schema"] for section in sections] == [1] * 9
    assert all("heats" in section and "groups" not in section for section in sections)


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem[-8:])
def test_a_run_of_schema_1_is_read_whole_and_saved_as_todays(path: Path) -> None:
    content = path.read_bytes()
    run = decode(content)
    section = json.loads(content)["raceway"]

    assert run.header.schema == SCHEMA_VERSION
    assert [group.id for group in run.groups] == [heat["heat"] for heat in section["heats"]]
    assert decode(encode(run)) == run
    written = json.loads(encode(run))["raceway"]
    assert (written["schema"], "heats" in written) == (SCHEMA_VERSION, False)
    assert as_schema_1(written) == section


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem[-8:])
def test_records_of_schema_1_get_the_family_of_their_model(path: Path) -> None:
    run = decode(path.read_bytes())
    models = known_models()

    raced = [record for record in [*run.records, *run.header.planned] if record.model]
    assert raced
    assert all(record.family == models[record.model].family for record in raced)
    assert {record.family for record in run.records if not record.model} == {""}


def test_a_family_that_a_file_tells_is_kept() -> None:
    told = Record(id="a", fullname="a", model="threads", family=Family.ENGINES)

    assert with_family(told) is told


def test_a_model_that_version_0_1_did_not_know_gets_no_family() -> None:
    assert with_family(Record(id="a", fullname="a", model="mine")).family == ""


def test_the_families_of_schema_1_are_those_of_today() -> None:
    known = known_models()
    kept = FAMILIES.keys() & known.keys()

    assert len(kept) > len(FAMILIES) / 2
    assert {name: known[name].family for name in kept} == {name: FAMILIES[name] for name in kept}


def test_a_run_of_schema_1_can_be_resumed_group_by_group() -> None:
    run = decode(COMMITTED[0].read_bytes())

    kept = groups_of(run)

    assert [group.id for group in kept] == [group.id for group in run.groups]
    assert all(group.launches for group in kept)


def test_a_journal_of_schema_1_is_read(old_journal: Path, make_group: MakeGroup) -> None:
    assert b'"heat"' in old_journal.read_bytes()

    read = read_journal(old_journal)

    assert (read.groups, read.problems) == ([make_group(0), make_group(1)], [])
    assert read.header.schema == SCHEMA_VERSION
    assert [record.family for record in read.header.planned] == ["one core"]


def test_a_journal_of_schema_1_is_recovered_as_a_run_of_today(old_journal: Path) -> None:
    (recovered,) = recover(old_journal.parents[1])

    assert recovered.run_file is not None
    ((_, run),) = load([recovered.run_file]).runs
    assert (run.status, [group.launch for group in run.groups]) == (Status.INTERRUPTED, [0, 1])
    assert json.loads(recovered.run_file.read_bytes())["raceway"]["schema"] == SCHEMA_VERSION
