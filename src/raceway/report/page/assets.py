"""What every page needs: template, style, script, and the specifications of its charts."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import raceway

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from raceway.report.charts.figure import Figure

HERE = Path(__file__).parent
SCRIPTS = ("page.js", "calculator.js")


def rendered(template: str, *, vega: str, **values: Any) -> str:
    """Return a page; all values are escaped unless a template marks them as safe.

    Its policy allows no script but these two, by their hashes.
    """
    script = "\n".join((HERE / each).read_text(encoding="utf-8") for each in SCRIPTS)
    page: str = environment().get_template(template).render(
        version=raceway.__version__,
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        script=script,
        vega=vega,
        scripts=" ".join(map(source_of, (vega, script))),
        **values,
    )  # fmt: skip
    return page


def source_of(script: str) -> str:
    """Return how a content policy names a script: by the hash of its text."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def specs_of(figures: Iterable[Figure]) -> dict[str, Any]:
    """Return each figure's specification by name; charts fill the width."""
    return {figure.name: {**figure.spec(), "width": "container"} for figure in figures}


@cache
def environment() -> Environment:
    """Return the template environment."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (pages only)

    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    # Pages embed data with `tojson`, so that no text can end the script element around it.
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    return made
