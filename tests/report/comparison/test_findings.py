"""What CI systems are told: annotations and JUnit XML."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from raceway.report.comparison.annotations import MOST, annotation_lines
from raceway.report.comparison.findings import Finding, Outcome, findings_of, gate_findings
from raceway.report.comparison.gate import Judgement
from raceway.report.comparison.junit import junit_xml
from support.single_runs import compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Record
    from support.synthetic import Compare

HOSTILE = "a.py::t[100%,\r\n::error::x<&>\"']\x1b]0;\x00\ufffe\ud800]]>"


@pytest.fixture
def every(every_verdict: Comparison) -> list[Finding]:
    """Return the findings of a comparison with every verdict, one case failed."""
    return findings_of(every_verdict, every_verdict.b.failed_cases())


def outcomes(findings: list[Finding]) -> dict[str, str]:
    return {each.case.split("-")[1]: str(each.outcome) for each in findings}


def test_each_verdict_has_its_outcome(every: list[Finding]) -> None:
    assert outcomes(every) == {
        "missing": "error", "slower": "failure", "faster": "passed", "new": "skipped",
        "unclear": "skipped", "same": "passed",
    }  # fmt: skip


def test_slower_and_failed_are_errors_and_faster_is_a_notice(every: list[Finding]) -> None:
    lines = [line for line in annotation_lines(every) if "sleep-" in line]

    assert [line.partition(" ")[0] for line in lines] == ["::error", "::error", "::notice"]
    assert lines[1] == (
        "::error title=raceway%3A slower::sleep-slower-threads-w64: +20.0%25 [+18.5%25, +21.5%25]"
    )


def test_the_last_annotation_counts_all(every: list[Finding]) -> None:
    assert list(annotation_lines(every))[-1] == (
        "::notice title=raceway::1 failed, 1 slower, 1 faster, 1 new, 1 unclear, 1 same"
    )


def test_what_rests_on_single_runs_is_a_warning_in_its_file() -> None:
    line = next(annotation_lines(findings_of(compared([0.0], [log(10)]), {})))

    assert line.startswith(
        "::warning file=a.py,title=raceway%3A slower (single runs)::a.py::test_0"
    )


def test_of_many_annotations_the_rest_is_counted() -> None:
    lines = list(annotation_lines(findings_of(compared([0.0] * 30, [3.0, *[9.0] * 29]), {})))

    assert len([line for line in lines if line.startswith("::warning")]) == MOST + 1
    assert lines[MOST] == f"::warning title=raceway::and {30 - MOST} more cases"


def hostile(outcome: Outcome, verdict: str = "slower") -> Finding:
    return Finding(
        case=HOSTILE, group="a.py", outcome=outcome, verdict=verdict, text=HOSTILE, pass_s=1.5e-6
    )


def test_an_annotation_stays_one_line_and_one_command() -> None:
    (line, _) = annotation_lines([hostile(Outcome.ERROR)])

    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert line.startswith("::error file=a.py,title=raceway%3A slower::a.py::t[100%25,\\r\\n")


def test_junit_counts_and_names_every_case(every: list[Finding]) -> None:
    suite = ET.fromstring(junit_xml("raceway compare", every)).find("testsuite")  # noqa: S314 (ours)

    assert suite is not None
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "1", "errors": "1", "skipped": "2"}
    assert {test.get("name"): [child.tag for child in test] for test in suite} == {
        "sleep-missing-threads-w64": ["error"], "sleep-slower-threads-w64": ["failure"],
        "sleep-faster-threads-w64": ["system-out"], "sleep-new-threads-w64": ["skipped"],
        "sleep-unclear-threads-w64": ["skipped"], "sleep-same-threads-w64": ["system-out"],
    }  # fmt: skip


@pytest.mark.parametrize("outcome", list(Outcome))
def test_junit_is_valid_xml_whatever_names_hold(outcome: Outcome) -> None:
    text = junit_xml(HOSTILE, [hostile(outcome)])
    test = ET.fromstring(text.encode()).find("testsuite/testcase")  # noqa: S314 (ours)

    assert test is not None
    assert test.get("classname") == "a.py"
    assert (test.get("name") or "").startswith("t[100%,\\r\\n::error::x<&>\"']\\x1b]0;\\x00\\ufffe")
    assert test.get("time") == "0.000001500"


def test_a_gate_fails_only_what_a_duel_confirmed(
    comparison: Compare, record: Callable[..., Record], steady: list[float]
) -> None:
    slow = [1.5 * each for each in steady]
    names = ("confirmed", "open", "disproved")
    a = [record("threads", steady, kind="io", id=name) for name in names]
    first = comparison(a, [record("threads", slow, kind="io", id=name) for name in names])
    again = comparison(a[2:], a[2:], duel="d")
    judged = Judgement(
        first=first, again=again, confirmed=[first.rows[0]], still_open=[first.rows[1]],
        lost={"gone": "vanished"},
    )  # fmt: skip

    found = {each.case: (str(each.outcome), each.verdict) for each in gate_findings(judged)}

    assert found == {
        "gone": ("error", "failed"), "confirmed": ("failure", "slower"),
        "open": ("skipped", "slower"), "disproved": ("passed", "same"),
    }  # fmt: skip
