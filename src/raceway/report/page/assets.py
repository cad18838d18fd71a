"""What every page is made of: template, style and script; the charts are drawn by Vega (`vega`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import raceway

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from raceway.report.charts.figure import Figure

HERE = Path(__file__).parent


def rendered(template: str, **values: Any) -> str:
    """Return a page; every value in it is escaped but what a template marks as safe."""
    page: str = environment().get_template(template).render(
        version=raceway.__version__,
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
        **values,
    )  # fmt: skip
    return page


def specs_of(figures: Iterable[Figure]) -> dict[str, Any]:
    """Return the specification of each figure by its name, as wide as there is room."""
    return {figure.name: {**figure.spec(), "width": "container"} for figure in figures}


@cache
def environment() -> Environment:
    """Return where templates come from."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (pages only)

    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    # Data stands in a page by `tojson`: no text in it can end the script element that holds it.
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    return made
