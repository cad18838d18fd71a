"""Damaged run files and journals, in every command that reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fuzz_mutants import mutant_of
from msgspec.structs import replace

from raceway.analysis.history.digest import digest_of
from raceway.analysis.run.frame import frame_of
from raceway.errors import StoreError
from raceway.record import JournalLine
from raceway.store.journal import read_journal
from raceway.store.runfile import encode
from raceway.store.runs import load, run_files
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from raceway.record import GroupResult

from fuzz_checks import (
    AS_A_WHOLE,
    FindingError,
    check_launches,
    check_printable,
    check_rows,
    run_command,
    small_run,
)

NAMING = (
    ("report", "bad"), ("report", "bad", "--json", "-"),
    ("compare", "good", "bad"), ("compare", "bad", "good"),
    ("compare", "good", "bad", "--json", "-"), ("compare", "good", "bad", "--markdown", "-"),
    ("compare", "good", "bad", "--junit", "-"), ("compare", "bad", "good", "--annotate"),
    ("baseline", "set", "bad"),
)  # fmt: skip
"""Commands that are told the file."""
FINDING = (
    ("report",), ("report", "--csv", "-"), ("report", "--markdown", "-"), ("history",),
    ("history", "--json", "-"), ("compare",), ("baseline", "list"),
)  # fmt: skip
"""Commands that find the file among others."""
PAGES = (("compare", "good", "bad", "--html", "-"), ("report", "--html", "-"))
FEW = 0.02
"""The share of mutants that become pages, which take long."""
WRONG_CALL = 4
ENDINGS = {0, 1, 2, WRONG_CALL}
MOST_LINES = 2
"""Of an error; each file that was refused has a line besides."""


class RunFile:
    """A run file beside a sound one."""

    weight = 6

    def __init__(self, folder: Path) -> None:
        """Save the sound one."""
        self.run = small_run()
        self.content = encode(self.run)
        self.results = folder / "results"
        home = self.results / self.run.header.machine.id
        home.mkdir(parents=True)
        self.good = home / "20261101T000000Z_0000000_aaaaaaaa.json"
        self.bad = home / "20261102T000000Z_0000000_bbbbbbbb.json"
        self.good.write_bytes(self.content.replace(b"2026-", b"2025-"))

    def mutant(self, draw: Random) -> bytes:
        """Return a damaged run file."""
        return mutant_of(self.content, draw)

    def survives(self, mutant: bytes, draw: Random) -> bool:
        """Read it in some command."""
        self.bad.write_bytes(mutant)
        loaded = load([self.bad])
        for problem in loaded.problems:
            check_printable(problem.replace("\n", "\0"), "problem")
        for _, run in loaded.runs:
            check_rows(frame_of(run), {each.id: each for each in self.run.records}, run, self.run)
            digest_of(run)
        commands = (*NAMING, *FINDING) if loaded.runs else NAMING
        words = [{"good": str(self.good), "bad": str(self.bad)}.get(each, each)
                 for each in draw.choice(PAGES if draw.random() < FEW else commands)]  # fmt: skip
        self.check_command(words)
        return bool(loaded.runs)

    def together(self, refused: Sequence[bytes], draw: Random) -> None:
        """Let commands find all that was refused beside the sound file; each is a line."""
        others = [self.bad.with_stem(f"{self.bad.stem}{number}") for number in range(len(refused))]
        self.bad.unlink(missing_ok=True)
        try:
            for file, mutant in zip(others, refused, strict=True):
                file.write_bytes(mutant)
            for words in draw.sample(FINDING, 2):
                self.check_command(list(words), len(refused))
        finally:
            for file in others:
                file.unlink(missing_ok=True)

    def check_command(self, words: list[str], refused: int = 1) -> None:
        """Run a command; it must end as commands do, and write what it promised."""
        code, out, errors = run_command(*words, "--results", str(self.results))
        where = " ".join(words)
        if code not in ENDINGS:
            raise FindingError(f"{where}: exit code {code}: {errors}")
        if code == WRONG_CALL and len(errors.splitlines()) > refused + MOST_LINES:
            raise FindingError(f"{where}: {errors}")
        if "--html" not in words:
            check_printable(out, where)
        check_printable(errors, where)
        if "--json" in words and out:
            json.loads(out, parse_constant=lambda name: _refuse(where, name))


def _refuse(where: str, name: str) -> None:
    raise FindingError(f"{where}: {name} in JSON")


class Journal:
    """The journal of a session that was killed."""

    weight = 3

    def __init__(self, folder: Path) -> None:
        """Make a sound one."""
        self.run = small_run()
        groups = self.groups()
        self.of_line = {to_json(each): each.group for each in groups if each.group}
        self.lines = [to_json(self.run.header), *self.of_line]
        self.results = folder / "results"
        home = self.results / self.run.header.machine.id
        home.mkdir(parents=True)
        self.journal = home / "20261102T000000Z_0000000_bbbbbbbb.journal"

    def groups(self) -> list[JournalLine]:
        """Return the lines of the groups."""
        every = [(record.id, launch) for record in self.run.records for launch in record.launches]
        of = {record.id: record.group for record in self.run.records}
        lines = []
        for group in self.run.groups:
            launches = {case: launch for case, launch in every
                        if launch.index == group.launch and of[case] == group.id}  # fmt: skip
            lines.append(JournalLine(group=replace(group, launches=launches)))
        return lines

    def mutant(self, draw: Random) -> bytes:
        """Return a journal with one damaged line, or damaged as a whole."""
        if draw.random() < AS_A_WHOLE:
            return mutant_of(b"\n".join(self.lines) + b"\n", draw)
        lines = list(self.lines)
        at = draw.randrange(len(lines))
        lines[at] = mutant_of(lines[at], draw).replace(b"\n", b" ")
        return b"\n".join(lines) + b"\n"

    def survives(self, mutant: bytes, _: Random) -> bool:
        """Recover and report it; all whole lines must be kept."""
        self.journal.write_bytes(mutant)
        try:
            kept = read_journal(self.journal)
        except StoreError as error:
            check_printable(str(error), "problem")
            kept = None
        code, out, errors = run_command("recover", "--results", str(self.results))
        check_printable(out + errors, "recover")
        if code not in ENDINGS:
            raise FindingError(f"recover: exit code {code}: {errors}")
        whole = set(mutant.split(b"\n")) & set(self.lines[1:])
        if kept and len(kept.groups) < len(whole):
            raise FindingError(f"{len(whole)} groups, {len(kept.groups)} kept")
        try:
            known = [self.of_line[line] for line in whole]
            intact = [each for each in known if kept and each in kept.groups]
            return self.sound(errors, intact) and kept is not None
        finally:
            for file in (*run_files(self.results), self.journal):
                file.unlink(missing_ok=True)

    def sound(self, errors: str, intact: list[GroupResult]) -> bool:
        """Look at what was recovered, some groups intact; return whether there was a run."""
        files = run_files(self.results)
        recovered = load(files)
        for problem in recovered.problems:
            raise FindingError(f"recovered what cannot be read: {problem} {errors}")
        for _, run in recovered.runs:
            check_launches(run, intact)
        if files:
            code, out, told = run_command("report", "--results", str(self.results))
            check_printable(out + told, "report")
            if code not in ENDINGS:
                raise FindingError(f"report: exit code {code}: {told}")
        return bool(files)

    def together(self, refused: Sequence[bytes], draw: Random) -> None:
        """Do nothing more: each was recovered alone."""
