"""Makes the README's picture of the page.

    raceway report --html page.html
    python tools/screenshot.py page.html docs/page.png

Needs Chromium on the path.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

WINDOW = "1280,2300"
"""Width and height in pixels."""


def main() -> None:
    """Take the picture of a page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 (the browser found above)
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={profile}", f"--window-size={WINDOW}",
                "--virtual-time-budget=20000",  # all charts are drawn by then
                f"--screenshot={options.picture.resolve()}", options.page.resolve().as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    print(options.picture)


if __name__ == "__main__":
    main()
