"""Blocks, shared memory and shared tensors: what comes back, and what is not copied."""

from __future__ import annotations

import pickle
import subprocess
import sys
from multiprocessing.reduction import ForkingPickler
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

import pytest

from raceway.workloads import echo_buffers, echo_tensor
from raceway.workloads.echo_buffers import Block
from raceway.workloads.echo_shared import SIZES, last_byte, read, segment, segments

if TYPE_CHECKING:
    from collections.abc import Iterator

STRANGER = """
import sys
sys.path[:] = sys.argv[2:]
from raceway.workloads.echo_shared import read
print(read(1024, {1024: sys.argv[1]}))
"""


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_block_comes_back_whole_by_any_protocol(protocol: int) -> None:
    block = Block(bytearray(b"some bytes"))

    assert pickle.loads(pickle.dumps(block, protocol)) == block  # noqa: S301 (ours)


def test_a_block_can_travel_apart_from_its_pickle() -> None:
    block, apart = Block(bytearray(b"some bytes")), []

    content = pickle.dumps(block, 5, buffer_callback=apart.append)

    assert b"some bytes" not in content
    assert [bytes(each.raw()) for each in apart] == [b"some bytes"]
    assert pickle.loads(content, buffers=apart) == block  # noqa: S301 (ours)


def test_blocks_of_other_bytes_are_not_the_same() -> None:
    assert Block(b"some bytes") != Block(b"other byte")
    assert Block(b"some bytes") != b"some bytes"


def test_a_block_is_as_long_as_its_size_says() -> None:
    assert len(echo_buffers.block(2**10).content) == 2**10


@pytest.fixture
def names() -> Iterator[dict[int, str]]:
    """Return the names of shared memory by size."""
    with segments() as names:
        yield names


def test_memory_of_each_size_tells_which_it_is(names: dict[int, str]) -> None:
    assert [read(size, names) for size in SIZES.values()] == list(map(last_byte, SIZES.values()))
    assert len(set(map(last_byte, SIZES.values()))) == len(SIZES)


def test_memory_is_gone_at_the_end_of_its_lane() -> None:
    with segment(2**10) as name:
        pass

    with pytest.raises(FileNotFoundError):
        SharedMemory(name)


def test_a_process_that_knows_only_the_name_neither_removes_memory_nor_complains() -> None:
    with segment(2**10) as name:
        command = [sys.executable, "-c", STRANGER, name, *sys.path]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)

        assert (ended.stdout, ended.stderr) == (f"{last_byte(2**10)}\n", "")
        assert read(2**10, {2**10: name}) == last_byte(2**10)


def test_attaching_leaves_the_tracker_as_it_was(names: dict[int, str]) -> None:
    from multiprocessing import resource_tracker  # noqa: PLC0415 (what is looked at)

    before = resource_tracker.register
    read(2**10, names)

    assert resource_tracker.register == before


@pytest.mark.parametrize("size_bytes", [2**10, 2**20])
def test_what_is_sent_of_a_shared_tensor_does_not_grow_with_it(size_bytes: int) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    tensor = echo_tensor.shared(size_bytes)

    assert tensor.is_shared()
    assert len(tensor) == size_bytes
    assert len(ForkingPickler.dumps(tensor)) < 2**10
