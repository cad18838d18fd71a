"""Findings as JUnit XML, which most CI systems show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from raceway.report.comparison.findings import Outcome
from raceway.report.format.sanitize import LONGEST_REASON, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.report.comparison.findings import Finding


def junit_xml(name: str, findings: Sequence[Finding]) -> str:
    """Return a test suite of that name with a test per case.

    Slower is a failure, a failed case an error; what could not be judged is skipped.
    """
    outcomes = Counter(each.outcome for each in findings)
    counts = {
        "tests": str(len(findings)),
        "failures": str(outcomes[Outcome.FAILURE]),
        "errors": str(outcomes[Outcome.ERROR]),
        "skipped": str(outcomes[Outcome.SKIPPED]),
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", {"name": _safe(name), **counts})
    for each in findings:
        suite.append(_test(each))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _test(finding: Finding) -> ET.Element:
    inside = finding.case.removeprefix(f"{finding.group}::")
    time = {} if finding.pass_s is None else {"time": f"{finding.pass_s:.9f}"}
    test = ET.Element(
        "testcase", {"classname": _safe(finding.group), "name": _safe(inside), **time}
    )
    message = _safe(f"{finding.verdict}: {finding.text}")
    if finding.outcome is Outcome.PASSED:
        ET.SubElement(test, "system-out").text = message
        return test
    told = {"message": message}
    if finding.outcome is not Outcome.SKIPPED:
        told["type"] = _safe(finding.verdict)
    ET.SubElement(test, str(finding.outcome), told)
    return test


def _safe(text: str) -> str:
    """Return the text without what XML cannot hold, as control characters, but for escapes."""
    return printable(text, LONGEST_REASON)
