"""Makes the picture of a report that the README shows.

    python tools/screenshot.py [RUN] [--picture docs/report.png] [--width 96] [--lines 60]

Needs Chromium on the path, which draws the SVG that rich exports.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from raceway.report.terminal import show
from raceway.store.shelf import find, load

REMOTE_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
SIZE = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')


def drawn(run: str | None, width: int, lines: int) -> str:
    """Return the report's first lines as SVG, without fonts from elsewhere."""
    (path, found), *_ = load(find(Path("results"), run)).runs
    text = StringIO()
    show(
        found, path, Console(file=text, width=width, force_terminal=True, color_system="truecolor")
    )
    console = Console(file=StringIO(), width=width, record=True, force_terminal=True)
    for line in text.getvalue().splitlines()[:lines]:
        console.print(Text.from_ansi(line))
    svg = console.export_svg(title="raceway report", theme=MONOKAI)
    return REMOTE_FONTS.sub("", svg).replace("Fira Code", "DejaVu Sans Mono")


def main() -> None:
    """Draw the report and take its picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", nargs="?")
    parser.add_argument("--picture", type=Path, default=Path("docs/report.png"))
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--lines", type=int, default=60)
    options = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    svg = drawn(options.run, options.width, options.lines)
    size = SIZE.search(svg)
    window = f"{float(size['width']):.0f},{float(size['height']):.0f}" if size else "1200,1600"
    options.picture.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        page.write_text(f"<body style='margin:0'>{svg}</body>", encoding="utf-8")
        subprocess.run(  # noqa: S603 (the browser found above)
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", f"--window-size={window}",
                f"--screenshot={options.picture.resolve()}", page.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    print(options.picture)


if __name__ == "__main__":
    main()
