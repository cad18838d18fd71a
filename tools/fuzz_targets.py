"""What is damaged, and what must then be so."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fuzz_mutants import mutant_of
from msgspec.structs import replace

from raceway import cli
from raceway.analysis.history.digest import digest_of
from raceway.analysis.history.history import history_of
from raceway.analysis.run.frame import frame_of
from raceway.archive import digest_cache
from raceway.archive.digest_cache import CachedDigest, cached_in, seen
from raceway.errors import LaneError, StoreError
from raceway.measure.control.replies import reply_to
from raceway.record import GroupResult, JournalLine, Launch, Noise
from raceway.store import cache
from raceway.store.journal import read_journal
from raceway.store.runfile import encode
from raceway.store.runs import load, run_files
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from random import Random

    import pandas as pd

    from raceway.record import Record, Run

OWN = ("per_pass_s", "per_task_s", "status", "rounds", "launches", "workers", "peak_memory_bytes")
"""Columns that follow from a record alone."""
COMMANDS = (
    ("report",), ("report", "--json", "-"), ("report", "--csv", "-"), ("report", "--markdown", "-"),
    ("compare", "good", "bad"), ("compare", "bad", "good"), ("history",), ("history", "--json", "-"),
    ("compare", "good", "bad", "--json", "-"), ("baseline", "set", "bad"), ("baseline", "list"),
    ("compare",),
)  # fmt: skip
PAGES = (("compare", "good", "bad", "--html", "-"), ("report", "--html", "-"))
FEW = 0.02
"""The share of mutants that become pages, which take long."""
ENDINGS = {0, 1, 2, 4}


class FindingError(Exception):
    """Something that must not be."""


class Target(Protocol):
    """One kind of content that may be damaged."""

    weight: int
    """Its share of the time."""

    def mutant(self, draw: Random) -> bytes:
        """Return a damaged one."""

    def survives(self, mutant: bytes, draw: Random) -> bool:
        """Look what becomes of it; return whether it is read. FindingError if that is wrong."""


def small_run() -> Run:
    """Return a part of a committed run: all kinds of work, few launches and rounds."""
    newest = run_files(Path(__file__).parents[1] / "results")[-1]
    ((_, run),) = load([newest]).runs
    groups = list(dict.fromkeys(record.group for record in run.records if record.workload))[::3]
    records = [replace(each, launches=list(map(_short, each.launches[:3])))
               for each in run.records if each.group in groups or not each.workload]  # fmt: skip
    ids = {each.id for each in records}
    header = replace(run.header, planned=[each for each in run.header.planned if each.id in ids])
    kept = [each for each in run.groups if each.id in groups and each.launch < 3]
    ends = [each for each in run.ends if each.id in groups]
    return replace(run, header=header, records=records, groups=kept, ends=ends)


def _short(launch: Launch) -> Launch:
    lists = {name: getattr(launch, name)[:4] for name in ("rounds_ns", "anchors_ns", "turns")}
    return replace(launch, **lists)


def run_command(*words: str) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code, output and errors."""
    out, errors, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["raceway", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            cli.main()
    except SystemExit as ending:
        return int(ending.code or 0), out.getvalue(), errors.getvalue()
    finally:
        sys.argv = before
    raise FindingError("did not exit")


def check_printable(text: str, where: str) -> None:
    """Raise FindingError if a text holds anything that a terminal would obey."""
    for character in set(text) - {"\n"}:
        if not character.isprintable():
            at = text.index(character)
            raise FindingError(f"{where}: prints {text[max(0, at - 40) : at + 20]!r}")


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
        words = [{"good": str(self.good), "bad": str(self.bad)}.get(each, each)
                 for each in draw.choice(PAGES if draw.random() < FEW else COMMANDS)]  # fmt: skip
        self.check_command(words)
        return bool(loaded.runs)

    def check_command(self, words: list[str]) -> None:
        """Run a command; it must end as commands do, and write what it promised."""
        code, out, errors = run_command(*words, "--results", str(self.results))
        where = " ".join(words)
        if code not in ENDINGS:
            raise FindingError(f"{where}: exit code {code}: {errors}")
        if code == 4 and len(errors.splitlines()) > 3:
            raise FindingError(f"{where}: {errors}")
        if "--html" not in words:
            check_printable(out, where)
        check_printable(errors, where)
        if "--json" in words and out:
            json.loads(out, parse_constant=lambda name: _refuse(where, name))


def _refuse(where: str, name: str) -> None:
    raise FindingError(f"{where}: {name} in JSON")


def check_rows(frame: pd.DataFrame, known: dict[str, Record], run: Run, sound: Run) -> None:
    """Raise FindingError for a row that is there twice, impossible, or not that of its record."""
    twice = frame["case"][frame["case"].duplicated()]
    if len(twice):
        raise FindingError(f"two rows of {twice.iloc[0]!r}")
    for name in frame.select_dtypes("number"):
        values = frame[name].dropna()
        if not values.map(math.isfinite).all() or (values < 0).any():
            raise FindingError(f"{name} is {values.min()} to {values.max()}")
    before = frame_of(sound).set_index("case")
    unchanged = [each.id for each in run.records if known.get(each.id) == each]
    now = frame.set_index("case")
    for name in OWN:
        pairs = zip(now.loc[unchanged, name], before.loc[unchanged, name], strict=True)
        for case, (new, old) in zip(unchanged, pairs, strict=True):
            if new != old and not (new != new and old != old):  # noqa: PLR0124 (NaN)
                raise FindingError(f"{case}: {name} was {old} and is {new}")


class Journal:
    """The journal of a session that was killed."""

    weight = 3

    def __init__(self, folder: Path) -> None:
        """Make a sound one."""
        self.run = small_run()
        self.lines = [to_json(self.run.header), *map(to_json, self.groups())]
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
        if draw.random() < 0.3:
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
        if kept and len([each for each in kept.groups]) < len(whole):
            raise FindingError(f"{len(whole)} groups, {len(kept.groups)} kept")
        try:
            return self.sound(errors) and kept is not None
        finally:
            for file in (*run_files(self.results), self.journal):
                file.unlink(missing_ok=True)

    def sound(self, errors: str) -> bool:
        """Look at what was recovered; return whether there was a run."""
        files = run_files(self.results)
        for problem in load(files).problems:
            raise FindingError(f"recovered what cannot be read: {problem} {errors}")
        if files:
            code, out, told = run_command("report", "--results", str(self.results))
            check_printable(out + told, "report")
            if code not in ENDINGS:
                raise FindingError(f"report: exit code {code}: {told}")
        return bool(files)


class Cache:
    """The cached digests of a folder."""

    weight = 1

    def __init__(self, folder: Path) -> None:
        """Cache a digest."""
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        self.folder = folder / "runs"
        self.folder.mkdir(parents=True)
        file = self.folder / "run.json"
        file.write_bytes(encode(small_run()))
        self.sound = CachedDigest(seen(file) or _refuse("cache", "no file"), digest_of(small_run()))
        digest_cache.keep(self.folder, {file: self.sound})
        (self.file,) = cache.cache_folder().iterdir()
        self.content = self.file.read_bytes()

    def mutant(self, draw: Random) -> bytes:
        """Return a damaged cache file; half of them with the right checksum."""
        head, _, body = self.content.partition(b"\n")
        if draw.random() < 0.5:
            return mutant_of(self.content, draw)
        body = mutant_of(body, draw)
        return head[:-8] + b"%08x\n" % zlib.crc32(body) + body

    def survives(self, mutant: bytes, _: Random) -> bool:
        """Read it: nothing, or a digest whose columns fit."""
        self.file.write_bytes(mutant)
        whole = {path: each for path, each in cached_in(self.folder).items()
                 if each.digest.is_whole}  # fmt: skip
        if whole and not self.is_forged(mutant):
            if whole != {self.folder / "run.json": self.sound}:
                raise FindingError("the cache tells something else")
        history_of([(path, each.digest) for path, each in whole.items()])
        return bool(whole)

    def is_forged(self, mutant: bytes) -> bool:
        """Whether it has the right checksum, though it is another file."""
        head, _, body = mutant.partition(b"\n")
        return mutant != self.content and head.endswith(b"%08x" % zlib.crc32(body))


REPLIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "prepare": ({}, {"contradiction": ""}),
    "open": ({}, {"cold_s": 0.25, "longest_task_share": 0.5}),
    "warm": ({}, {"loops": 7, "round_s": 0.002}),
    "go": ({"rounds": 3, "anchored": True}, {
        "rounds_ns": [5_000, 6_000, 7_000], "anchors_ns": [200, 201, 202], "cpu_s": 0.5,
        "queue_s": None,
    }),
    "close": ({}, {"peak_memory_bytes": 4_096, "left_behind": []}),
    "peak": ({}, {"flops_per_s": 1e11, "bytes_per_s": 1e10}),
    "compare": ({}, {"difference": ""}),
}  # fmt: skip


class Reply:
    """What a lane replies."""

    weight = 1

    def __init__(self, _: Path) -> None:
        """Need nothing."""

    def mutant(self, draw: Random) -> bytes:
        """Return the name of a command, and a damaged reply to it."""
        do = draw.choice(sorted(REPLIES))
        return (
            do.encode()
            + b"\n"
            + mutant_of(json.dumps({"number": 3, **REPLIES[do][1]}).encode(), draw)
        )

    def survives(self, mutant: bytes, _: Random) -> bool:
        """Take it or fail the case; what is taken can be saved."""
        do, _, line = mutant.partition(b"\n")
        arguments = REPLIES[do.decode()][0]
        try:
            reply = reply_to(do.decode(), arguments, 3, line)
        except LaneError as error:
            check_printable(str(error), "reply")
            return False
        fields = {name: value for name, value in reply.items() if name in Launch.__struct_fields__}
        launch = Launch(index=0, **fields)
        to_json(GroupResult(id="a-b", launch=0, started_at="", wall_s=1.0, noise=Noise(),
                            launches={"a": launch}))  # fmt: skip
        return True


TARGETS: dict[str, Any] = {"run-file": RunFile, "journal": Journal, "cache": Cache, "reply": Reply}
