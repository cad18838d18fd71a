"""Vega, Vega-Lite and Vega-Embed as one script, which every page carries.

To bundle it takes a second in which Python can do nothing else, so it is kept from the last time,
and the first time another process may do it meanwhile.
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
"""Another process is waited for."""


class Bundling:
    """The script being bundled by another process, if it is not kept from the last time."""

    def __init__(self) -> None:
        """Begin, unless there is no need or the system does not allow it."""
        self._process: Popen[bytes] | None = None
        with suppress(OSError):
            if _kept() is None:
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
    """Return the script; no text in it can end the element it stands in."""
    return _kept() or _bundled()


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
