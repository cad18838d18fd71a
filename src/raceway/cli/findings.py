"""`--annotate` and `--junit`: verdicts for CI systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from raceway.cli.output import write_text
from raceway.report.format.sanitize import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from raceway.report.comparison.findings import Finding

Annotate = Annotated[
    bool, typer.Option("--annotate", help="Also print the verdicts as annotations of GitHub.")
]
JunitFile = Annotated[
    str | None,
    typer.Option("--junit", metavar="FILE", help="Also write JUnit XML; - is stdout."),
]


def write_findings(
    name: str, findings: Sequence[Finding], console: Console, *, annotate: bool, junit: str | None
) -> None:
    """Print annotations and write JUnit XML, as far as asked for."""
    if annotate:
        from raceway.report.comparison.annotations import annotation_lines  # noqa: PLC0415 (rarely)

        for line in annotation_lines(findings):
            # Each must be a line of its own, neither wrapped nor styled.
            console.file.write(f"{encodable(line, console.encoding)}\n")
    if junit is not None:
        from raceway.report.comparison.junit import junit_xml  # noqa: PLC0415 (as above)

        write_text(junit_xml(name, findings), junit)
