from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.record import JournalLine, Status
from raceway.store.journal import Journal
from support.journals import wait_for_a_group
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway
    from support.saved import Saved


MAIN = "from raceway.cli import main; main()"
QUICKLY = ("--models=serial,threads", "--launches=1", "--budget=30")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--models=bogus"], "--models bogus: no such model; choose from asyncio, "),
        (["--models=serial,"], "--models 'serial,': give names, separated by commas"),
        (["--sizes=bogus"], "--sizes bogus: no such size; choose from "),
        (["--workers=x"], "--workers x: give whole numbers above 0, like 1,2,4"),
        (["--device=bogus"], "--device bogus: choose from auto, cpu, cuda, cuda:N"),
        (["--resume"], "--resume: results/"),
        (["--profile=bogus"], "--profile bogus: no such profile; choose from smoke, "),
        (["--launches=0"], "--launches 0: give a number above 0"),
        (["--budget=nan"], "--budget nan: give a number above 0"),
        (["--group-timeout=0"], "--group-timeout 0.0: give a number above 0"),
        (["--machine=../up"], "machine name '../up' is not a valid folder name everywhere."),
        (["--interpreter=a"], "--interpreter a: give LABEL=COMMAND "),
        (["--interpreter=a=/no/such/python"], "interpreter a: not a Python 3.11 or newer "),
        (["missing.py"], "--workload missing.py: no such file; give a Python file"),
        (["--model=missing.py"], "--model missing.py: no such file; give a Python file"),
        (
            ["--executor=nowhere:make"],
            "--executor nowhere:make: no module nowhere here, in src, or",
        ),
    ],
)
def test_what_cannot_be_raced_is_refused_in_one_line(
    raceway: Raceway, tiny: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    code, output, (error,) = raceway("race", str(tiny), *options)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])
    assert not (tmp_path / "results").exists()


def test_an_unusable_results_folder_is_told_in_one_line(raceway: Raceway, tiny: Path) -> None:
    code, output, (error,) = raceway("race", str(tiny), f"--results={tiny}")

    assert "cannot begin a journal (Not a directory). Check the folder and its disk" in error
    assert (code, output) == (4, [])


def test_a_race_is_reported_and_saved(raceway: Raceway, tiny: Path, saved: Saved) -> None:
    code, output, errors = raceway("race", str(tiny), *QUICKLY)

    (run,) = saved()
    assert run.status is Status.OK
    assert any(line.startswith("  tiny-few: ") for line in output)
    assert (code, errors) == (0, [])


def test_a_raced_case_is_named_without_a_test(raceway: Raceway, tiny: Path, saved: Saved) -> None:
    raceway("race", str(tiny), "--models=serial", *QUICKLY[1:])

    (run,) = saved()
    assert run.records[0].fullname == "raceway::tiny-few-serial-w1"


def test_only_the_files_given_are_raced(raceway: Raceway, tiny: Path, saved: Saved) -> None:
    raceway("race", str(tiny), *QUICKLY)

    (run,) = saved()
    assert {record.workload for record in run.records} == {"tiny"}


def test_a_list_may_hold_blanks(raceway: Raceway, tiny: Path, saved: Saved) -> None:
    raceway("race", str(tiny), "--models=serial, threads", *QUICKLY[1:])

    (run,) = saved()
    assert {record.model for record in run.records} == {"serial", "threads"}


def test_workloads_of_raceways_own_are_raced_by_name(raceway: Raceway, saved: Saved) -> None:
    code, _, errors = raceway(
        "race", "--workloads=primes", "--sizes=1000", "--models=serial", "--save-host", *QUICKLY[1:]
    )

    (run,) = saved()
    assert [record.id for record in run.records] == ["primes-1000-serial-w1"]
    assert run.header.machine.host
    assert (code, errors) == (0, [])


def test_the_workers_can_be_given(raceway: Raceway, tiny: Path, saved: Saved) -> None:
    raceway("race", str(tiny), "--models=threads", "--workers=1, 3", *QUICKLY[1:])

    (run,) = saved()
    assert [record.workers for record in run.records] == [1, 3]


def test_a_race_needs_something_to_race(raceway: Raceway) -> None:
    code, output, (error,) = raceway("race")

    assert error.startswith("raceway: nothing to race: give package.module:function with --items")
    assert (code, output) == (4, [])


def test_a_race_goes_on_from_an_interrupted_one(
    raceway: Raceway, tiny: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Journal.append

    def refuse_second_launch(self: Journal, line: JournalLine) -> None:
        if line.group and line.group.launch == 1:
            raise StoreError("the disk is full. Free some space.")
        append(self, line)

    call = ("race", str(tiny), "--models=serial", "--launches=2", "--budget=30")
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", refuse_second_launch)
        raceway(*call)
    (before,) = saved()
    code, output, errors = raceway(*call, "--resume")

    after = max(saved(), key=lambda run: run.header.started_at)
    assert after.header.resumed_from == before.header.run_id
    assert after.records[0].launches[0] == before.records[0].launches[0]
    assert output[0] == f"resumed run {before.header.run_id}: 1 group kept"
    assert (after.status, code, errors) == (Status.OK, 0, [])


def test_a_race_that_fails_midway_saves_what_had_finished(
    raceway: Raceway, tiny: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Journal.append

    def refuse_second_group(self: Journal, line: JournalLine) -> None:
        if line.group and line.group.launch == 1:
            raise StoreError("the disk is full. Free some space.")
        append(self, line)

    monkeypatch.setattr(Journal, "append", refuse_second_group)
    code, output, errors = raceway("race", str(tiny), "--models=serial", "--launches=2")

    (run,) = saved()
    assert [group.launch for group in run.groups] == [0]
    assert output[-1].startswith("interrupted; what had finished is saved: results")
    assert (code, errors) == (4, ["raceway: the disk is full. Free some space."])


def test_a_race_interrupted_in_its_first_group_leaves_nothing(
    raceway: Raceway, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("raceway.session.session.Session.race", interrupt)

    assert raceway("race", str(tiny), *QUICKLY) == (130, [], ["raceway: interrupted"])
    assert list(tmp_path.glob("results/*/*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_saves_what_had_finished(tiny: Path, tmp_path: Path, saved: Saved) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "race", str(tiny), "--models=serial", "--launches=1000"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    wait_for_a_group(process, tmp_path)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE_S)

    (run,) = saved()
    assert run.status is Status.INTERRUPTED
    assert process.returncode == 130
    assert "interrupted; what had finished is saved: " in output


def test_models_of_ones_own_race_beside_those_chosen(
    raceway: Raceway, tiny: Path, tmp_path: Path, saved: Saved
) -> None:
    (tmp_path / "my_model.py").write_text("from raceway.models.threads import MODEL")
    (tmp_path / "cli_engines.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor as make_pool"
    )
    own = ("--models=serial,my-model", "--model=my_model.py", "--executor=cli_engines:make_pool")
    code, output, _ = raceway("race", str(tiny), *own, *QUICKLY[1:])

    (run,) = saved()
    assert code in {0, 2}
    assert {record.model: record.status for record in run.records} == {
        "serial": Status.OK, "my-model": Status.OK, "executor-make-pool": Status.OK,
    }  # fmt: skip
    assert set(run.header.files) == {"tiny", "models/my-model"}
    assert any("executor-make-pool" in line for line in output)


def test_an_engine_is_not_raced_unless_it_is_named(raceway: Raceway, tiny: Path) -> None:
    _, output, _ = raceway("list", f"--workload={tiny}")

    told = " ".join(" ".join(output).split())
    assert "not in the default profile: needs --models dask" in told
