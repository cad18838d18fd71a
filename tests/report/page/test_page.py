"""The page as text: whole, self-contained, and deaf to hostile names."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.record import Called, Grade, Record, Run, Status
from raceway.report.page.assets import environment
from raceway.report.page.page import Beside, page_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from support.synthetic import MakeRecord, MakeRun


HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>'
LARGEST_BYTES = 2_000_000


def page_of(run: Run) -> str:
    return page_html(run, Path("results/m/run.json"))


def specs_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="specs">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def visible(page: str) -> str:
    """Return the page's own text, without scripts and styles."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", bare))


@pytest.fixture(scope="session")
def whole(field_run: Callable[..., Run]) -> str:
    return page_of(field_run())


def test_the_page_is_one_small_file_that_loads_nothing(whole: str) -> None:
    own = re.sub(r"<script>.*?</script>", "", whole, flags=re.DOTALL)

    assert len(whole.encode()) <= LARGEST_BYTES
    assert not re.search(r'(?:src|href)="(?!#|data:)', own)
    assert "default-src 'none'" in whole


def test_the_policy_allows_no_script_but_the_two_of_the_page(whole: str) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', whole)
    (allowed,) = re.findall(r"script-src ([^;]*);", policy)
    scripts = re.findall(r"<script>(.*?)</script>", whole, flags=re.DOTALL)

    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()) for each in scripts]

    assert allowed.split() == [f"'sha256-{each.decode()}'" for each in hashes]
    assert len(scripts) == 2


def test_the_answers_come_first(whole: str) -> None:
    places = [whole.index(f'id="{each}"') for each in ("answers", "claims", "charts", "cases")]

    assert places == sorted(places)


def test_each_workload_has_its_advice(whole: str) -> None:
    cards = re.findall(r'<article class="card \w+".*?<h3>(.*?)</h3>', whole, re.DOTALL)

    assert cards[:3] == ["primes", "factorial", "sleep"]


def test_each_chart_of_the_page_has_its_specification(whole: str) -> None:
    names = set(re.findall(r'data-figure="([^"]+)"', whole.partition("<script")[0]))

    assert names == set(specs_in(whole))


def test_every_case_with_a_time_has_a_row(whole: str, field_run: Callable[..., Run]) -> None:
    raced = [each.id for each in field_run().records if each.workload and each.launches]

    assert all(f'data-case="{case}"' in whole for case in raced)


def test_every_table_has_a_caption_and_every_plot_is_described(whole: str) -> None:
    own = whole.partition("<script")[0]
    plots = re.findall(r'<div class="plot"[^>]*>', own)

    assert own.count("<table") == own.count("<caption>")
    assert all(re.search(r'data-described="[^"]+"', plot) for plot in plots)


def test_verdicts_against_an_earlier_run_are_counted_and_listed(
    every_verdict: Comparison, field_run: Callable[..., Run]
) -> None:
    page = page_html(field_run(), Path("run.json"), Beside(since=every_verdict)).partition(
        "<script"
    )[0]

    assert 'data-count="slower"' in page
    assert page.count("data-verdicts=") == len(every_verdict.rows)
    assert "<details open><summary>every verdict" in page
    assert re.search(r'<thead><tr><th scope="col">what</th>.*?<th scope="col">A</th>', page)


def test_without_an_earlier_run_nothing_is_said_of_one(whole: str) -> None:
    assert 'id="since"' not in whole
    assert 'id="threshold"' not in whole


