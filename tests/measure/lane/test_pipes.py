"""The lane's conversation: what it reads and writes, and what tasks see of that."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import pytest

from raceway.measure.lane import server as inside
from raceway.measure.lane.server import private_pipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class KeptOpen(io.BytesIO):
    """A stream that can be read after it has been closed."""

    def close(self) -> None:
        pass


@pytest.fixture
def converse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[bytes], list[Any]]:
    """Return a function that runs a whole lane on these commands, and returns its replies."""

    def talk(commands: bytes) -> list[Any]:
        replies = KeptOpen()
        monkeypatch.setattr(inside, "private_pipes", lambda: (io.BytesIO(commands), replies))
        (tmp_path / "unpacked").mkdir()
        inside.main(str(tmp_path / "unpacked"))
        return [json.loads(line) for line in replies.getvalue().splitlines()]

    return talk


def test_each_command_is_answered_by_one_line(converse: Callable[[bytes], list[Any]]) -> None:
    assert converse(b'{"do": "close", "number": 7}\n{"do": "dance", "number": 8}\n') == [
        {"number": 7, "error": "RuntimeError: no case is open in this lane"},
        {"number": 8, "error": "KeyError: 'dance'"},
    ]


def test_nothing_is_answered_after_quitting(converse: Callable[[bytes], list[Any]]) -> None:
    assert converse(b'{"do": "quit"}\n{"do": "close"}\n') == []


@pytest.mark.parametrize("commands", [b"", b'{"do": "quit"}\n'], ids=["gone", "quit"])
def test_a_lane_that_ends_removes_its_folder(
    converse: Callable[[bytes], list[Any]], tmp_path: Path, commands: bytes
) -> None:
    converse(commands)

    assert not (tmp_path / "unpacked").exists()


def test_a_lane_that_is_told_nonsense_removes_its_folder(
    converse: Callable[[bytes], list[Any]], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        converse(b"nonsense\n")

    assert not (tmp_path / "unpacked").exists()


@contextmanager
def protocol() -> Iterator[tuple[int, int, IO[bytes], IO[bytes]]]:
    """Put pipes in the place of standard input and output, and let a lane take them.

    Yield where to write, where to read, and the lane's ends. (No fixture: between a fixture and
    its test, pytest puts its own files there.)
    """
    kept = os.dup(0), os.dup(1)
    into, out_of = os.pipe(), os.pipe()
    os.dup2(into[0], 0)
    os.dup2(out_of[1], 1)
    commands, replies = private_pipes()
    try:
        yield into[1], out_of[0], commands, replies
    finally:
        commands.close()
        replies.close()
        for number, original in enumerate(kept):
            os.dup2(original, number)
        for descriptor in (*kept, *into, *out_of):
            os.close(descriptor)


def test_the_protocol_has_the_pipes_to_itself() -> None:
    with protocol() as (write_to, read_from, commands, replies):
        os.write(write_to, b"question\n")
        question = commands.readline()
        replies.write(b"answer\n")
        replies.flush()
        answer = os.read(read_from, 99)

    assert (question, answer) == (b"question\n", b"answer\n")


def test_tasks_read_nothing() -> None:
    with protocol() as (write_to, *_):
        os.write(write_to, b"question\n")
        read_by_task = os.read(0, 99)

    assert read_by_task == b""


def test_what_tasks_print_goes_to_standard_error() -> None:
    with protocol():
        output, error_output = os.fstat(1), os.fstat(2)

    assert os.path.samestat(output, error_output)
