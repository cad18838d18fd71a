"""History on the terminal and as data."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from rich.console import Console

from raceway.record import Commit
from raceway.report.history.data import history_data
from raceway.report.history.terminal import show_history
from support.past import history_in, noisy, past, with_python

if TYPE_CHECKING:
    from raceway.record import Header

SLOWER = noisy(40, 1.2, 20)


def screen(*pasts: list[Any], width: int = 80, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    every = history_in([run for runs in pasts for run in runs])
    show_history(every, Console(file=file, width=width))
    file.seek(0)
    return file.read().splitlines()


def words(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def with_new_numpy(day: int, header: Header) -> Header:
    return with_python(header, libraries={"numpy": "2.0"}) if day >= 20 else header


def test_a_series_is_a_line_under_its_machine_and_interpreter() -> None:
    place, header, row, *_ = screen(past([1.0, 1.0, 1.5]))

    assert place == "one  CPython 3.13 (current)"
    assert header.split("  ")[0] == "case"
    assert row.split() == ["primes-4000-serial-w1@", "▁▁█", "1.00", "s", "1.50", "s", "1.50×", "3"]


def test_a_change_is_told_with_what_else_changed() -> None:
    lines = screen(past(SLOWER, edit=with_new_numpy))

    assert (
        "% at 0000014 (2026-09-21); commits 0000013..0000014; numpy 1.26 -> 2.0;"
        " no other machine measured this" in words(lines)
    )


def test_the_effect_of_a_change_is_signed() -> None:
    assert " +2" in words(screen(past(SLOWER)))
    assert " -19.9 %" in words(screen(past(noisy(40, 0.8, 20))))


@pytest.mark.parametrize(
    ("commit", "said"),
    [("ab" * 20, "same commit before it"), ("unversioned", "commits unknown")],
)
def test_commits_that_say_nothing_are_said_to(commit: str, said: str) -> None:
    def edit(_: int, header: Header) -> Header:
        return msgspec.structs.replace(header, commit=Commit(id=commit))

    assert f"(2026-09-21); {said};" in words(screen(past(SLOWER, edit=edit)))


def test_a_change_on_one_machine_only_says_where_it_is_not() -> None:
    lines = screen(past(SLOWER), past(noisy(40), machine="two"))

    assert "only on this machine, not on two" in words(lines)


def test_a_change_on_all_machines_says_so() -> None:
    lines = screen(past(SLOWER), past(SLOWER, machine="two"))

    assert words(lines).count("on all machines") == 2


def test_a_change_on_some_machines_names_them() -> None:
    others = [past(SLOWER, machine="two"), past(noisy(40), machine="three")]

    assert "also on two, not on three" in words(screen(past(SLOWER), *others))


def test_noisy_runs_are_counted() -> None:
    assert screen(past([1.0, 1.0, 1.0], noise=[1]))[2].endswith("3 (1 noisy)")


def test_the_end_counts_changes_and_tells_what_is_too_short() -> None:
    lines = screen(past(SLOWER), past([1.0], size="9"))

    assert lines[-2:] == [
        "1 change of level in 2 series",
        "1 series too short to show a change: it takes 12 quiet runs",
    ]


def test_no_change_is_said() -> None:
    assert screen(past(noisy(40)))[-1] == "no change of level in 1 series"


def test_machines_are_set_apart_by_an_empty_line() -> None:
    lines = screen(past([1.0]), past([1.0], machine="two"))

    assert lines[3:5] == ["", "two  CPython 3.13 (current)"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    lines = screen(past(SLOWER, edit=with_new_numpy), width=width)

    assert max(map(len, lines)) <= width


def test_a_console_without_bars_gets_plain_characters() -> None:
    row = screen(past([1.0, 1.0, 1.5]), encoding="ascii")[2]

    assert row.split()[1:] == ["__#", "1.00", "s", "1.50", "s", "1.50x", "3"]


def test_names_of_strangers_cannot_act_on_the_terminal() -> None:
    text = "\n".join(screen(past([1.0], machine="\x1b[2Jone")))

    assert "\x1b" not in text


def test_data_holds_all_points_and_what_changed() -> None:
    values = list(SLOWER)
    values[3] = 9.0
    data = history_data(history_in(past(values, noise=[3], edit=with_new_numpy)))
    (series,) = data["series"]
    (change,) = series["changes"]

    assert data["schema"] == "raceway-history/2"
    assert (series["machine"], series["normalisation"], series["long_enough"]) == (
        "one",
        "raw",
        True,
    )
    assert [point["judged"] for point in series["points"]].index(False) == 3
    assert change["index"] == 20
    assert change["ratio"] == pytest.approx(1.2, rel=0.02)
    assert change["run_before"] == "one-019"
    assert change["differences"] == [{"what": "numpy", "before": "1.26", "after": "2.0"}]
    assert change["where"] == "no other machine measured this"


def test_data_is_strict_json() -> None:
    data = history_data(history_in(past(SLOWER)))

    assert json.loads(json.dumps(data, allow_nan=False)) == data
