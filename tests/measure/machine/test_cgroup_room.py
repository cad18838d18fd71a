"""What control groups allow besides cores, and how often a quota stopped us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine.cgroup import memory_limit, tasks_left, throttling

if TYPE_CHECKING:
    from support.files import MakeTree


V2 = {"proc/self/cgroup": "0::/job\n"}
GROUP = "sys/fs/cgroup/job"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, None),
        ({**V2, f"{GROUP}/cpu.stat": "usage_usec 5\n"}, None),
        ({**V2, f"{GROUP}/cpu.stat": "nr_periods 9\nnr_throttled 2\nthrottled_usec 8\n"}, (2, 9)),
        (
            {
                **V2,
                f"{GROUP}/cpu.stat": "nr_periods 9\nnr_throttled 2\n",
                "sys/fs/cgroup/cpu.stat": "nr_periods 50\nnr_throttled 7\n",
            },
            (7, 50),
        ),
        (
            {
                "proc/self/cgroup": "3:cpu,cpuacct:/\n",
                "sys/fs/cgroup/cpu/cpu.stat": "nr_periods 9\nnr_throttled 2\nthrottled_time 8\n",
            },
            (2, 9),
        ),
    ],
)
def test_throttling_is_that_of_the_group_stopped_most(
    make_tree: MakeTree, files: dict[str, str], told: tuple[int, int] | None
) -> None:
    assert throttling(make_tree(files)) == told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, None),
        ({**V2, f"{GROUP}/memory.max": "max", f"{GROUP}/memory.current": "5"}, None),
        ({**V2, f"{GROUP}/memory.max": "100"}, None),
        ({**V2, f"{GROUP}/memory.max": "100", f"{GROUP}/memory.current": "30"}, (70, 100)),
        ({**V2, f"{GROUP}/memory.max": "100", f"{GROUP}/memory.current": "130"}, (0, 100)),
        (
            {
                **V2,
                f"{GROUP}/memory.max": "100",
                f"{GROUP}/memory.current": "90",
                f"{GROUP}/memory.stat": "anon 50\ninactive_file 40\n",
            },
            (50, 100),
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/job\n3:cpu:/\n",
                "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "200",
                "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "50",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": "5000",
            },
            (150, 200),
        ),
    ],
)
def test_memory_is_what_the_tightest_group_leaves(
    make_tree: MakeTree, files: dict[str, str], told: tuple[int, int] | None
) -> None:
    assert memory_limit(make_tree(files)) == told


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({}, None),
        ({**V2, f"{GROUP}/pids.max": "max", f"{GROUP}/pids.current": "5"}, None),
        ({**V2, f"{GROUP}/pids.max": "20", f"{GROUP}/pids.current": "5"}, 15),
        ({**V2, f"{GROUP}/pids.max": "20", f"{GROUP}/pids.current": "25"}, 0),
    ],
)
def test_tasks_are_what_the_tightest_group_leaves(
    make_tree: MakeTree, files: dict[str, str], left: int | None
) -> None:
    assert tasks_left(make_tree(files)) == left
