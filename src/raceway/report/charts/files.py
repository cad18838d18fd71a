"""Charts as SVG and PNG files."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from raceway.errors import StoreError
from raceway.store.disk import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from raceway.report.charts.figure import Figure

LEGEND_COLUMNS = 4
SCALE = 2.0
"""PNG pixels per pixel of the chart."""
UNFIT = str.maketrans(dict.fromkeys('<>:"/\\|?* \t\n', "_"))
LONGEST_NAME_BYTES = 180


def write_charts(
    figures: Iterable[Figure], folder: Path, problems: list[str] | None = None
) -> Iterator[Path]:
    """Write each figure as SVG and PNG and yield the files; StoreError if that fails.

    Figures that cannot be drawn are named in `problems`.
    """
    import vl_convert  # noqa: PLC0415 (30 MB, for those who want files)

    taken: set[str] = set()
    for figure in figures:
        spec = with_theme(figure.spec(), figure.title)
        stem = file_stem(figure.name, taken)
        try:
            drawn = {
                "svg": vl_convert.vegalite_to_svg(spec).encode(),
                "png": vl_convert.vegalite_to_png(spec, scale=SCALE),
            }
        except ValueError:
            if problems is not None:
                problems.append(f"{figure.name}: cannot be drawn; shorter names may help")
            continue
        for kind, content in drawn.items():
            yield _written(folder / f"{stem}.{kind}", content)


def file_stem(name: str, taken: set[str]) -> str:
    """Return a file name valid on every system, and add it to `taken`.

    It is limited in bytes, and unique even if case is ignored.
    """
    short = name.translate(UNFIT).encode()[:LONGEST_NAME_BYTES].decode(errors="ignore")
    choice = chain([short], (f"{short}-{number}" for number in count(2)))
    stem = next(each for each in choice if each.casefold() not in taken)
    taken.add(stem.casefold())
    return stem


def with_theme(spec: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the specification with a title and a white background, to stand alone."""
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
        write_whole(path, content, lasting=False)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}; give another folder to --charts"
        ) from None  # fmt: skip
    return path
