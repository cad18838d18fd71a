"""The frame as files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.frame import COLUMNS, frame_of
from raceway.record import Status
from raceway.report.run.export import frame_csv, frame_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run
    from support.synthetic import MakeRecord, MakeRun


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_json_holds_every_column_and_is_strict(field_run: Callable[..., Run]) -> None:
    data = json.loads(json.dumps(frame_data(frame_of(field_run())), allow_nan=False))

    assert data["schema"] == "raceway-report/1"
    assert {tuple(row) for row in data["rows"]} == {tuple(COLUMNS)}


def test_csv_holds_every_column_and_case(field_run: Callable[..., Run]) -> None:
    run = field_run()
    rows = rows_of(frame_csv(frame_of(run)))

    assert {row["case"] for row in rows} == {each.id for each in run.records}
    assert len(rows) == len(run.records)
    assert list(rows[0]) == list(COLUMNS)


def test_what_is_not_known_is_null_and_empty(run: MakeRun, record: MakeRecord) -> None:
    frame = frame_of(run([record("pool", status=Status.FAILED, reason="boom")]))

    assert frame_data(frame)["rows"][0]["per_pass_s"] is None
    assert rows_of(frame_csv(frame))[0]["per_pass_s"] == ""


def test_a_formula_in_a_name_stays_text(run: MakeRun, record: MakeRecord) -> None:
    formula = '=HYPERLINK("http://example.org")'
    (row,) = rows_of(frame_csv(frame_of(run([record("pool", [1.0] * 3, workload=formula)]))))

    assert row["workload"] == f"'{formula}"


@pytest.mark.parametrize(
    "sign", ["+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", " =", "\N{NO-BREAK SPACE}="]
)
def test_whatever_begins_a_formula_is_quoted(run: MakeRun, record: MakeRecord, sign: str) -> None:
    text = frame_csv(frame_of(run([record("pool", [1.0] * 3, workload=f"{sign}cmd()")])))
    (row,) = rows_of(text)

    assert row["workload"].startswith(("'", "\\xa0"))


def test_a_cell_holds_nothing_that_a_terminal_obeys(run: MakeRun, record: MakeRecord) -> None:
    text = frame_csv(frame_of(run([record("pool\x1b[2J", reason="a\nb\x9b\u202e")])))

    assert text.replace("\n", "").isprintable()
    assert len(text.splitlines()) == 2


def test_negative_numbers_stay_numbers(run: MakeRun, record: MakeRecord) -> None:
    frame = frame_of(run([record("pool", [1.0] * 3)])).assign(speedup=-1.0)

    assert rows_of(frame_csv(frame))[0]["speedup"] == "-1.0"


def test_an_empty_run_has_a_header_alone(run: MakeRun) -> None:
    assert frame_csv(frame_of(run([]))).strip() == ",".join(COLUMNS)
