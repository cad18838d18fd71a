from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from raceway.measure.group.plan import Progress
from raceway.record import GroupResult, Launch, Noise, Status
from raceway.session.progress import ProgressDisplay, launch_of, left

Consoles = Callable[..., Console]


def progress_at(groups_done: int = 0, group: str = "primes-100", cases: int = 7) -> Progress:
    return Progress(
        launch=1,
        launches=2,
        group=group,
        groups_done=groups_done,
        groups=4,
        cases=cases,
        left_s=10.0 * (4 - groups_done) if groups_done else None,
    )


def group_with(launch: Launch) -> GroupResult:
    return GroupResult(
        id="primes-100",
        launch=0,
        started_at="2026-11-23T04:55:00+00:00",
        wall_s=1.0,
        noise=Noise(),
        launches={"primes-100-pool-w2": launch},
    )


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=80)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def shown(console: Console) -> list[str]:
    """Return the lines a terminal was given, without the codes that move its cursor."""
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "\r", written(console))
    return [line.strip() for line in re.split(r"[\r\n]+", plain) if line.strip()]


@pytest.fixture
def passing_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that lets time pass."""
    now_s = 1_000.0

    def wait(seconds: float) -> None:
        nonlocal now_s
        now_s += seconds

    monkeypatch.setattr("raceway.session.progress.time.monotonic", lambda: now_s)
    return wait


def test_a_terminal_shows_at_once_that_something_is_going_on() -> None:
    console = terminal()
    with ProgressDisplay(console):
        assert any("measuring what the hardware can do" in line for line in shown(console))


def test_a_terminal_shows_launch_group_count_and_time_left() -> None:
    console = terminal()
    with ProgressDisplay(console) as display:
        display.started(progress_at(groups_done=1))

    assert re.fullmatch(r"launch 1: primes-100 \S+ +1/4 30 s left", shown(console)[-1])


def test_a_terminal_is_left_without_the_bar() -> None:
    console = terminal()
    with ProgressDisplay(console) as display:
        display.started(progress_at())

    assert written(console).endswith("\x1b[1A\x1b[2K")


def test_a_terminal_is_drawn_on_between_groups_only() -> None:
    console = terminal()
    with ProgressDisplay(console) as display:
        display.started(progress_at())
        drawn = written(console)
        display.finished(group_with(Launch(index=0)))
        display.peaked([])

        assert written(console) == drawn


def test_a_pipe_gets_plain_lines() -> None:
    console = pipe()
    with ProgressDisplay(console) as display:
        display.started(progress_at(groups_done=1))

    assert written(console) == ("launch 1, group 2 of 4: primes-100, 7 cases, 30 s left\n")


def test_a_single_case_is_not_several() -> None:
    console = pipe()
    ProgressDisplay(console).started(progress_at(cases=1))

    assert written(console).endswith(", 1 case\n")


def test_a_pipe_gets_a_line_now_and_then(passing_time: Callable[[float], None]) -> None:
    console = pipe()
    with ProgressDisplay(console) as display:
        for done in range(4):
            display.started(progress_at(groups_done=done))
            passing_time(2.0)

    assert [line.partition(":")[0] for line in written(console).splitlines()] == [
        "launch 1, group 1 of 4",
        "launch 1, group 4 of 4",
    ]


@pytest.mark.parametrize("console", [terminal(), pipe()], ids=["terminal", "pipe"])
def test_a_failure_is_told_in_one_line_as_soon_as_its_group_is_over(console: Console) -> None:
    failed = Launch(index=0, status=Status.FAILED, reason="wrong answer: [1] " + "and " * 30)
    with ProgressDisplay(console) as display:
        display.started(progress_at())
        display.finished(group_with(failed))

    assert f"primes-100-pool-w2: failed: {failed.reason}".strip() in shown(console)


def test_a_reason_is_told_once_however_many_cases_and_launches_it_stopped() -> None:
    console = pipe()
    display = ProgressDisplay(console)
    failed = Launch(index=0, status=Status.FAILED, reason="changes its argument")
    both = msgspec.structs.replace(
        group_with(failed), launches={"primes-100-pool-w2": failed, "primes-100-serial-w1": failed}
    )
    for _ in range(3):
        display.finished(both)

    assert written(console) == "primes-100: 2 cases: failed: changes its argument\n"


def test_names_are_shown_as_they_are() -> None:
    console = pipe()
    ProgressDisplay(console).started(progress_at(group="[red]mine[/red]"))

    assert "[red]mine[/red]" in written(console)


@pytest.mark.parametrize(
    ("groups_done", "words"), [(0, ""), (3, "10 s left"), (1, "30 s left"), (2, "20 s left")]
)
def test_the_time_left_is_known_after_the_first_group(groups_done: int, words: str) -> None:
    assert left(progress_at(groups_done)) == words


def test_a_long_time_left_is_told_in_minutes() -> None:
    long = Progress(
        launch=1, launches=1, group="sleep-10", groups_done=1, groups=3, cases=1, left_s=124.8
    )

    assert left(long, ", ") == ", 2 min 05 s left"


def test_the_last_launch_says_that_it_is() -> None:
    assert [launch_of(replace(progress_at(), launch=launch)) for launch in (1, 2)] == [
        "launch 1", "launch 2 of 2",
    ]  # fmt: skip
