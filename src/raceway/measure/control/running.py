"""Runs what starts processes to its end: Ctrl-C stops it, but never its cleaning up."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from raceway import interruption

if TYPE_CHECKING:
    from collections.abc import Coroutine

Result = TypeVar("Result")


def run_to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine as `asyncio.run` does; KeyboardInterrupt if Ctrl-C stopped it.

    A second Ctrl-C would leave processes behind and print tracebacks; cleaning up takes seconds at
    most, so it is not heard.
    """
    interrupts: list[bool] = []

    async def main() -> Result:
        task = asyncio.current_task()

        def interrupt() -> None:
            interrupts.append(interruption.is_first())
            if len(interrupts) == 1 and task:
                task.cancel()

        if heard:
            with suppress(NotImplementedError):  # Windows
                asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupt)
        return await work

    before = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    heard = in_main and before in {signal.default_int_handler, interruption.interrupt}
    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if interrupts:
            raise KeyboardInterrupt from None
        raise
    finally:
        if heard:  # the loop has left Python's own
            signal.signal(signal.SIGINT, before)
