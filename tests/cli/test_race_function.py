"""`raceway race package.module:function`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.cli.race import BUDGET_S, within_a_minute
from raceway.record import Status
from raceway.session.options import Asked
from support.called import FILES, forgotten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.command import Raceway
    from support.files import MakeTree
    from support.saved import Saved

QUICKLY = ("--launches=1", "--budget=30")


@pytest.fixture(autouse=True)
def here(make_tree: MakeTree) -> Iterator[Path]:
    """Put the user's package below src in the current folder."""
    with forgotten():
        yield make_tree({f"src/{path}": text for path, text in FILES.items()})


def test_a_function_is_raced_by_its_name(raceway: Raceway, saved: Saved) -> None:
    code, output, errors = raceway(
        "race", "mysvc.core:spin", "--items=[1000, 2000]", "--repeat=4",
        "--models=serial,threads,processes-spawn", *QUICKLY,
    )  # fmt: skip

    (run,) = saved()
    assert {record.id for record in run.records} == {
        "spin-8-serial-w1", "spin-8-threads-w2", "spin-8-processes-spawn-w2",
    }  # fmt: skip
    assert {record.status for record in run.records} == {Status.OK}
    assert output[0].startswith("mysvc.core:spin: 8 items of about ")
    assert any(line.startswith("  spin-8: ") for line in output)
    assert (code, errors) == (0, [])


def test_a_method_with_keyword_arguments_setup_and_agrees_reaches_fresh_workers(
    raceway: Raceway, saved: Saved
) -> None:
    code, _, errors = raceway(
        "race", "mysvc.core:parse", "--items=[1, 2]", '--kwargs={"strict": true}',
        "--setup=mysvc.core:prepare", "--agrees=mysvc.core:near",
        "--models=serial,processes-spawn", *QUICKLY,
    )  # fmt: skip

    (run,) = saved()
    assert [record.reason for record in run.records] == ["", ""]
    assert (code, errors) == (0, [])


def test_a_pair_races_side_by_side(raceway: Raceway, saved: Saved, here: Path) -> None:
    (here / "waits.txt").write_text("0.001\n" * 4, encoding="utf-8")
    (here / "waits.json").write_text("[0.001, 0.001]", encoding="utf-8")
    raceway(
        "race", "mysvc.core:fetch", "--async=mysvc.core:afetch", "--items-from=waits.json",
        "--models=serial,threads,asyncio", *QUICKLY,
    )  # fmt: skip

    (run,) = saved()
    assert {record.model for record in run.records} == {"serial", "threads", "asyncio"}
    assert {record.kind for record in run.records} == {"io"}
    assert not any(record.blocking for record in run.records)


def test_a_coroutine_function_races_on_event_loops(raceway: Raceway, saved: Saved) -> None:
    _, output, _ = raceway("race", "mysvc.core:afetch", "--items=[0.001, 0.001]", *QUICKLY)

    (run,) = saved()
    assert {record.model for record in run.records} >= {"serial", "asyncio"}
    assert not {record.model for record in run.records} & {"threads", "processes-fork", "pool"}
    assert output[1].startswith("a coroutine function: it races on event loops, against ")


def test_a_run_tells_the_commit_of_the_users_file(
    raceway: Raceway, saved: Saved, here: Path
) -> None:
    raceway("race", "mysvc.core:parse", "--items=[1]", "--models=serial", *QUICKLY)

    (run,) = saved()
    assert list(run.header.files) == ["parse"]
    assert not list(here.glob("parse.py"))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["mysvc.core:parse"], "mysvc.core:parse: nothing to call it with; give --items '[…]' or"),
        (["mysvc.core:parse", "--items=1,2"], "--items: not JSON (Extra data: line 1, column 2)"),
        (["mysvc.core:parse", "--items=[]"], "--items: no item; give at least one"),
        (["mysvc.core:parse", "--items-from=a.json"], "--items-from a.json: no such file; give"),
        (["mysvc.core:parse", "--items=[1]", "--items-from=a"], "--items and --items-from: give"),
        (["mysvc.core:parse", "--items=[1]", "--kwargs=[]"], "--kwargs: a list, not an object"),
        (["mysvc.core:parse", "--items=[1]", "--repeat=0"], "repeat 0: give a whole number above"),
        (["mysvc.core:nope", "--items=[1]"], "mysvc.core:nope: mysvc.core has no nope; "),
        (["mysvc.core:LIMIT", "--items=[1]"], "mysvc.core:LIMIT: of type int, which cannot be"),
        (["mysvc.core:lines", "--items=[1]"], "mysvc.core:lines: a generator function, which does"),
        (["mysvc.core:broken", "--items=[1]"], "mysvc.core:broken: "),
        (["nope:f", "--items=[1]"], "nope:f: no module nope here, in src, or installed; give"),
        (["mysvc.core", "--items=[1]"], "mysvc.core: no such file; give package.module:function"),
        (["mysvc.core:parse", "a.py"], "mysvc.core:parse a.py: race one function at a time"),
        (["--items=[1]"], "--items: only for a function; give package.module:function"),
        (["--async=a:b"], "--async: only for a function; give package.module:function"),
        (["mysvc.core:parse", "--workloads=primes"], "--workloads: not beside mysvc.core:parse"),
        (
            ["mysvc.core:parse", "--items=[1]", "--setup=mysvc.core:x"],
            "--setup mysvc.core:x: mysvc.core has no x; give",
        ),
        (
            ["mysvc.core:parse", "--items=[1]", "--agrees=mysvc.core:LIMIT"],
            "--agrees mysvc.core:LIMIT: of type int, which cannot be called",
        ),
    ],
    ids=str,
)
def test_a_call_that_cannot_be_raced_is_refused_in_one_line(
    raceway: Raceway, here: Path, call: list[str], said: str
) -> None:
    code, output, (error,) = raceway("race", *call)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])
    assert not (here / "results").exists()


def test_an_unknown_size_is_refused_in_one_line(raceway: Raceway) -> None:
    code, _, errors = raceway("race", "mysvc.core:parse", "--items=[1]", "--sizes=9")

    assert errors == ["raceway: --sizes 9: no such size; choose from 1"]
    assert code == 4


def test_an_answer_takes_less_than_a_minute_unless_a_length_is_given() -> None:
    assert within_a_minute(Asked({})).line["budget"] == BUDGET_S
    for given in ({"budget": 90.0}, {"profile": "full"}, {"launches": 8}):
        assert within_a_minute(Asked(given)).line == given
