from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.store.naming import run_id_in, stem_of

if TYPE_CHECKING:
    from support.saved import MakeRun


def test_a_name_tells_time_commit_and_run(make_run: MakeRun) -> None:
    assert stem_of(make_run().header) == "20261123T045500Z_0123456_3f9a1c"


@pytest.mark.parametrize(
    "started_at", ["2026-11-23T05:55:00+01:00", "2026-11-23T04:55:00Z", "2026-11-23T04:55:00"]
)
def test_a_name_has_its_time_in_utc(make_run: MakeRun, started_at: str) -> None:
    assert stem_of(make_run(started_at=started_at).header).startswith("20261123T045500Z_")


@pytest.mark.parametrize(
    ("run_id", "safe"),
    [("../../x\n/", "x"), ("a_b", "a-b"), ("", "unknown"), ("é" * 99, "unknown")],
)
def test_a_name_is_safe_whatever_the_run_is_called(
    make_run: MakeRun, run_id: str, safe: str
) -> None:
    header = make_run(run_id=run_id, commit="unversioned").header

    assert stem_of(header) == f"20261123T045500Z_unversioned_{safe}"


@pytest.mark.parametrize("started_at", ["noon", "", "0001-01-01T00:00:00+23:00"])
def test_a_start_that_is_no_time_is_refused(make_run: MakeRun, started_at: str) -> None:
    with pytest.raises(
        StoreError, match=r"the run's start .* is not a time\. Write it as ISO 8601"
    ):
        stem_of(make_run(started_at=started_at).header)


def test_the_run_id_is_found_in_a_name(make_run: MakeRun) -> None:
    assert run_id_in(stem_of(make_run().header)) == "3f9a1c"


def test_the_second_of_two_names_has_the_same_run_id(make_run: MakeRun) -> None:
    assert run_id_in(f"{stem_of(make_run().header)}_2") == "3f9a1c"


def test_a_foreign_name_has_no_run_id() -> None:
    assert run_id_in("0001_abc") is None
