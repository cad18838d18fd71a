"""The fixture `race_models`: a test of one's own suite, once for each model.

The first such test races all models side by side; it and the others replay their model's rounds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.errors import RacewayError
from raceway.plan.selection import chosen
from raceway.plan.target.target import Target
from raceway.plugin.fixtures import RaceResults, fail, leave_unused, uncaptured
from raceway.plugin.neighbours import REPETITION, UNSEEN, codspeed_is_on
from raceway.plugin.state import STATE
from raceway.report.format.screen import screen
from raceway.session.lineup import Lineup
from raceway.session.own_function import own_function
from raceway.session.own_race import Halt, apart_from_loops, race_own
from raceway.session.progress import ProgressDisplay
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from pytest_benchmark.fixture import BenchmarkFixture

    from raceway.case import Case
    from raceway.plugin.state import BenchSession

FIXTURE = "race_models"
BUDGET_S = 45.0
"""For each race, unless --budget or the test gives another."""


def by_model(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test that asks for `race_models` with the models chosen."""
    if FIXTURE in metafunc.fixturenames:
        state = metafunc.config.stash[STATE]
        try:
            metafunc.parametrize(FIXTURE, models_of(state), indirect=True)
        except RacewayError as error:
            state.refused = True
            raise pytest.Collector.CollectError(printable(error)) from error


def models_of(state: BenchSession) -> list[str]:
    """Return the models chosen, without those for tensors alone."""
    models = state.options.catalogue().models
    names = chosen(models, state.options.selection.models, "--models", "model")
    return [name for name in names if models[name].kinds & {Kind.CPU, Kind.IO}]


def races_models(item: pytest.Item) -> bool:
    """Whether a test uses `race_models`."""
    return FIXTURE in getattr(item, "fixturenames", ())


@dataclass(frozen=True, slots=True)
class ModelRace:
    """One race of a test's function: what all its models' tests replay."""

    cases: dict[str, Case] = field(default_factory=dict)
    """By model."""
    results: RaceResults = field(default_factory=lambda: RaceResults({}, {}))
    failure: str = ""
    """Why there was none."""


@dataclass(frozen=True, slots=True)
class RaceModels:
    """Races a function through every model: `race_models(function, items)`, once in a test."""

    request: pytest.FixtureRequest
    benchmark: BenchmarkFixture

    def __call__(
        self,
        function: Callable[..., Any],
        items: Iterable[Any],
        *,
        budget: float | None = None,
        **asked: Any,
    ) -> None:
        """Call `function` once for each item, and record the times of this test's model.

        `kwargs`, `async_function`, `setup`, `agrees` and `repeat` are those of `raceway.race`;
        `budget` is in seconds for the race of all models. The test fails if its model fails, and
        is skipped if its model does not race, with the reason.
        """
        if codspeed_is_on(self.request.config):
            pytest.skip(UNSEEN)
        state, key = self.request.config.stash[STATE], key_of(self.request.node)
        if key not in state.model_races:
            state.model_races[key] = self.raced(state, function, items, budget, asked)
        race: ModelRace = state.model_races[key]
        if race.failure:
            fail(self.benchmark, race.failure)
        model = self.request.param
        if model not in race.cases:
            reason = f"{model} does not run such a function"
            leave_unused(self.benchmark, reason)
            pytest.skip(reason)
        race.results.replay(race.cases[model], self.benchmark)

    def raced(
        self,
        state: BenchSession,
        function: Callable[..., Any],
        items: Iterable[Any],
        budget: float | None,
        asked: dict[str, Any],
    ) -> ModelRace:
        """Race the models whose tests were collected."""
        start_s = time.monotonic()
        selection = replace(state.options.selection, models=self.models(), sizes=None)
        options = replace(
            state.options,
            selection=selection,
            budget_s=budget or state.options.budget_s or BUDGET_S,
            resume=False,
        )
        halt = Halt()

        def race() -> ModelRace:
            target = Target.of(function, items, **asked)
            with own_function(target, options) as own:
                return raced_by(state, Lineup.assemble(own.options), start_s, halt)

        with uncaptured(self.request.config):
            try:
                return apart_from_loops(race, halt)
            except RacewayError as error:
                return ModelRace(failure=str(error))
            except pytest.fail.Exception as error:  # pytest-timeout's
                return ModelRace(failure=f"the race was cut short: {error}")

    def models(self) -> tuple[str, ...]:
        """Return the models of the collected tests that share this one's race."""
        key = key_of(self.request.node)
        tests: list[Any] = list(filter(races_models, self.request.session.items))
        return tuple(item.callspec.params[FIXTURE] for item in tests if key_of(item) == key)


def raced_by(state: BenchSession, lineup: Lineup, start_s: float, halt: Halt) -> ModelRace:
    """Race one case a model: all items, with the first number of workers."""
    if state.check_only:
        lineup = state.once_only(lineup)
    largest = max(lineup.entrants.values(), key=lambda one: one.demand.tasks).case.size
    cases: dict[str, Case] = {}
    for entrant in lineup.entrants.values():
        if entrant.case.size == largest:
            cases.setdefault(entrant.case.model, entrant.case)
    ids = [case.id for case in cases.values()]
    with ProgressDisplay(screen()) as display:
        saved, run, notes = race_own(lineup, ids, start_s, [halt, display])
    if not state.check_only:
        state.notes += [*notes, f"saved: {saved}"]
    return ModelRace(cases, RaceResults({record.id: record for record in run.records}, {}))


def key_of(item: Any) -> Hashable:
    """Return what the tests of one race share: their function, and all parameters but the model."""
    params = item.callspec.params
    others = [(name, repr(params[name])) for name in params if name not in {FIXTURE, REPETITION}]
    return (item.parent.nodeid, item.originalname, *others)


@pytest.fixture
def race_models(request: pytest.FixtureRequest, benchmark: BenchmarkFixture) -> RaceModels:
    """Return a function that races another one through every model, a test for each."""
    return RaceModels(request, benchmark)
