"""A gate on the terminal and as plain data."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from rich.console import Console

from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.report.comparison.gate import (
    MOST_NAMED,
    Judgement,
    gate_data,
    outcome_lines,
    show_again,
    show_first,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row


def of(comparison: Comparison, verdict: Verdict) -> list[Row]:
    return [row for row in comparison.rows if row.verdict is verdict]


def shown(show: Callable[..., None], *arguments: object) -> list[str]:
    console = Console(file=io.StringIO(), width=120)
    show(*arguments, console)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def words(every_verdict: Comparison) -> Callable[..., list[str]]:
    """Return what gives the last words on every verdict."""

    def last(code: int, **found: Any) -> list[str]:
        return [line.plain for line in outcome_lines(Judgement(first=every_verdict, **found), code)]

    return last


def test_suspects_are_named_before_they_are_raced_again(every_verdict: Comparison) -> None:
    lines = shown(show_first, every_verdict, of(every_verdict, Verdict.SLOWER), "")
    place = lines.index("suspects (look slower, perhaps by chance)")

    assert lines[place + 1].startswith("  sleep-slower-threads-w64: +20.0% [+")


def test_without_suspects_none_are_spoken_of(every_verdict: Comparison) -> None:
    assert not any("suspects" in line for line in shown(show_first, every_verdict, [], ""))


def test_what_the_saved_runs_say_ends_with_what_else_differs(every_verdict: Comparison) -> None:
    lines = shown(show_first, every_verdict, [], "")

    assert lines[-2].startswith("nothing else differs")


def test_from_another_host_it_is_said_that_every_case_is_raced(every_verdict: Comparison) -> None:
    suspects = of(every_verdict, Verdict.UNCLEAR)
    lines = shown(show_first, every_verdict, suspects, "another host (microcode)")

    said = "another host (microcode): every case is raced against the baseline's revision"
    assert said in lines
    assert not any("suspects" in line for line in lines)


def test_the_cases_of_a_duel_are_a_table(every_verdict: Comparison) -> None:
    lines = shown(show_again, every_verdict, every_verdict.b)

    assert lines[0] == "a duel of the baseline's revision and this one, turn by turn"
    assert "slower" in lines


def test_settings_that_differ_between_sides_are_told(every_verdict: Comparison) -> None:
    a, b = every_verdict.a, with_setting(every_verdict.b, "LD_PRELOAD")
    lines = shown(show_again, replace(every_verdict, a=a, b=b), b)

    assert "note: LD_PRELOAD differs between the sides, and may change timing by itself" in lines
    assert len([line for line in lines if line.startswith("note: ")]) == 1


def test_settings_in_which_a_run_differs_from_its_duel_are_told(
    every_verdict: Comparison,
) -> None:
    lines = shown(show_again, every_verdict, with_setting(every_verdict.b, "MALLOC_ARENA_MAX"))

    said = "differs between the run that is judged and its duel, and may change timing by itself"
    assert f"note: MALLOC_ARENA_MAX {said}" in " ".join(lines)


def with_setting(side: Side, name: str) -> Side:
    run = side.runs[-1]
    first, *others = run.header.environments
    environments = [msgspec.structs.replace(first, settings={name: "1"}), *others]
    header = msgspec.structs.replace(run.header, environments=environments)
    return Side(side.label, [msgspec.structs.replace(run, header=header)], side.interpreter)


def test_cases_that_were_lost_or_left_out_are_named_with_why(
    words: Callable[..., list[str]],
) -> None:
    lines = words(1, lost={"a": "failed: no answer"}, left_out={"b": "no GPU"})

    assert lines[0].endswith(": 1 case failed or vanished")
    assert lines[1:] == ["  a: failed: no answer", "left out of this run: 1 case", "  b: no GPU"]


def test_data_names_what_was_lost_or_left_out(every_verdict: Comparison) -> None:
    found = Judgement(first=every_verdict, lost={"a": "failed"}, left_out={"b": "no GPU"})
    data = gate_data(found, 1)

    assert (data["lost"], data["left_out"]) == (
        [{"case": "a", "reason": "failed"}], [{"case": "b", "reason": "no GPU"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"),
    [(0, "gate passed"), (1, "gate failed"), (2, "gate could not judge")],
)
def test_the_outcome_comes_first(words: Callable[..., list[str]], code: int, text: str) -> None:
    assert words(code) == [text]


def test_confirmed_cases_are_counted_and_named(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    first, second = words(1, confirmed=of(every_verdict, Verdict.SLOWER))

    assert ": 1 case slower than at " in first
    assert second.startswith("  sleep-slower-threads-w64: ")


def test_a_failed_gate_tells_between_which_commits(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    assert words(1, confirmed=of(every_verdict, Verdict.SLOWER))[0] == (
        "gate failed at commit 0123456 with uncommitted changes: 1 case slower than at 0123456"
        " with uncommitted changes, shown by a duel"
    )


def test_an_obstacle_is_told(words: Callable[..., list[str]]) -> None:
    assert words(2, reason="another machine") == ["gate could not judge: another machine"]


def test_an_obstacle_does_not_act_on_the_terminal(words: Callable[..., list[str]]) -> None:
    assert words(2, reason="\x1b[2J") == [r"gate could not judge: \x1b[2J"]


def test_open_cases_are_named_with_why(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    lines = words(0, still_open=of(every_verdict, Verdict.UNCLEAR))

    assert lines[1] == "still unclear: 1 case"
    assert lines[2].endswith("(the interval is too wide)")


def test_what_an_open_case_could_have_seen_is_told(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    assert ", could see " in words(0, still_open=of(every_verdict, Verdict.UNCLEAR))[2]


def test_a_missing_case_could_have_seen_nothing(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    line = words(0, still_open=of(every_verdict, Verdict.MISSING))[2]

    assert line == "  sleep-missing-threads-w64: ~ (failed: a wrong answer)"


def test_of_many_cases_the_rest_is_counted(
    words: Callable[..., list[str]], every_verdict: Comparison
) -> None:
    many = of(every_verdict, Verdict.SLOWER) * (MOST_NAMED + 3)

    assert words(1, confirmed=many)[MOST_NAMED + 1 :] == ["  and 3 more"]


@pytest.mark.parametrize(("code", "outcome"), [(0, "passed"), (1, "regressed"), (2, "unjudged")])
def test_data_has_the_outcome_and_its_code(
    every_verdict: Comparison, code: int, outcome: str
) -> None:
    data = gate_data(Judgement(first=every_verdict), code)

    assert (data["outcome"], data["exit_code"]) == (outcome, code)


def test_data_has_the_keys_documented(every_verdict: Comparison) -> None:
    assert set(gate_data(Judgement(first=every_verdict), 0)) == {
        "schema", "outcome", "exit_code", "reason", "confirmed", "lost", "left_out",
        "comparison", "duel",
    }  # fmt: skip


def test_data_names_the_confirmed_cases(every_verdict: Comparison) -> None:
    data = gate_data(Judgement(first=every_verdict, confirmed=of(every_verdict, Verdict.SLOWER)), 1)

    assert data["confirmed"] == ["sleep-slower-threads-w64"]


def test_data_of_a_gate_that_raced_nothing_again_has_null(every_verdict: Comparison) -> None:
    assert gate_data(Judgement(first=every_verdict), 0)["duel"] is None


def test_data_is_strict_json(every_verdict: Comparison) -> None:
    assert json.dumps(
        gate_data(Judgement(first=every_verdict, again=every_verdict), 0), allow_nan=False
    )
