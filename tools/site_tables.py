"""A hook of MkDocs that fills tables of the documentation from the code.

A page asks for a table with a comment such as `<!-- table: options gate -->`. There are `options`
with a command, `options pytest`, `models` and `workloads`.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from raceway.cli import app
from raceway.plan.catalogue import discover
from raceway.plugin.options import add_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PLACEHOLDER = re.compile(r"<!-- table: (?P<name>[a-z ]+) -->")
KINDS = {"cpu": "CPU-bound", "io": "waiting", "tensor": "tensor"}
Row = tuple[str, str]


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return a page with its tables filled in; MkDocs calls this for every page."""
    return PLACEHOLDER.sub(lambda found: table_of(found["name"]), markdown)


def table_of(name: str) -> str:
    """Return the table of that name."""
    subject, _, rest = name.partition(" ")
    if subject == "options":
        rows = pytest_options() if rest == "pytest" else command_options(rest.split())
        return table(("option", "meaning"), rows)
    found = discover()
    if subject == "models":
        return table(
            ("model", "family", "how it runs tasks"),
            (
                (f"`{key}`", model.family, model.summary)
                for key, model in sorted(found.models.items())
            ),
        )
    return table(
        ("workload", "what it does", "kind"),
        (
            (f"`{key}`", work.summary, KINDS.get(work.kind, work.kind))
            for key, work in sorted(found.workloads.items())
        ),
    )


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, with bars in cells escaped."""
    lines = [heading, ["---"] * len(heading), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def command_options(words: Sequence[str]) -> Iterator[Row]:
    """Yield the arguments and options of a `raceway` command, without `--help`."""
    command: Any = get_command(app)
    for word in words:
        command = command.get_command(None, word)
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield (
                f"`{(parameter.metavar or parameter.name).strip('[]….').upper()}`",
                said(parameter),
            )
        elif not parameter.hidden and "--help" not in parameter.opts:
            yield f"`{', '.join(parameter.opts)}{value_of(parameter)}`", said(parameter)


def value_of(parameter: Any) -> str:
    """Return the placeholder of an option's value; empty for a switch."""
    kind = parameter.type_descriptor.annotation
    if kind is bool:
        return ""
    return f" {parameter.metavar or ('N' if kind in (int, float) else 'NAME')}"


def said(parameter: Any) -> str:
    """Return a parameter's help, with its default if that is worth showing."""
    default = parameter.default
    if isinstance(default, (list, tuple)):
        default = ", ".join(map(str, default))
    told = default not in (None, False, "") and not callable(default)
    return f"{parameter.help or ''}{f' Default: `{default}`.' if told else ''}"


class Recorder:
    """Stands in for pytest's parser and records the declared options."""

    def __init__(self) -> None:
        """Begin without options."""
        self.declared: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def getgroup(self, *_: object, **__: object) -> Recorder:
        """Return itself as the only group."""
        return self

    def parse_known_and_unknown_args(self, args: Sequence[str]) -> tuple[None, list[str]]:
        """Know no other plugin's option."""
        return None, list(args)

    def addoption(self, *names: str, **settings: Any) -> None:
        """Record an option."""
        self.declared.append((names, settings))


def pytest_options() -> Iterator[Row]:
    """Yield the options that the plugin adds to pytest, without hidden ones."""
    recorder: Any = Recorder()
    add_options(recorder)
    for names, settings in recorder.declared:
        if settings.get("help") == argparse.SUPPRESS:
            continue
        choices = "|".join(settings.get("choices", ()))
        value = settings.get("metavar") or choices
        if not value and not settings.get("action", "").startswith("store_"):
            value = "VALUE"
        text = settings.get("help", "").replace("%(default)s", str(settings.get("default")))
        yield f"`{', '.join(names)}{f' {value}' if value else ''}`", text
