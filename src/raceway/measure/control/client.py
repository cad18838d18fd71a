"""The controller's end of a lane: starts it, asks it, and ends it with all its processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shlex
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from raceway.errors import LaneError
from raceway.measure.control.bootstrap import BOOT, FOLDER_PREFIX
from raceway.measure.control.ending import (
    END_GRACE_S,
    KILL,
    ended,
    family_of,
    gone,
    signal_all,
    signal_name,
)
from raceway.measure.control.replies import reply_to
from raceway.measure.control.surroundings import surroundings
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

    from raceway.measure.control.reaper import Reaper

START_TIMEOUT_S = 60.0
"""For an interpreter to start, unpack its bundle and report; a first import can be slow."""
KEPT_STDERR_BYTES = 4_096
LONGEST_REPLY_BYTES = 2**24
"""More than the largest answers that one lane sends to another."""
POLL_S = 0.2


@dataclass(slots=True)
class LaneClient:
    """One lane process."""

    name: str
    process: asyncio.subprocess.Process
    commands: asyncio.StreamWriter
    replies: asyncio.StreamReader
    printed: asyncio.StreamReader
    """What the lane and its tasks print."""
    reaper: Reaper
    facts: dict[str, Any] = field(default_factory=dict)
    folder: str = ""
    stderr_tail: bytes = b""
    drain: asyncio.Task[None] | None = None
    asked: int = 0
    """The number of the last command; its reply repeats it."""

    async def ask(self, do: str, timeout_s: float, **arguments: Any) -> dict[str, Any]:
        """Send a command and return its reply; LaneError if the lane fails, hangs or crashes."""
        self.asked += 1
        command = json.dumps({"do": do, "number": self.asked, **arguments}).encode() + b"\n"
        try:
            self.commands.write(command)
            async with asyncio.timeout(timeout_s):
                await self.commands.drain()
            line = await self.reply(timeout_s)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise LaneError(await self.death()) from error
        except asyncio.LimitOverrunError as error:
            raise LaneError("broke the protocol: a line that does not end") from error
        except TimeoutError as error:
            raise LaneError(
                f"hung: no answer to {do!r} within {timeout_s:.3g} s; ended"
                " (--group-timeout gives more time)"
            ) from error
        return reply_to(do, arguments, self.asked, line)

    async def reply(self, timeout_s: float) -> bytes:
        """Return the next line; notice a crash even if a child still holds the pipe open."""
        reading = asyncio.ensure_future(self.replies.readuntil(b"\n"))
        try:
            async with asyncio.timeout(timeout_s):
                while not reading.done():
                    await asyncio.wait({reading}, timeout=POLL_S)
                    if self.process.returncode is not None and not reading.done():
                        await asyncio.wait({reading}, timeout=POLL_S)
                        break
        finally:
            if not reading.done():
                reading.cancel()
        if reading.cancelled() or not reading.done():
            raise ConnectionError(self.name)
        return reading.result()

    async def death(self) -> str:
        """Return how the process ended, and the last line it wrote."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(ended(self.process)), END_GRACE_S)
        code = self.process.returncode
        if code is None:
            how = "closed its pipes"
        elif code < 0:
            how = f"was killed by {signal_name(-code)}"
        else:
            how = f"exited with code {code}"
        last = self.stderr_tail.decode(errors="replace").strip().splitlines()[-1:]
        return f"the lane {how}" + (f": {printable(last[0][:200])}" if last else "")

    async def keep_stderr_tail(self) -> None:
        """Read all that the lane and its tasks print, and keep the end."""
        while part := await self.printed.read(65_536):
            self.stderr_tail = (self.stderr_tail + part)[-KEPT_STDERR_BYTES:]

    async def quit(self) -> None:
        """Let the lane end by itself, then make sure that nothing is left of it."""
        family = family_of(self.process.pid)
        with contextlib.suppress(ConnectionError):
            self.commands.write(b'{"do": "quit"}\n')
            self.commands.close()
        if not await gone(self.process, family):
            await self.end(family)
        self.clear_up()

    async def end(self, known: Sequence[psutil.Process] = ()) -> None:
        """End the lane's whole process group, first gently, so that it can clean up."""
        family = [*known, *family_of(self.process.pid)]
        for number in (signal.SIGTERM, KILL):
            signal_all(self.process.pid, family, number)
            if await gone(self.process, family):
                break
        self.clear_up()

    def clear_up(self) -> None:
        """Kill what is left of the group, and remove the unpacked code."""
        signal_all(self.process.pid, (), KILL)
        self.reaper.forget(self.process.pid)
        if self.drain:
            self.drain.cancel()
        if Path(self.folder).name.startswith(FOLDER_PREFIX):
            shutil.rmtree(self.folder, ignore_errors=True)


async def start_lane(
    name: str, command: Sequence[str], bundle: bytes, required: Sequence[str] | None, reaper: Reaper
) -> LaneClient:
    """Start an interpreter as a lane; LaneError if it does not start or is not a suitable Python.

    `required` are packages to look for; with None, the lane reports no facts.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *full_command(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_REPLY_BYTES,
            env=surroundings(),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise LaneError(f"{shlex.join(command)}: cannot be started ({error})") from error
    reaper.watch(process.pid)
    lane = LaneClient(
        name,
        process,
        commands=cast("asyncio.StreamWriter", process.stdin),
        replies=cast("asyncio.StreamReader", process.stdout),
        printed=cast("asyncio.StreamReader", process.stderr),
        reaper=reaper,
    )
    lane.drain = asyncio.create_task(lane.keep_stderr_tail())
    wanted = None if required is None else list(required)
    try:
        lane.commands.write(bundle)
        lane.facts = await lane.ask("hello", START_TIMEOUT_S, required=wanted)
    except BaseException:
        await lane.end()
        raise
    lane.folder = str(lane.facts.pop("folder", ""))
    reaper.watch(process.pid, lane.folder)
    return lane


def full_command(command: Sequence[str]) -> list[str]:
    """Return the interpreter's command with the boot code, quoted again for a remote shell.

    With `-P`, which workers get too, nothing in the current folder hides the library.
    """
    remote = Path(command[0]).name == "ssh"
    return [*command, "-P", "-c", shlex.quote(BOOT) if remote else BOOT]
