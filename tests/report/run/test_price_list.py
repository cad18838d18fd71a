"""The machine's prices within a report: few lines, each price with its interval."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.tariff import tariff_of
from raceway.record import Called
from raceway.report.run.price_list import chosen, known_prices, price_texts
from raceway.store.runs import load
from support.priced import TRUE, a_priced_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run

RESULTS = Path(__file__).parents[3] / "results"
NEWEST = {path.parent: path for path in sorted(RESULTS.glob("*/*.json"))}.values()
"""Of each machine."""
MOST_LINES = 10


def told(run: Run, width: int = 120) -> list[str]:
    return [text.plain for text in price_texts(run, width)]


@pytest.fixture(scope="module")
def noisy() -> Run:
    return a_priced_run(noise={"pool": 0.1, "threads": 0.02, "asyncio": 0.02})


def test_a_report_tells_what_each_model_asks_for_with_intervals(noisy: Run) -> None:
    lines = told(noisy)
    rows = {line.split()[0]: line for line in lines[2:-1]}

    assert lines[0].startswith("Prices  of each model, ± half the 95 % interval")
    assert set(rows) == set(TRUE)
    assert "10 MiB" in rows["pool"]
    assert "±" in rows["pool"]
    assert lines[-1].startswith("a wait: a task that waits")


def test_true_prices_are_found_again() -> None:
    (row,) = (line for line in told(a_priced_run()) if line.startswith("processes-fork"))
    known = re.sub(r" ±\S+ %", "", row).split("  ")

    assert [cell.strip() for cell in known if cell] == [
        "processes-fork", "90 µs", "100 µs", "4 ms", "6 ms", "1.01×", "12 MiB",
    ]  # fmt: skip


def test_prices_stand_behind_all_tables(noisy: Run, screen: Callable[..., str]) -> None:
    lines = screen(noisy, 120).splitlines()
    (place,) = (at for at, line in enumerate(lines) if line.startswith("Prices  "))
    tables = [at for at, line in enumerate(lines) if line.startswith("sleep-1000")]

    assert place > max(tables)


def test_a_run_with_too_few_cases_has_no_prices() -> None:
    run = a_priced_run("primes")
    few = [record for record in run.records if record.size in {"100", "1000"}]

    assert told(msgspec.structs.replace(run, records=few)) == []


def test_what_was_not_raced_has_no_column() -> None:
    titles = told(a_priced_run("primes", "factorial"))[1]

    assert "a wait" not in titles
    assert "a task" in titles


def test_a_report_on_a_function_of_ones_own_has_no_prices(screen: Callable[..., str]) -> None:
    run = a_priced_run("primes")
    called = {"primes": Called(function="mine:primes")}
    own = msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, called=called))

    assert "Prices  " in screen(run)
    assert "Prices  " not in screen(own)


def test_of_many_models_each_family_has_its_turn(noisy: Run) -> None:
    found = known_prices(tariff_of([noisy], "current"))

    assert chosen(found, 3) == ["asyncio", "threads", "pool"]
    assert chosen(found, 9) == list(found)
    assert Work.WAITS in found["pool"]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("path", NEWEST, ids=lambda path: path.stem[-8:])
def test_the_prices_of_saved_runs_are_short_and_leave_the_first_screen_alone(
    screen: Callable[..., str], path: Path, width: int
) -> None:
    ((_, run),) = load([path]).runs
    lines = screen(run, width).splitlines()
    begins = [at for at, line in enumerate(lines) if line.startswith("Prices  ")]

    assert max(map(len, lines)) <= width
    for at in begins:
        assert at > 24
        assert lines.index("", at) - at <= MOST_LINES
    computes = [each for each in run.records if each.kind == "cpu" and each.launches]
    assert len(begins) == bool(computes)
