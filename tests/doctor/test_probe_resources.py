from __future__ import annotations

import multiprocessing
import resource
import runpy
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.doctor import probe_resources as resources
from raceway.doctor.facts import UNLIMITED
from raceway.doctor.probe_resources import limits_of, or_none, probe_room, semaphores_work

if TYPE_CHECKING:
    from support.files import MakeTree


def test_memory_and_tasks_are_those_of_the_tightest_limit(make_tree: MakeTree) -> None:
    files = {
        "proc/self/cgroup": "0::/job\n",
        "sys/fs/cgroup/job/memory.max": "1048576",
        "sys/fs/cgroup/job/memory.current": "48576",
        "sys/fs/cgroup/job/pids.max": "20",
        "sys/fs/cgroup/job/pids.current": "5",
        "dev/shm/some": "",
    }
    seen = probe_room(make_tree(files))

    assert (seen.available_bytes, seen.memory_limit_bytes, seen.tasks) == (1_000_000, 2**20, 15)
    assert seen.shared_memory_bytes is not None
    assert seen.start_methods == tuple(multiprocessing.get_all_start_methods())


def test_an_empty_tree_has_no_limits_of_its_own(make_tree: MakeTree) -> None:
    seen = probe_room(make_tree({"proc/empty": ""}))

    assert (seen.memory_limit_bytes, seen.shared_memory_bytes) == (None, None)
    assert seen.available_bytes


@pytest.mark.parametrize("error", [FileNotFoundError, NotImplementedError, psutil.AccessDenied])
def test_what_the_system_refuses_is_not_known(error: type[Exception]) -> None:
    def refuse() -> int:
        raise error

    assert or_none(refuse) is None


@pytest.mark.parametrize(
    ("limits", "told"),
    [((1_024, 4_096), (1_024, 4_096)), ((1_024, resource.RLIM_INFINITY), (1_024, UNLIMITED))],
)
def test_a_limit_may_be_none(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], told: tuple[int, int]
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)

    assert limits_of("RLIMIT_NOFILE") == told


def test_a_limit_this_system_lacks_is_not_known() -> None:
    assert limits_of("RLIMIT_OF_ANOTHER_SYSTEM") == (None, None)


def test_a_system_without_limits_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "resource", None)

    assert limits_of("RLIMIT_NOFILE") == (None, None)


def test_it_can_be_imported_where_there_are_no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)

    assert runpy.run_path(resources.__file__)["limits_of"]("RLIMIT_NOFILE") == (None, None)


@pytest.mark.parametrize("methods", [["fork", "spawn"], ["spawn"]])
@pytest.mark.parametrize("error", [None, ImportError, PermissionError])
def test_locks_between_processes_are_tried(
    monkeypatch: pytest.MonkeyPatch, methods: list[str], error: type[Exception] | None
) -> None:
    asked = []

    class Context:
        def __init__(self, method: str) -> None:
            asked.append(method)

        def Lock(self) -> None:  # noqa: N802 (as the library has it)
            if error:
                raise error

    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: methods)
    monkeypatch.setattr(multiprocessing, "get_context", Context)

    assert (semaphores_work(), asked) == (error is None, methods[:1])
