from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.archive.resolve import Chooser
from raceway.errors import SelectionError, StoreError
from raceway.plan.selection import Selection
from raceway.record import Grade, Noise, Peak, Run, Status
from raceway.regression.duel import Duel, chosen_cases, one_side, plain_id
from raceway.regression.revisions import DuelSide
from raceway.session.options import Options
from raceway.store.runs import find, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.session.lineup import Lineup


SIDES = DuelSide("one", f"one={sys.executable}"), DuelSide("two", f"two={sys.executable}")


def a_duel(results: Path, workload: Path, *sides: DuelSide) -> Duel:
    sides = sides or SIDES
    selection = Selection(models=("serial", "threads"), workloads=(workload.stem,))
    options = Options(
        results, "default", selection, (workload,), tuple(side.option for side in sides)
    )
    return Duel(sides[0], sides[1], options, budget_s=30.0, threshold=0.02)


@pytest.fixture(scope="module")
def fought(
    tmp_path_factory: pytest.TempPathFactory, tiny: Path
) -> Iterator[tuple[Path, Comparison, list[Path]]]:
    """Return a results folder after a duel of this interpreter with itself, and its outcome."""
    results = tmp_path_factory.mktemp("duel") / "results"
    duel = a_duel(results, tiny)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("raceway.regression.duel.LOOKS", (3, 3))
        patched.setattr("raceway.regression.sequential.ROUNDS_S", (0.02, 0.02))
        patched.setattr(
            "raceway.measure.group.noise.NoiseEvidence.noise", lambda _: Noise(grade=Grade.QUIET)
        )
        duel.begin()
        duel.race()
        yield results, *duel.save()


@pytest.fixture
def runs(fought: tuple[Path, Comparison, list[Path]]) -> list[Run]:
    return [run for _, run in load(fought[2]).runs]


def test_a_duel_saves_a_run_a_side_apart(
    fought: tuple[Path, Comparison, list[Path]], runs: list[Run]
) -> None:
    results, _, paths = fought

    assert {path.parent for path in paths} == {results / runs[0].header.machine.id / "duels"}
    assert len({run.header.run_id for run in runs}) == 2


def test_a_duel_leaves_nothing_but_its_runs(
    fought: tuple[Path, Comparison, list[Path]],
) -> None:
    results, _, paths = fought

    assert {path for path in results.rglob("*") if path.is_file()} == set(paths)


def test_a_side_of_a_duel_looks_like_any_run_of_the_current_interpreter(runs: list[Run]) -> None:
    for run in runs:
        assert [each.label for each in run.header.environments] == ["current"]
        assert {record.interpreter for record in run.records} == {"current"}
        assert not any("@" in record.id + record.fullname for record in run.records)


def test_both_sides_hold_the_same_cases(runs: list[Run]) -> None:
    names = [[record.id for record in run.records] for run in runs]

    assert names[0] == names[1]
    assert names[0][0] == "tiny-few-serial-w1"


def test_both_sides_know_that_they_belong_together(runs: list[Run]) -> None:
    assert runs[0].header.duel
    assert runs[0].header.duel == runs[1].header.duel


def test_both_sides_have_all_that_was_measured(runs: list[Run]) -> None:
    for run in runs:
        assert (run.status, run.header.launches, len(run.groups)) == (Status.OK, 3, 3)
        assert [len(record.launches) for record in run.records] == [3, 3]


def test_the_verdicts_are_on_every_case(
    fought: tuple[Path, Comparison, list[Path]], runs: list[Run]
) -> None:
    cases = [row.case for row in fought[1].rows]

    assert cases == [record.id for record in runs[0].records]


def test_the_sides_of_a_duel_are_compared_pairwise_later_too(
    fought: tuple[Path, Comparison, list[Path]], runs: list[Run]
) -> None:
    results, at_once, _ = fought
    chosen = Chooser(results).sides(*(run.header.run_id for run in runs))
    later = compare_sides(*chosen, at_once.terms)

    assert [row.estimate for row in later.rows] == [row.estimate for row in at_once.rows]


