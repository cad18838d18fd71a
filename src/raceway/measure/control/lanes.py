"""The lanes of a launch: started when first needed, kept between groups if that is fair."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from raceway.errors import LaneError, SelectionError
from raceway.measure.control.bootstrap import bundle, entries_of
from raceway.measure.control.client import LaneClient, start_lane
from raceway.measure.scratch.reaper import Reaper
from raceway.plan.catalogue import MODEL_FILE
from raceway.plan.selection import Interpreter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from pathlib import Path

    from raceway.case import Case
    from raceway.plan.catalogue import Catalogue
    from raceway.plan.engines import Engine
    from raceway.plan.servers import Server

LaneKey = tuple[str, str, int, str, str]
NO_FACTS = None
"""Lanes that race report no facts: finding them takes as long as all other imports."""


@dataclass(slots=True)
class Lanes:
    """Provides the lane of each case, and ends them all."""

    commands: Mapping[str, Sequence[str]]
    """Interpreter label to the command that starts it."""
    catalogue: Catalogue
    reaper: Reaper
    files: Mapping[str, Mapping[str, Path]] = field(default_factory=dict)
    """Interpreter label to its own versions of the users' files."""
    engines: Mapping[str, Sequence[Engine]] = field(default_factory=dict)
    """Interpreter label to its own versions of engines."""
    running: dict[LaneKey, LaneClient] = field(default_factory=dict)
    retired: list[LaneClient] = field(default_factory=list)
    """Lanes that will not race again and have not been ended yet."""
    bundles: dict[str, bytes] = field(default_factory=dict)
    """Interpreter label to the bundle with all that its lanes may need."""

    def bundle_of(self, case: Case) -> bytes:
        """Return the bundle of a case's lane.

        That of built-in entries holds these alone, since writing and removing more takes time. A
        user's file may import any of them.
        """
        label = case.interpreter
        files = {**self.catalogue.travelling, **self.files.get(label, {})}
        engines = self.engines.get(label, self.catalogue.engines)
        described: list[Engine | Server] = [*engines, *self.catalogue.servers]
        brought = [*files, *(each.file for each in described)]
        if {case.workload, MODEL_FILE.format(case.model)}.isdisjoint(brought):
            return bundle({}, entries=entries_of(case))
        if label not in self.bundles:
            self.bundles[label] = bundle(files, described)
        return self.bundles[label]

    async def fetch(self, case: Case) -> LaneClient:
        """Return the lane of a case, started if there is none yet."""
        lane = self.running.get(case.lane)
        if lane is None:
            lane = await start_lane(
                case.id,
                self.commands[case.interpreter],
                self.bundle_of(case),
                NO_FACTS,
                self.reaper,
            )
            self.running[case.lane] = lane
        return lane

    async def discard(self, case: Case) -> None:
        """End the lane of a case that failed; the next group gets a fresh one."""
        lane = self.running.pop(case.lane, None)
        if lane:
            await lane.end()

    def retire(self, needed: Collection[LaneKey]) -> None:
        """Retire the lanes that are not needed any more in this launch.

        Nor are those whose next cold start would benefit from this one: a fork server or a resource
        tracker outlives its pool; a fresh lane has neither.
        """
        models = self.catalogue.models
        done = [key for key in self.running if key not in needed or models[key[1]].fresh_workers]
        self.retired += map(self.running.pop, done)

    async def quit_retired(self) -> None:
        """Let all retired lanes end by themselves, at the same time."""
        ending, self.retired = self.retired, []
        await asyncio.gather(*(lane.quit() for lane in ending))

    async def end_launch(self) -> None:
        """End every lane: the next launch gets new processes, new layouts, new hash seeds."""
        self.retired += self.running.values()
        self.running.clear()
        await self.quit_retired()


@contextlib.asynccontextmanager
async def attended() -> AsyncIterator[Reaper]:
    """Keep a reaper while processes are started."""
    reaper = Reaper.start()
    try:
        yield reaper
    finally:
        reaper.dismiss()


async def survey(commands: Mapping[str, Sequence[str]], catalogue: Catalogue) -> list[Interpreter]:
    """Ask every interpreter for its facts; SelectionError if one does not start as a lane."""

    async def asked(label: str, command: Sequence[str], reaper: Reaper) -> Interpreter:
        try:
            lane = await start_lane(label, command, packed, catalogue.required(), reaper)
        except LaneError as error:
            raise SelectionError(
                f"interpreter {label}: not a Python 3.11 or newer that starts: {error}"
            ) from error
        await lane.quit()
        return Interpreter(label, tuple(command), lane.facts)

    packed = bundle(catalogue.travelling, catalogue.described)
    async with attended() as reaper:
        return [await asked(label, command, reaper) for label, command in commands.items()]


async def ask_once(
    interpreter: Interpreter,
    catalogue: Catalogue,
    reaper: Reaper,
    timeout_s: float,
    **command: Any,
) -> dict[str, Any]:
    """Start a lane for a single question; LaneError if it fails."""
    lane = await start_lane(
        interpreter.label,
        interpreter.command,
        bundle(catalogue.travelling, catalogue.described),
        NO_FACTS,
        reaper,
    )
    try:
        return await lane.ask(timeout_s=timeout_s, **command)
    finally:
        await lane.quit()
