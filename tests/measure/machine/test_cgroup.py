from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine.cgroup import quota_cores

if TYPE_CHECKING:
    from support.files import MakeTree


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000"}, 1.5),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "50000 100000"}, 0.5),
        ({"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "max 100000"}, None),
        ({"proc/self/cgroup": "0::/../a\n", "sys/fs/cgroup/a/cpu.max": "200000 100000"}, 2.0),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/cpu.max": "100000 100000",
                "sys/fs/cgroup/a/b/cpu.max": "300000 100000",
            },
            1.0,
        ),
        (
            {
                "proc/self/cgroup": "3:memory:/m\n2:cpu,cpuacct:/a\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "250000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
            },
            2.5,
        ),
        (
            {
                "proc/self/cgroup": "2:cpu,cpuacct:/only/seen/from/outside\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            0.5,
        ),
        (
            {
                "proc/self/cgroup": "1:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            None,
        ),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/unified/cpu.max": "5000 1000"}, 5.0),
        ({"proc/self/cgroup": "garbage\n", "sys/fs/cgroup/cpu.max": "1 0"}, None),
    ],
)
def test_the_tightest_quota_above_us_counts(
    make_tree: MakeTree, files: dict[str, str], quota: float | None
) -> None:
    assert quota_cores(make_tree(files)) == quota