def test_a_duel_is_no_latest_run(fought: tuple[Path, Comparison, list[Path]]) -> None:
    with pytest.raises(StoreError, match=r"^no run latest in .* It holds none yet"):
        find(fought[0], "latest")


@pytest.mark.usefixtures("hurried")
def test_a_case_that_fails_on_one_side_is_told_with_its_reason(
    nap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (1, 1))
    broken = DuelSide("two", f"two=env BROKEN=1 {sys.executable}")
    duel = a_duel(tmp_path, nap, SIDES[0], broken)
    duel.cases = ["nap-few-serial-*"]
    duel.begin()
    duel.race()
    comparison, paths = duel.save()

    ((_, one), (_, two)) = load(paths).runs
    assert [(row.verdict, row.reason) for row in comparison.rows] == [
        (
            "missing",
            "failed: ValueError: broken on this side (nap.py:8 in nap; task 1 of 2, given 0.004)",
        )
    ]
    assert (one.records[0].status, two.records[0].status) == (Status.OK, Status.FAILED)


@pytest.fixture
def both(surveyed: Lineup) -> Lineup:
    """Return the surveyed cases, once for either side."""
    entrants = {}
    for side in SIDES:
        for entrant in surveyed.entrants.values():
            case = replace(entrant.case, interpreter=side.label)
            entrants[case.id] = replace(entrant, case=case)
    return replace(surveyed, entrants=entrants)


LABELS = ("one", "two")


def test_all_cases_are_chosen_by_default(both: Lineup) -> None:
    assert chosen_cases(both, (), LABELS) == list(both.entrants)


@pytest.mark.parametrize("pattern", ["tiny-few-serial-w1", "*-serial-*", "tiny-few-[s]*"])
def test_cases_are_chosen_by_ids_without_their_interpreter(both: Lineup, pattern: str) -> None:
    assert chosen_cases(both, [pattern], LABELS) == [
        "tiny-few-serial-w1@one", "tiny-few-serial-w1@two",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["bogus", "", "tiny-few-serial-w1@one", "TINY-FEW-SERIAL-W1"])
def test_a_pattern_of_no_case_is_refused(both: Lineup, pattern: str) -> None:
    with pytest.raises(SelectionError, match=r": no such case; `raceway list --json` names them"):
        chosen_cases(both, ["*", pattern], LABELS)


def unable(both: Lineup, *case_ids: str) -> Lineup:
    entrants = {
        case_id: replace(entrant, reason=f"no time for {entrant.case.interpreter}")
        if case_id in case_ids
        else entrant
        for case_id, entrant in both.entrants.items()
    }
    return replace(both, entrants=entrants)


def test_a_case_that_can_race_on_one_side_only_is_left_out(both: Lineup) -> None:
    (_, threads_one, _, threads_two) = both.entrants
    half = unable(both, "tiny-few-serial-w1@two")

    assert chosen_cases(half, (), LABELS) == [threads_one, threads_two]


def test_no_case_on_both_sides_is_refused_with_the_reasons(both: Lineup) -> None:
    half = unable(both, "tiny-few-serial-w1@two")

    with pytest.raises(SelectionError, match=r"^no case can race on both sides: no time for two$"):
        chosen_cases(half, ["*-serial-*"], LABELS)


def test_no_case_at_all_is_refused(both: Lineup) -> None:
    with pytest.raises(SelectionError, match=r"^no case can race on both sides: nothing was sel"):
        chosen_cases(replace(both, entrants={}), (), LABELS)


@pytest.mark.parametrize(
    ("case_id", "plain"), [("a-b@one", "a-b"), ("a-b@two", "a-b@two"), ("a-b", "a-b")]
)
def test_a_plain_id_lacks_the_interpreter_s_label(case_id: str, plain: str) -> None:
    assert plain_id(case_id, "one") == plain


def test_a_side_keeps_its_own_peaks(make_run: Callable[..., Run]) -> None:
    peaks = [
        Peak(device="cpu", interpreter=label, precision="fp32", flops_per_s=1.0, bytes_per_s=1.0)
        for label in LABELS
    ]
    side = one_side(msgspec.structs.replace(make_run(), peaks=peaks), SIDES[1], "d")

    assert [peak.interpreter for peak in side.peaks] == ["current"]