def test_what_differs_from_an_earlier_run_is_marked(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    now, then = (
        run([record("serial", steady)], version=each, run_id=each) for each in ("3.14.0", HOSTILE)
    )
    since = compare_sides(Side("baseline", [then]), Side("this run", [now]))
    page = page_html(now, Path("run.json"), Beside(since=since))

    assert "<mark>" in page
    assert f"What else differs: Python {HOSTILE} -> 3.14.0" in visible(page)
    assert HOSTILE in visible(page)
    assert "<img" not in page.partition("<script")[0]


def test_hostile_names_stay_text(run: MakeRun, record: MakeRecord, steady: list[float]) -> None:
    names = dict.fromkeys(("workload", "interpreter", "size"), HOSTILE)
    raced = [record(each, steady, **names) for each in ("serial", HOSTILE)]
    failed = record("pool", status=Status.FAILED, reason=HOSTILE)
    plain = Record(id=HOSTILE, fullname=HOSTILE, status=Status.FAILED, reason=HOSTILE)
    page = page_of(run([*raced, failed, plain], grade=Grade.DISTURBED, reasons=[HOSTILE]))

    assert "<img" not in page.partition("<script")[0]
    assert "<script>alert" not in page
    assert page.count("</script>") == 3
    assert HOSTILE in visible(page)


def test_json_in_a_script_cannot_end_it() -> None:
    hostile = {"a": "</script><!--&'\u2028"}
    text = environment().from_string("{{ data | tojson }}").render(data=hostile)

    assert not set("<>&'\u2028") & set(text)
    assert json.loads(text) == hostile


def test_an_empty_run_says_that_nothing_was_measured(run: MakeRun) -> None:
    assert "no case was measured" in visible(page_of(run([])))


def test_failures_are_shown_with_their_reasons(run: MakeRun, record: MakeRecord) -> None:
    page = visible(page_of(run([record("pool", status=Status.FAILED, reason="a wrong answer")])))

    assert "failed: a wrong answer" in page
    assert "No advice: every case failed." in page
    assert "1 of 1 case; reasons below" in page


def test_a_single_model_is_shown_without_advice(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    page = visible(page_of(run([record("serial", steady)])))

    assert "Common claims" not in page
    assert "each workload was measured with a single model" in page
    assert "primes-4000" in page


def test_plain_benchmarks_have_a_table(run: MakeRun, field_run: Callable[..., Run]) -> None:
    plain = [each for each in field_run().records if not each.workload]
    page = visible(page_of(run(plain)))

    assert "Plain benchmarks" in page
    assert "Which concurrency model" not in page
    assert "advised" not in page
    assert "test_gather[uvloop]" in page


def test_what_was_skipped_says_why(whole: str) -> None:
    assert "no cuda device" in visible(whole)


def test_an_interrupted_run_says_so(run: MakeRun, record: MakeRecord, steady: list[float]) -> None:
    page = visible(page_of(run([record("serial", steady)], status=Status.INTERRUPTED)))

    assert "pytest bench/ --resume continues" in page


def test_disturbances_are_told_group_by_group(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    raced = run([record("serial", steady)], grade=Grade.NOISY, reasons=["a neighbour"])

    assert re.search(r"primes-4000\s+CCCCC\s+a neighbour", visible(page_of(raced)))


def test_a_field_with_a_single_value_is_no_filter(whole: str) -> None:
    fields = re.findall(r'<fieldset data-field="(\w+)"', whole)

    assert fields == ["kind", "model", "size"]


def test_interpreters_are_compared_in_a_section_of_their_own(
    run: MakeRun, record: MakeRecord, steady: list[float], whole: str
) -> None:
    def serial(label: str, factor: float) -> Record:
        return record("serial", [factor * each for each in steady], interpreter=label)

    page = page_of(run([serial("current", 1.0), serial("3.14", 0.8)]))
    section = visible(page[page.index('id="pythons"') : page.index('id="cases"')])

    assert "Which Python for which work?" in section
    assert "times as fast as current (CPython 3.13.0)" in section
    assert "1.25× [" in section
    assert 'id="pythons"' not in whole


def test_a_page_of_ones_own_functions_says_nothing_of_common_claims(
    field_run: Callable[..., Run],
) -> None:
    one = field_run()
    every = dict.fromkeys((each.workload for each in one.records), Called())
    own = msgspec.structs.replace(one, header=msgspec.structs.replace(one.header, called=every))

    assert 'id="claims"' in page_of(one)
    assert 'id="claims"' not in page_of(own)
