"""Gates that race: what is slower fails, and what is interrupted keeps what it measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.record import Status
from raceway.session.progress import ProgressDisplay
from raceway.store.baseline import baselines
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.archived import Keep
    from support.command import Raceway
    from support.saved import Remeasured

    Judge = Callable[..., tuple[int | str | None, dict[str, Any]]]

SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)


def steady(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in STEADY]


def said_last(output: list[str], first: str) -> list[str]:
    (place,) = (at for at, line in enumerate(output) if line.startswith(first))
    return output[place:]


@pytest.mark.usefixtures("hurried")
def test_a_slower_workload_fails_the_gate_and_leaves_the_baseline_where_it_is(
    raceway: Raceway, nap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = ("race", str(nap), "--models=serial", "--launches=4", "--budget=30")
    assert raceway(*race)[0] == 0
    assert raceway("baseline", "set", "latest")[0] == 0
    (folder,) = (tmp_path / "results").iterdir()
    set_to = baselines(folder)
    monkeypatch.setenv("SLOWNESS", "2")
    assert raceway(*race)[0] == 0
    code, output, errors = raceway("gate", f"--workload={nap}", "--budget=30")

    assert any("nap-few-serial-w1: " in line for line in said_last(output, "gate failed "))
    assert (code, errors) == (1, [])
    assert baselines(folder) == set_to


def test_a_gate_interrupted_in_its_first_group_leaves_nothing(
    raceway: Raceway,
    keep: Keep,
    remeasured: Remeasured,
    tiny: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    remeasured({SERIAL: steady()})
    monkeypatch.setattr("raceway.session.session.Session.race", interrupt)
    paths = [keep(1, {SERIAL: steady()}), keep(2, {SERIAL: steady(0.013)})]
    code, _, errors = raceway("gate", "--baseline=day01", f"--workload={tiny}")

    assert (code, errors) == (130, [])
    assert sorted(file for file in paths[0].parent.rglob("*") if file.is_file()) == paths


@pytest.mark.usefixtures("hurried")
def test_an_interrupted_gate_keeps_what_was_measured_again(
    raceway: Raceway, keep: Keep, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ProgressDisplay, "finished", interrupt)
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    code, output, errors = raceway("gate", "--baseline=day01", f"--workload={tiny}")

    ((_, run),) = load(tmp_path.glob("results/*/gates/*.json")).runs
    assert (run.status, len(run.groups)) == (Status.INTERRUPTED, 1)
    assert output[-1].startswith("interrupted; what had finished is saved: results/")
    assert (code, errors) == (130, [])
    assert list(tmp_path.glob("results/*/gates/*.journal")) == []
