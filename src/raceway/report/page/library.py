"""The library that draws charts, Vega, Vega-Lite and Vega-Embed, as one script that pages carry.

To bundle it takes a second in which Python can do nothing else, so it is kept from the last time,
and the first time another process may do it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from subprocess import DEVNULL, Popen

from raceway.store.cache import read_cache, write_cache

NAME = "library"
BOOT = (
    "import sys; sys.path[:] = sys.argv[1:];"
    " from raceway.report.page.library import library; library()"
)


@cache
def library() -> str:
    """Return the script; no text in it can end the element it stands in."""
    return _kept() or _bundled()


def begin_library() -> Popen[bytes] | None:
    """Let another process bundle and keep it, if it is not kept; None if there is no need."""
    if _kept():
        return None
    with suppress(OSError):
        return Popen(  # noqa: S603 (this very interpreter)
            [sys.executable, "-c", BOOT, *sys.path],
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip
    return None


def _kept() -> str | None:
    content = read_cache(NAME, _bundler())
    with suppress(UnicodeDecodeError):
        return None if content is None else str(content, "utf-8")
    return None


def _bundled() -> str:
    import vl_convert  # noqa: PLC0415 (30 MB, for the first page only)

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    bundle = bundle.replace("</script", "<\\/script")
    write_cache(NAME, _bundler(), bundle.encode())
    return bundle


def _bundler() -> str:
    return f"vl-convert-{version('vl-convert-python')}"
