from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.errors import ExitCode
from raceway.record import JournalLine
from raceway.store.journal import Journal
from raceway.store.runfile import decode

if TYPE_CHECKING:
    from support.command import Raceway
    from support.saved import MakeGroup, MakeRun


MAIN = "from raceway.cli import main; main()"


def test_the_latest_run_is_reported(raceway: Raceway, saved_file: Path) -> None:
    code, output, errors = raceway("report")

    assert output[0] == f"raceway: {saved_file.name}"
    assert (code, errors) == (0, [])


def test_claims_are_put_to_the_test_where_they_are_asked_for(
    raceway: Raceway, saved_file: Path
) -> None:
    assert saved_file.is_file()
    said = "Common claims: this run tests none of them"

    assert said in raceway("report", "--claims")[1]
    assert said not in raceway("report")[1]


@pytest.mark.parametrize("what", ["3f9a", "machine", "latest"])
def test_a_run_is_found_by_id_or_folder(raceway: Raceway, saved_file: Path, what: str) -> None:
    assert raceway("report", what)[1][0] == f"raceway: {saved_file.name}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report",), "no run latest in results. It holds none yet: measure one with "),
        (("report", "bogus"), "no run bogus in results. It holds none yet"),
        (("report", "--results=elsewhere"), "no run latest in elsewhere. It holds none yet"),
    ],
)
def test_nothing_to_report_is_told_in_one_line(
    raceway: Raceway, arguments: tuple[str, ...], said: str
) -> None:
    code, output, (error,) = raceway(*arguments)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])


def test_a_file_that_holds_no_run_is_named_in_one_line(raceway: Raceway, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    code, output, (error,) = raceway("report", "broken.json")

    assert error.startswith("broken.json: not JSON (unexpected end, byte 1); skipped. ")
    assert (code, output) == (4, [])


def test_a_good_run_is_reported_beside_a_broken_file(raceway: Raceway, saved_file: Path) -> None:
    (saved_file.parent / "broken.json").write_text("{", encoding="utf-8")
    code, output, errors = raceway("report", "machine")

    assert output[0] == f"raceway: {saved_file.name}"
    assert (code, len(errors)) == (0, 1)


def test_a_page_is_written_where_it_is_asked_for(
    raceway: Raceway, saved_file: Path, tmp_path: Path
) -> None:
    code, output, errors = raceway("report", "--html", "page.html")

    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert saved_file.name in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert output[-1] == "page: page.html"
    assert (code, errors) == (0, [])


@pytest.mark.parametrize("command", [["report"], ["compare", "latest", "latest"]])
@pytest.mark.usefixtures("saved_file")
def test_a_page_is_written_though_nobody_reads_on(tmp_path: Path, command: list[str]) -> None:
    words = [sys.executable, "-c", MAIN, *command, "--html=page.html"]
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        words, cwd=tmp_path, stdout=write_end, stderr=subprocess.PIPE, check=False
    )
    os.close(write_end)

    assert done.returncode == ExitCode.UNREAD
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_page_that_goes_to_standard_output_is_alone_there(
    raceway: Raceway, saved_file: Path
) -> None:
    code, output, errors = raceway("report", str(saved_file), "--html", "-")

    assert output[0] == "<!doctype html>"
    assert errors[0] == f"raceway: {saved_file.name}"
    assert code == 0


def test_a_page_that_cannot_be_written_is_told_in_one_line(
    raceway: Raceway, saved_file: Path
) -> None:
    code, _, (error,) = raceway("report", str(saved_file), "--html", "no/such/page.html")

    assert error.startswith("raceway: no/such/page.html: cannot write")
    assert code == 4


def test_what_takes_standard_output_has_it_to_itself(raceway: Raceway, saved_file: Path) -> None:
    _, output, errors = raceway("report", str(saved_file), "--html=page.html", "--json=-")

    assert (output[0], output[-1]) == ("{", "}")
    assert errors[-1] == "page: page.html"


def test_a_page_names_files_of_the_past_that_hold_no_run(
    raceway: Raceway, saved_file: Path, tmp_path: Path
) -> None:
    machine = decode(saved_file.read_bytes()).header.machine.id
    folder = saved_file.parent.rename(saved_file.parent.with_name(machine))
    (folder / "broken.json").write_text("{", encoding="utf-8")
    _, _, errors = raceway("report", str(folder / saved_file.name), "--html=page.html")

    assert ["broken.json: not JSON" in error for error in errors] == [True]
    assert (tmp_path / "page.html").exists()


def test_tables_are_written_where_they_are_asked_for(
    raceway: Raceway, saved_file: Path, tmp_path: Path
) -> None:
    code, _, errors = raceway(
        "report", str(saved_file), "--json=r.json", "--csv=r.csv", "--markdown=r.md"
    )

    assert '"raceway-report/1"' in (tmp_path / "r.json").read_text(encoding="utf-8")
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").startswith("run,started_at,machine,")
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("### raceway: ")
    assert (code, errors) == (0, [])


def test_charts_are_written_where_they_are_asked_for(
    raceway: Raceway, saved_file: Path, tmp_path: Path
) -> None:
    code, output, _ = raceway("report", str(saved_file), "--charts", "charts")

    files = list((tmp_path / "charts").glob("*")) if (tmp_path / "charts").exists() else []
    assert output[-1] == f"charts: {len(files)} files in charts"
    assert code == 0


@pytest.mark.parametrize("command", [("recover",), ("report",)])
def test_what_a_dead_session_left_is_recovered(
    raceway: Raceway,
    make_run: MakeRun,
    make_group: MakeGroup,
    tmp_path: Path,
    command: tuple[str, ...],
) -> None:
    with Journal.create(tmp_path / "results" / "machine", make_run().header) as left:
        left.append(JournalLine(group=make_group(0)))
    code, output, errors = raceway(*command)

    assert (
        output[0]
        == f"recovered an interrupted run: {left.path.with_suffix('.json').relative_to(tmp_path)}"
    )
    assert (code, errors) == (0, [])


def test_a_journal_that_cannot_be_recovered_is_named_in_one_line(
    raceway: Raceway, tmp_path: Path
) -> None:
    broken = tmp_path / "results" / "machine" / "broken.journal"
    broken.parent.mkdir(parents=True)
    broken.write_text("{\n", encoding="utf-8")
    code, output, (error,) = raceway("recover")

    assert error.startswith("results/machine/broken.journal: not JSON ")
    assert (code, output) == (0, [])


def test_nothing_to_recover_is_told(raceway: Raceway) -> None:
    assert raceway("recover") == (0, ["nothing to recover"], [])


def test_a_reader_that_goes_away_is_no_trouble(saved_file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "report", str(saved_file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    errors = process.stderr.read()
    process.stderr.close()

    assert (process.wait(), errors) == (ExitCode.UNREAD, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
@pytest.mark.usefixtures("saved_file")
@pytest.mark.parametrize("command", [["report"], ["history"], ["report", "--html=-"]])
def test_a_full_disk_behind_standard_output_is_told_in_one_line(
    tmp_path: Path, command: list[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *command],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 4
    assert done.stderr.splitlines()[-1].startswith(
        "raceway: cannot write (No space left on device). Free some space"
    )
    assert "Traceback" not in done.stderr
