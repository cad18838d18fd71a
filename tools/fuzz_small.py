"""Damaged cache files and replies of lanes."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from fuzz_mutants import mutant_of

from raceway.analysis.history.digest import digest_of
from raceway.analysis.history.history import history_of
from raceway.archive import digest_cache
from raceway.archive.digest_cache import CachedDigest, cached_in, seen
from raceway.errors import LaneError
from raceway.measure.control.replies import reply_to
from raceway.record import GroupResult, Launch, Noise
from raceway.store import cache
from raceway.store.runfile import encode
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random


from fuzz_checks import AS_A_WHOLE, FindingError, check_printable, small_run


class Cache:
    """The cached digests of a folder."""

    weight = 1

    def __init__(self, folder: Path) -> None:
        """Cache a digest."""
        self.folder = folder / "runs"
        self.folder.mkdir(parents=True)
        file = self.folder / "run.json"
        file.write_bytes(encode(small_run()))
        looks = seen(file)
        assert looks is not None  # noqa: S101 (it was just written)
        self.sound = CachedDigest(looks, digest_of(small_run()))
        digest_cache.keep(self.folder, {file: self.sound})
        (self.file,) = cache.cache_folder().iterdir()
        self.content = self.file.read_bytes()

    def mutant(self, draw: Random) -> bytes:
        """Return a damaged cache file; half of them with the right checksum."""
        head, _, body = self.content.partition(b"\n")
        if draw.random() < AS_A_WHOLE:
            return mutant_of(self.content, draw)
        body = mutant_of(body, draw)
        return head[:-8] + b"%08x\n" % zlib.crc32(body) + body

    def survives(self, mutant: bytes, _: Random) -> bool:
        """Read it: nothing, or a digest whose columns fit."""
        self.file.write_bytes(mutant)
        whole = {path: each for path, each in cached_in(self.folder).items()
                 if each.digest.is_whole}  # fmt: skip
        known = {self.folder / "run.json": self.sound}
        if whole and whole != known and not self.is_forged(mutant):
            raise FindingError("the cache tells something else")
        history_of([(path, each.digest) for path, each in whole.items()])
        return bool(whole)

    def together(self, refused: Sequence[bytes], draw: Random) -> None:
        """Do nothing more: there is one cache file of a folder."""

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
    "latency": ({}, {"latencies_ns": [5, 6], "latency_count": 3, "left_behind": []}),
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

    def together(self, refused: Sequence[bytes], draw: Random) -> None:
        """Do nothing more: each is taken alone."""
