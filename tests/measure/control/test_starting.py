"""Commands that start a lane, and commands that do not."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from raceway.measure.control import client as controller
from raceway.measure.control.bootstrap import BOOT
from raceway.measure.control.client import full_command

if TYPE_CHECKING:
    from pathlib import Path

    from support.lanes import BringTask, OpenCase, StartLane, StartWith, Strays


needs_shell = pytest.mark.skipif(os.name == "nt", reason="needs a shell")
needs_signals = pytest.mark.skipif(os.name == "nt", reason="needs signals")


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


@needs_shell
@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["no-such-python"], r"^no-such-python: cannot be started \("),
        (["a\0b"], r"cannot be started \("),
        (shell("exit 3"), "^the lane exited with code 3$"),
        (shell("echo no luck >&2; exit 1"), "^the lane exited with code 1: no luck$"),
        (shell("kill -9 $$"), "^the lane was killed by SIGKILL$"),
        (shell("cat"), "^broke the protocol: b.000000"),
        (shell("echo Hi; cat >/dev/null"), r"^broke the protocol: b'Hi\\n' is not a reply$"),
        (shell("echo '[1]'; cat >/dev/null"), "^broke the protocol: b'.1.*is not a reply$"),
        (shell("exec 1>&-; cat >/dev/null; sleep 600"), "^the lane closed its pipes$"),
        ([sys.executable, "-c", "import sys; sys.exit(5)"], "^the lane exited with code 5$"),
    ],
)
async def test_a_command_that_is_no_python_says_what_it_did(
    start: StartLane, strays: Strays, command: list[str], complaint: str
) -> None:
    with pytest.raises(LaneError, match=complaint):
        await start(None, command)

    assert strays() == []


@needs_shell
async def test_a_command_that_never_ends_its_line_is_no_python(
    start: StartLane, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "LONGEST_REPLY_BYTES", 2**16)

    with pytest.raises(LaneError, match=r"^broke the protocol: a line that does not end$"):
        await start(None, shell("head -c 100000 /dev/zero; cat >/dev/null"))
    assert strays() == []


@needs_shell
async def test_a_command_that_never_listens_hangs_no_longer_than_allowed(
    start: StartLane, bring_task: BringTask, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "START_TIMEOUT_S", 0.3)
    too_much_for_a_pipe = bring_task("pass #" + "#" * 2**19)

    with pytest.raises(LaneError, match=r"^hung: no answer to 'hello' within 0.3 s"):
        await start(too_much_for_a_pipe, shell("sleep 600"))
    assert strays() == []


async def test_a_python_that_cannot_run_the_lane_leaves_nothing_behind(
    start: StartLane, strays: Strays, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise ImportError('too old')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); exec(sys.argv[-1])"

    with pytest.raises(LaneError, match=r"^the lane exited with code 1: ImportError: too old$"):
        await start(None, [sys.executable, "-c", code])
    assert strays() == []


def test_a_remote_shell_gets_the_code_quoted_once_more() -> None:
    assert full_command(["/usr/bin/ssh", "host", "python3"]) == [
        "/usr/bin/ssh", "host", "python3", "-P", "-c", shlex.quote(BOOT),
    ]  # fmt: skip


@needs_shell
async def test_a_lane_can_be_on_the_far_side_of_a_shell(start: StartLane, tmp_path: Path) -> None:
    remote_shell = tmp_path / "ssh"
    remote_shell.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    remote_shell.chmod(0o755)

    lane = await start(None, [str(remote_shell), "host", shlex.quote(sys.executable)])

    assert lane.facts["version_info"] == list(sys.version_info[:2])


async def test_a_lane_serves_with_nothing_installed(
    start_with: StartWith, open_case: OpenCase
) -> None:
    lane = await start_with("pass", sys.executable, "-I", "-S")

    await open_case(lane, "processes-spawn")
