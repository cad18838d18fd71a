"""The controller's end of a lane: starts it, asks it, and ends it with all its processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shlex
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from raceway.errors import LaneError
from raceway.measure.control.bootstrap import BOOT
from raceway.measure.control.ending import (
    END_GRACE_S,
    KILL,
    ended,
    family_of,
    gone,
    orphans_in,
    signal_all,
    signal_each,
    signal_name,
    workers_in,
)
from raceway.measure.control.replies import WorkerDeathError, reply_to
from raceway.measure.control.surroundings import surroundings
from raceway.measure.scratch.reaper import marks
from raceway.measure.scratch.reaping import remove
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

    from raceway.measure.scratch.reaper import Reaper

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
    transport: asyncio.SubprocessTransport
    commands: asyncio.StreamWriter
    replies: asyncio.StreamReader
    printed: asyncio.StreamReader
    """What the lane and its tasks print."""
    reaper: Reaper
    folder: Path
    """Where it unpacks its code and may write; nobody else does."""
    facts: dict[str, Any] = field(default_factory=dict)
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
        try:
            return reply_to(do, arguments, self.asked, line)
        except WorkerDeathError as error:
            await asyncio.sleep(POLL_S)  # for what the worker wrote
            raise LaneError(f"{error}{self.last_words()}") from None

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
        return f"the lane {how}{self.last_words()}"

    def last_words(self) -> str:
        """Return the last line that the lane or a worker wrote, after a colon; empty if none."""
        last = self.stderr_tail.decode(errors="replace").strip().splitlines()[-1:]
        return f": {printable(last[0][:200])}" if last else ""

    async def keep_stderr_tail(self) -> None:
        """Read all that the lane and its tasks print, and keep the end."""
        while part := await self.printed.read(65_536):
            self.stderr_tail = (self.stderr_tail + part)[-KEPT_STDERR_BYTES:]

    def family(self, known: Sequence[psutil.Process] = ()) -> list[psutil.Process]:
        """Return the lane's processes, even if it died before them."""
        return [*dict.fromkeys([*known, *family_of(self.process.pid), *orphans_in(self.folder)])]

    async def quit(self) -> None:
        """Let the lane end by itself, then make sure that nothing is left of it."""
        family = family_of(self.process.pid)
        try:
            with contextlib.suppress(ConnectionError):
                self.commands.write(b'{"do": "quit"}\n')
                self.commands.close()
            if not await gone(self.process, family):
                await self.end(family)
        finally:
            self.clear_up()

    async def end(self, known: Sequence[psutil.Process] = ()) -> None:
        """End all processes of the lane, first gently, so that it can clean up; trackers last."""
        family = self.family(known)
        signal_all(self.process.pid, family, signal.SIGTERM)
        try:
            if not await gone(self.process, family):
                family = self.family(known)
                signal_each(workers_in(family), KILL)
                if not await gone(self.process, family):
                    family = self.family(known)
                    signal_all(self.process.pid, family, KILL)
                    await gone(self.process, family)
        finally:
            self.clear_up()

    def clear_up(self) -> None:
        """Kill what is left of the group, and remove the lane's folder."""
        signal_all(self.process.pid, (), KILL)
        self.reaper.forget(self.process.pid)
        if self.drain:
            self.drain.cancel()
        self.transport.close()  # a process that was not found may hold the other end
        remove(str(self.folder))


async def start_lane(
    name: str, command: Sequence[str], bundle: bytes, required: Sequence[str] | None, reaper: Reaper
) -> LaneClient:
    """Start an interpreter as a lane; LaneError if it does not start or is not a suitable Python.

    `required` are packages to look for; with None, the lane reports no facts.
    """
    folder = reaper.new_folder()
    try:
        process, transport = await started(full_command(command), folder)
    except (OSError, ValueError) as error:
        remove(str(folder))
        raise LaneError(f"{shlex.join(command)}: cannot be started ({error})") from error
    reaper.watch(process.pid)
    lane = LaneClient(
        name,
        process,
        transport,
        folder=folder,
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
    lane.facts.pop("folder")
    return lane


async def started(
    command: Sequence[str], folder: Path
) -> tuple[asyncio.subprocess.Process, asyncio.SubprocessTransport]:
    """Start a process that may write into a folder alone.

    As `asyncio.create_subprocess_exec` does, which keeps the transport to itself: a pipe that
    somebody else holds open can then never be closed.
    """
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: asyncio.subprocess.SubprocessStreamProtocol(LONGEST_REPLY_BYTES, loop),
        *command,
        env={**surroundings(), **marks(folder)},
        start_new_session=True,
    )
    return asyncio.subprocess.Process(transport, protocol, loop), transport


def full_command(command: Sequence[str]) -> list[str]:
    """Return the interpreter's command with the boot code, quoted again for a remote shell.

    With `-P`, which workers get too, nothing in the current folder hides the library.
    """
    remote = Path(command[0]).name == "ssh"
    return [*command, "-P", "-c", shlex.quote(BOOT) if remote else BOOT]
