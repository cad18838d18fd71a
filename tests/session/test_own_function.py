"""A function of the user's own becomes a workload; nothing is declared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raceway.case import Kind
from raceway.errors import TargetError
from raceway.plan.catalogue import discover
from raceway.plan.profile import DEFAULT
from raceway.plan.target.target import Target
from raceway.session.gauging import Gauge
from raceway.session.options import Options
from raceway.session.own_function import own_function

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Return the options of a short race."""
    return Options(results=tmp_path / "results", budget_s=10.0)


def test_that_a_function_waits_is_found_by_running_it(core: ModuleType, options: Options) -> None:
    with own_function(Target.of(core.fetch, [0.01, 0.02]), options) as own:
        work = discover(own.options.workload_files).workloads[own.name]

    assert work.kind is Kind.IO
    first_s, second_s = work.demand("2").waits_s
    assert first_s > 0.009
    assert second_s > 0.018
    assert "it waits" in own.notes[0]


def test_that_a_function_computes_is_found_by_running_it(
    core: ModuleType, options: Options
) -> None:
    with own_function(Target.of(core.spin, [300_000] * 3), options) as own:
        work = discover(own.options.workload_files).workloads[own.name]

    assert work.kind is Kind.CPU
    assert work.wait_s is None
    assert own.options.selection.workloads == (own.name,) == ("spin",)


def test_a_function_that_fails_is_told_before_the_race(core: ModuleType, options: Options) -> None:
    with (
        pytest.raises(TargetError, match=r"mysvc.core:broken: .*ValueError: 1 is no good"),
        own_function(Target.of(core.broken, [1]), options),
    ):
        pass


def test_nothing_is_left_of_the_file(core: ModuleType, options: Options) -> None:
    with own_function(Target.of(core.parse, [1]), options) as own:
        (file,) = own.options.workload_files
        assert file.is_file()

    assert not file.parents[2].exists()


def test_a_function_named_as_a_builtin_workload_gets_another_name(
    core: ModuleType, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.parse, "__name__", "primes")

    with own_function(Target.of(core.parse, [1]), options) as own:
        assert own.name == "my-primes"


def gauge(core: ModuleType, count: int, wall_s: float, wait_s: float = 0.0) -> Gauge:
    target = Target.of(core.parse, range(count))
    return Gauge(target, DEFAULT, range(count), [wall_s] * count, [wait_s] * count)


def test_sizes_are_cut_to_the_budget_and_that_is_told(core: ModuleType) -> None:
    cut = gauge(core, 1000, DEFAULT.budget_s / 20_000)

    assert cut.sizes == (12, 100)
    assert "raced with 100 of the 1000 items" in "\n".join(cut.notes())


def test_a_pass_that_waits_is_short_enough_to_be_measured(core: ModuleType) -> None:
    waiting = gauge(core, 1000, 0.01, 0.01)

    assert 0 < waiting.sizes[-1] * 0.01 < DEFAULT.longest_round_s


def test_all_items_race_if_they_fit(core: ModuleType) -> None:
    whole = gauge(core, 1000, 1e-6)

    assert whole.sizes == (125, 1000)
    assert "more do not fit" not in "\n".join(whole.notes())


def test_a_short_race_is_of_one_size(core: ModuleType) -> None:
    profile = replace(DEFAULT, budget_s=45.0)

    assert replace(gauge(core, 64, 1e-6), profile=profile).sizes == (64,)


def test_few_items_are_one_size(core: ModuleType) -> None:
    assert gauge(core, 3, 1e-6).sizes == (3,)


def test_items_that_were_not_timed_wait_as_long_as_the_shortest(core: ModuleType) -> None:
    known = Gauge(Target.of(core.parse, range(3)), DEFAULT, [0, 2], [0.3, 0.2], [0.3, 0.2])

    assert known.shape.waits_s == (0.3, 0.2, 0.2)
