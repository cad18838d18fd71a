r"""Makes the gallery: the charts of some runs as pictures, with explanations.

    pytest bench/test_cpu.py -k primes --models serial,threads,pool,asyncio --workers 1,2,3,4 \
        --interpreter 3.13=python3.13 --results gallery
    python tools/gallery.py docs/gallery 91ba317b gallery

If several runs have a chart, the first run's is shown.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.report.charts.files import write_charts
from raceway.report.charts.gallery import distributions_of, figures_of
from raceway.report.format.sanitize import printable_run
from raceway.report.run.provenance import environment_text, machine_text
from raceway.store.runs import find, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.record import Run
    from raceway.report.charts.figure import Figure

ROUNDS = "primes-4000"
"""The group whose rounds are shown."""


def main() -> None:
    """Write the pictures and the page that shows them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gallery", type=Path)
    parser.add_argument("runs", nargs="+", help="run ids, files, or folders of results")
    options = parser.parse_args()
    shown: dict[str, tuple[Run, Figure]] = {}
    for word in options.runs:
        run = printable_run(newest(word))
        for figure in (*figures_of(run), *rounds_of(run)):
            shown.setdefault(figure.name, (run, figure))
    options.gallery.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for file in write_charts([figure for _, figure in shown.values()], Path(folder)):
            if file.suffix == ".png":
                (options.gallery / file.name).write_bytes(file.read_bytes())
    page = "\n".join(page_lines(list(shown.values())))
    (options.gallery / "README.md").write_text(page, encoding="utf-8")
    print(f"{len(shown)} pictures in {options.gallery}")


def newest(word: str) -> Run:
    """Return the newest run that a word means; a results folder will do."""
    folder = Path(word)
    paths = find(folder) if folder.is_dir() else find(Path("results"), word)
    return load(paths).runs[-1][1]


def rounds_of(run: Run) -> list[Figure]:
    """Return the distribution of one group's rounds, since all groups look alike."""
    return [each for each in distributions_of(run) if each.name == f"rounds-{ROUNDS}"]


def page_lines(shown: Sequence[tuple[Run, Figure]]) -> Iterator[str]:
    """Yield the page: each picture with its title, its caption and the run."""
    yield "# Gallery"
    yield ""
    machine = machine_text(shown[0][0].header.machine)
    yield f"Made by `tools/gallery.py`, which says how, on {machine}."
    yield "Runs that are not in `results/` were measured for these pictures."
    for run, figure in shown:
        interpreters = ", ".join(environment_text(each) for each in run.header.environments)
        yield from ("", f"## {figure.title}", "", figure.caption, "")
        yield f"![{figure.title}]({figure.name}.png)"
        yield from ("", f"Run {run.header.run_id}: {interpreters}.")
    yield ""


if __name__ == "__main__":
    main()
