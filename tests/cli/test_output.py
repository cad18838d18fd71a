from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.cli.output import takes_stdout, write_json, write_text
from raceway.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "takes"),
    [(("-",), True), (("-", None), True), (("a.json", None), False), ((), False)],
)
def test_a_dash_is_standard_output(files: tuple[str | None, ...], takes: bool) -> None:  # noqa: FBT001 (a parameter)
    assert takes_stdout(*files) is takes


def test_only_one_file_can_be_standard_output() -> None:
    with pytest.raises(
        StoreError, match=r"^only one output can go to standard output; name a file"
    ):
        takes_stdout("-", "-")


def test_json_goes_to_its_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("what was there before, and longer than what comes now")
    write_json({"ratio": None}, str(file))

    assert json.loads(file.read_text()) == {"ratio": None}


def test_json_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"ratio": 1.5}, "-")

    assert json.loads(capsys.readouterr().out) == {"ratio": 1.5}


def test_json_is_strict(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"ratio": float("nan")}, str(tmp_path / "a.json"))

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_unless_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_json({}, None)

    assert (list(tmp_path.iterdir()), capsys.readouterr().out) == ([], "")


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    write_text("2.04× → faster\n", str(tmp_path / "a.md"))

    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "2.04× → faster\n"


def test_text_is_written_in_what_standard_output_can_encode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    write_text("2.04× → faster\n", "-")
    screen.seek(0)

    assert screen.read() == "2.04x ? faster\n"


@pytest.mark.parametrize("name", ["", "no/such/folder/a.json"])
def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match=r": cannot write \(.*\)\. Check the folder"):
        write_json({}, f"{tmp_path}/{name}")


def test_a_closed_standard_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    with pytest.raises(StoreError, match=r"^standard output is closed; name a file$"):
        write_text("a", "-")
