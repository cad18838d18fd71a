"""What a lane may reply: typed and bounded, since its tasks can write into the pipe, too.

A reply that is not what was asked for fails the lane's own case, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import msgspec
from msgspec import Meta

from raceway.bounds import (
    Count,
    Latencies,
    LatencyCount,
    Nanoseconds,
    Seconds,
    Share,
    Size,
    Speed,
    are_latencies,
)
from raceway.errors import LaneError
from raceway.measure.control.wire import decoded
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 10_000
"""Entries of a list or mapping."""
LONGEST_TEXT = 2_000
LONGEST_QUOTE = 80

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Texts = Annotated[list[Text], Meta(max_length=MOST)]
Version = Annotated[int, Meta(ge=0, le=MOST)]


class Envelope(msgspec.Struct, frozen=True):
    """What every reply holds."""

    number: int
    """The number of the command it answers."""
    error: str | None = None
    died: bool = False
    """Whether the error is a worker's death, so that the last line it wrote may tell more."""


class WorkerDeathError(LaneError):
    """A worker of a lane died."""


class Hello(TypedDict):
    """A lane is ready."""

    folder: Text


class Facts(Hello):
    """The facts of an interpreter."""

    version: Text
    version_info: Annotated[list[Version], Meta(min_length=2, max_length=2)]
    implementation: Text
    build: Text
    compiler: Text
    free_threaded: bool
    gil_enabled: bool
    start_methods: Texts
    present: Annotated[dict[Text, bool], Meta(max_length=MOST)]
    can_compile: bool
    libraries: Annotated[dict[Text, Text], Meta(max_length=MOST)]
    settings: Annotated[dict[Text, Text], Meta(max_length=MOST)]
    cuda_devices: Texts
    cuda_free_bytes: Annotated[list[Size], Meta(max_length=MOST)]
    cuda: Text
    driver: Text


class Prepared(TypedDict):
    """The tasks are known."""

    contradiction: Text


class EngineTold(TypedDict):
    """What an engine offers."""

    workers: Count
    hosts: Count
    round_trip_s: Seconds
    joined: bool


class _Optional(TypedDict, total=False):
    longest_task_share: Share
    engine: EngineTold


class Opened(_Optional):
    """The model runs."""

    cold_s: Seconds


class Warmed(TypedDict):
    """The case is warm."""

    loops: Count
    round_s: Seconds


class Went(TypedDict):
    """Some rounds are timed."""

    rounds_ns: list[Nanoseconds]
    anchors_ns: list[Nanoseconds]
    cpu_s: Seconds | None
    queue_s: Seconds | None
    core: Size | None


class Stopped(TypedDict):
    """A model is stopped."""

    left_behind: Texts


class Closed(Stopped):
    """The case's model is stopped."""

    peak_memory_bytes: Size | None


class Latency(Stopped):
    """Tasks are timed one by one."""

    latencies_ns: Latencies
    latency_count: LatencyCount


class _Link(TypedDict, total=False):
    to_device_bytes_per_s: Speed
    from_device_bytes_per_s: Speed


class PeakOf(_Link):
    """The peak of a device in a precision."""

    precision: Text
    flops_per_s: Speed
    bytes_per_s: Speed


class Peaks(TypedDict):
    """The peaks of a device."""

    peaks: Annotated[list[PeakOf], Meta(max_length=MOST)]


class Gauged(TypedDict):
    """Some tasks are timed alone."""

    numbers: Annotated[list[Size], Meta(min_length=1, max_length=MOST)]
    walls_s: Annotated[list[Seconds], Meta(min_length=1, max_length=MOST)]
    waits_s: Annotated[list[Seconds], Meta(min_length=1, max_length=MOST)]


class Answers(TypedDict):
    """The right answers, packed for another lane."""

    answers: str


class Compared(TypedDict):
    """How another side's answers differ."""

    difference: Text


REPLIES: dict[str, type[Any]] = {
    "hello": Hello, "facts": Facts, "prepare": Prepared, "open": Opened, "warm": Warmed,
    "go": Went, "close": Closed, "peak": Peaks, "answers": Answers, "compare": Compared,
    "gauge": Gauged, "latency": Latency,
}  # fmt: skip
"""By command; `facts` is a hello with required packages."""
_ENVELOPE = msgspec.json.Decoder(Envelope)
_DECODERS = {name: msgspec.json.Decoder(reply) for name, reply in REPLIES.items()}


def reply_to(do: str, arguments: Mapping[str, Any], number: int, line: bytes) -> dict[str, Any]:
    """Return the reply in a line; LaneError if it is an error, or does not fit the command."""
    try:
        envelope = decoded(line, _ENVELOPE)
        if envelope.number == number and envelope.error is not None:
            kind = WorkerDeathError if envelope.died else LaneError
            raise kind(shown(envelope.error))
        name = "facts" if do == "hello" and arguments.get("required") is not None else do
        reply: dict[str, Any] = decoded(line, _DECODERS[name])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise broken(line, "is not a reply") from error
    if envelope.number != number:
        raise broken(line, "answers another command")
    if complaint := _misfit(do, arguments, reply):
        raise broken(line, complaint)
    return reply if do == "answers" else _printable(reply)


def shown(text: str) -> str:
    """Return a lane's text, on one line and bounded."""
    return printable(text[:LONGEST_TEXT])


def broken(line: bytes, complaint: str) -> LaneError:
    """Return the error of a lane that breaks the protocol."""
    return LaneError(f"broke the protocol: {line[:LONGEST_QUOTE]!r} {complaint}")


def _misfit(do: str, arguments: Mapping[str, Any], reply: Mapping[str, Any]) -> str:
    """Return why a well-formed reply cannot be the one to this command; empty if it can."""
    if do == "go":
        rounds, anchors = len(reply["rounds_ns"]), len(reply["anchors_ns"])
        if rounds != arguments["rounds"] or anchors != rounds * arguments["anchored"]:
            return f"holds {rounds} rounds and {anchors} reference loops"
    if do == "peak" and [each["precision"] for each in reply["peaks"]] != arguments["precisions"]:
        return "holds peaks of other precisions"
    if do == "gauge" and len({len(each) for each in reply.values()}) > 1:
        return "holds times of other tasks"
    if do == "latency" and not are_latencies(reply["latencies_ns"], reply["latency_count"]):
        return "holds latencies that cannot be"
    if do == "hello" and len(reply.get("cuda_devices", ())) != len(
        reply.get("cuda_free_bytes", ())
    ):
        return "does not know the memory of each device"
    return ""


def _printable(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case dict():
            return {printable(name): _printable(item) for name, item in value.items()}
        case [str() | dict(), *_]:
            return list(map(_printable, value))
        case _:
            return value
