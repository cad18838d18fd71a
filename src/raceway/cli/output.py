"""Where `--json`, `--markdown` and `--html` write."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raceway.errors import StoreError
from raceway.store.disk import write_whole
from raceway.store.trouble import cannot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JsonFile = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Also write JSON; - is stdout.")
]
MarkdownFile = Annotated[
    str | None,
    typer.Option("--markdown", metavar="FILE", help="Also write Markdown; - is stdout."),
]
HtmlFile = Annotated[
    str | None,
    typer.Option("--html", metavar="FILE", help="Also write a self-contained page; - is stdout."),
]
STDOUT = "-"


def takes_stdout(*files: str | None) -> bool:
    """Whether a file goes to standard output, which then takes nothing else.

    StoreError if several do.
    """
    wanted = [file for file in files if file == STDOUT]
    if len(wanted) > 1:
        raise StoreError("only one output can go to standard output; name a file for the other")
    return bool(wanted)


def show_while_read(show: Callable[[], object]) -> BaseException | None:
    """Show something; if the reader leaves (`| head`), return the error instead of raising it.

    The caller raises it once all files are written.
    """
    try:
        show()
    except (BrokenPipeError, SystemExit) as left:  # rich turns the former into the latter
        return left
    return None


def write_json(data: Mapping[str, Any], file: str | None) -> None:
    """Write strict JSON if a file was asked for; StoreError if that fails."""
    if file is not None:
        from raceway.report.format.json_text import json_text  # noqa: PLC0415 (as above)

        write_text(json_text(data) + "\n", file)


def write_text(text: str, file: str) -> None:
    """Write text to a file, replacing it, or to standard output."""
    from raceway.report.format.sanitize import encodable  # noqa: PLC0415 (only where something is written)

    if file == STDOUT:
        if sys.stdout is None:
            raise StoreError("standard output is closed; name a file")
        sys.stdout.write(encodable(text, sys.stdout.encoding or "utf-8"))
        return
    try:
        write_whole(Path(file), text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise cannot("write", Path(file), error) from None
