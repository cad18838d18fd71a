"""Finds dead links in a built site, and anything its pages would load from other sites.

    mkdocs build --strict && python tools/check_site.py build/site

Prints a line for each finding and exits with 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
HARMLESS = ("data:", "mailto:", "javascript:")
IN_STYLES = re.compile(r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")\s]+)""", re.IGNORECASE)
LOADING = {"src", "srcset", "poster", "data"}
"""Attributes whose target the browser fetches by itself."""


class Link(NamedTuple):
    """What an element points to, and whether the browser fetches it by itself."""

    target: str
    loads: bool


class Page(HTMLParser):
    """The links of a page, and the anchors within it."""

    def __init__(self, text: str) -> None:
        """Parse the page."""
        super().__init__()
        self.links: list[Link] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect an element's links and its name."""
        for name, value in attrs:
            if name in {"id", "name"} and value:
                self.anchors.add(value)
            elif name in LOADING | {"href"} and value:
                self.links.append(Link(value, loads=name in LOADING or tag == "link"))


def main() -> None:
    """Check the site in a folder."""
    root = Path(sys.argv[1]).resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.html"))}
    findings = [*dead_links(root, pages), *loaded_from_elsewhere(root, pages)]
    print("\n".join(findings) or f"{len(pages)} pages: no dead link, nothing loaded from elsewhere")
    sys.exit(1 if findings or not pages else 0)


def dead_links(root: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """Yield a line for each link within the site that leads nowhere."""
    for path, page in pages.items():
        for target, _ in page.links:
            if ELSEWHERE.match(target) or target.startswith(HARMLESS):
                continue
            split = urlsplit(target)
            aim = aimed_at(root, path, unquote(split.path))
            anchor = unquote(split.fragment)
            known = pages[aim].anchors | {""} if aim in pages else {anchor}
            if not aim.is_file() or anchor not in known:
                yield f"{path.relative_to(root)}: dead link {target}"


def aimed_at(root: Path, page: Path, target: str) -> Path:
    """Return the file a path on a page means."""
    if not target:
        return page
    aim = root / target.lstrip("/") if target.startswith("/") else page.parent / target
    aim = aim.resolve()
    return aim / "index.html" if aim.is_dir() else aim


def loaded_from_elsewhere(root: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """Yield a line for each file that a page or style sheet would load from another site."""
    for path, page in pages.items():
        for target, loads in page.links:
            if loads and ELSEWHERE.match(target):
                yield f"{path.relative_to(root)}: loads {target}"
    for path in sorted([*root.rglob("*.css"), *root.rglob("*.html")]):
        for target in IN_STYLES.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root)}: loads {target}"


if __name__ == "__main__":
    main()
