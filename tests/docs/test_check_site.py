"""tools/check_site.py finds what it is for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK = Path(__file__).parents[2] / "tools" / "check_site.py"


def check(site: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(CHECK), str(site)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_sound_site_passes(make_tree: Callable[[dict[str, str]], Path]) -> None:
    site = make_tree(
        {
            "index.html": '<a href="b/c.html#here">c</a> <a href="https://example.org">out</a>',
            "b/c.html": '<h1 id="here"></h1><a href="../index.html">i</a><img src="/p.png">',
            "p.png": "",
        }
    )

    assert check(site) == (0, "2 pages: no dead link, nothing loaded from elsewhere\n")


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        ('<a href="gone.html">x</a>', "index.html: dead link gone.html"),
        ('<h1 id="a"></h1><a href="#b">x</a>', "index.html: dead link #b"),
        ('<img src="gone.png">', "index.html: dead link gone.png"),
        ('<script src="https://example.org/x.js">', "index.html: loads https://example.org/x.js"),
        ('<link href="//example.org/x.css">', "index.html: loads //example.org/x.css"),
        ("<style>@import 'https://example.org/x.css'</style>", "index.html: loads https://exa"),
        ("<style>a {background: url(//example.org/x)}</style>", "index.html: loads //exa"),
    ],
)
def test_what_is_wrong_is_named(
    make_tree: Callable[[dict[str, str]], Path], page: str, finding: str
) -> None:
    code, said = check(make_tree({"index.html": page}))

    assert code == 1
    assert finding in said


def test_a_folder_without_pages_is_no_site(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == 1
