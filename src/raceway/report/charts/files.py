"""Charts as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raceway.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from raceway.report.charts.figure import Figure

LEGEND_COLUMNS = 4
SCALE = 2.0
"""Pixels of a PNG for each of the chart's."""
UNFIT = str.maketrans(dict.fromkeys('<>:"/\\|?* \t\n', "_"))
LONGEST_NAME = 100


def write_charts(figures: Iterable[Figure], folder: Path) -> Iterator[Path]:
    """Write each figure as SVG and as PNG and yield the files; StoreError if one cannot be."""
    import vl_convert  # noqa: PLC0415 (30 MB, for those who want files)

    for figure in figures:
        spec = with_theme(figure.spec(), figure.title)
        stem = folder / figure.name.translate(UNFIT)[:LONGEST_NAME]
        yield _written(
            stem.with_name(f"{stem.name}.svg"), vl_convert.vegalite_to_svg(spec).encode()
        )
        yield _written(
            stem.with_name(f"{stem.name}.png"), vl_convert.vegalite_to_png(spec, scale=SCALE)
        )  # fmt: skip


def with_theme(spec: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the specification fit to stand alone: titled, on white."""
    return {
        **spec,
        "title": {"text": title, "anchor": "start", "fontSize": 15},
        "background": "white",
        "padding": 12,
        "config": {
            **spec.get("config", {}),
            "font": "Helvetica, Arial, sans-serif",
            "legend": {"columns": LEGEND_COLUMNS},
        },
    }


def _written(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}; give another folder to --charts"
        ) from None  # fmt: skip
    return path
