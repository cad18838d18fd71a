"""A run as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.record import Status
from raceway.report.format.sanitize import LONGEST_NAME
from raceway.report.run.markdown import report_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run
    from support.synthetic import MakeRecord, MakeRun


def test_advice_and_claims_stand_before_the_folded_table(field_run: Callable[..., Run]) -> None:
    text = report_markdown(field_run(), claims=True)
    advice, claims = text.index("- **primes: pool "), text.index("**holds**")

    assert advice < claims < text.index("<details><summary>")


def test_claims_stand_there_only_if_asked_for(field_run: Callable[..., Run]) -> None:
    assert "**holds**" not in report_markdown(field_run())


def test_sentences_are_not_cut(field_run: Callable[..., Run]) -> None:
    lines = report_markdown(field_run()).splitlines()

    assert max(map(len, lines)) > LONGEST_NAME
    assert not any("…" in line for line in lines)


def test_plain_benchmarks_have_their_table_and_no_claims(field_run: Callable[..., Run]) -> None:
    run = field_run()
    plain = [each for each in run.records if not each.workload]
    text = report_markdown(msgspec.structs.replace(run, records=plain), claims=True)

    assert "cannot be tested here" not in text
    assert "test\\_gather\\[uvloop\\]" in text
    assert f"{len(plain)} cases" in text
    assert text.rstrip().endswith("</details>")


def test_every_case_with_a_time_has_a_row(field_run: Callable[..., Run]) -> None:
    text = report_markdown(field_run())

    assert text.count("\n| primes") == 3 * 7


def test_hostile_names_stay_text(run: MakeRun, record: MakeRecord, steady: list[float]) -> None:
    hostile = "<b>|`x`|[a](http://example.org)"
    text = report_markdown(run([record("serial", steady, workload=hostile)]))

    assert "<b>" not in text
    assert "](http" not in text.replace("\\]\\(", "")


def test_an_interrupted_run_says_so_first(run: MakeRun, record: MakeRecord) -> None:
    lines = report_markdown(run([record("serial", [1.0])], status=Status.INTERRUPTED)).splitlines()

    assert lines[2].startswith("**interrupted")


def test_an_empty_run_is_told(run: MakeRun) -> None:
    assert "<summary>0 cases</summary>" in report_markdown(run([]))
