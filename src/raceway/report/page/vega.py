"""Vega, Vega-Lite and Vega-Embed as one script, which every page contains.

Bundling blocks Python for a second. So the script is cached, and the first time another process
may bundle it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.metadata import version
from subprocess import DEVNULL, Popen, TimeoutExpired

from raceway.store.cache import read_cache, write_cache

NAME = "vega"
BOOT = (
    "import sys; sys.path[:] = sys.argv[1:];"
    " from raceway.report.page.vega import vega_script; vega_script()"
)
LONGEST_S = 60.0
"""The wait for the other process."""


class Bundling:
    """Bundles the script in another process, unless it is cached."""

    def __init__(self) -> None:
        """Start the process, if needed and possible."""
        self._process: Popen[bytes] | None = None
        with suppress(OSError):
            if _cached() is None:
                self._process = Popen(  # noqa: S603 (this very interpreter)
                    [sys.executable, "-c", BOOT, *sys.path],
                    stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
                )  # fmt: skip

    def script(self) -> str:
        """Return the script."""
        if self._process:
            with suppress(TimeoutExpired):
                self._process.wait(LONGEST_S)
        return vega_script()


def vega_script() -> str:
    """Return the script, safe inside a script element."""
    return _cached() or _bundled()


def _cached() -> str | None:
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
