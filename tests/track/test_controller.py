"""Real lanes, seen from the controller."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import LaneError
from raceway.track import controller, ending
from raceway.track.controller import full_command
from raceway.track.parcel import BOOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raceway.catalogue import Catalogue
    from raceway.track.controller import Lane

    Bring = Callable[..., Catalogue]
    Start = Callable[..., Awaitable[Lane]]
    Strays = Callable[[], list[str]]

needs_shell = pytest.mark.skipif(os.name == "nt", reason="needs a shell")
needs_signals = pytest.mark.skipif(os.name == "nt", reason="needs signals")
PATIENCE_S = 60.0

TASK = """
import ctypes, multiprocessing, os, signal, subprocess, sys, time
def task(number):
    {body}
    return number
WORKLOAD = Workload(summary='', kind=Kind.CPU, task=task, expected=int, sizes={{'few': (1, 2)}})
"""


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for what will not end by itself."""
    monkeypatch.setattr(ending, "END_GRACE_S", 0.3)


@pytest.fixture
def start_with(bring: Bring, start: Start) -> Callable[[str], Awaitable[Lane]]:
    """Return a function that starts a lane whose tasks do this, and prepares them."""

    async def make(body: str = "pass") -> Lane:
        lane = await start(bring(TASK.format(body=body)))
        await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
        return lane

    return make


def content(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


async def opened(lane: Lane, model: str = "serial", timeout_s: float = PATIENCE_S) -> Any:
    return await lane.ask("open", timeout_s, model=model, workers=2, reference=False, audit=False)


async def test_a_lane_tells_the_facts_of_its_interpreter(start: Start) -> None:
    assert (await start()).facts["version_info"] == list(sys.version_info[:2])


async def test_a_lane_unpacks_into_a_folder_of_its_own(start: Start, temporary: Path) -> None:
    lane = await start()

    assert content(temporary) == [Path(lane.folder)]


async def test_a_case_is_raced_from_opening_to_closing(start_with: Any) -> None:
    lane = await start_with()
    await opened(lane)
    warm = await lane.ask("warm", PATIENCE_S, round_s=0.0001, warm_s=0.0001)
    reply = await lane.ask("go", PATIENCE_S, rounds=3, anchored=True)
    await lane.ask("close", PATIENCE_S)

    assert len(reply["rounds_ns"]) == len(reply["anchors_ns"]) == 3
    assert warm["loops"] > 1


async def test_an_error_inside_is_the_reason(start_with: Any) -> None:
    lane = await start_with("raise ValueError('bad luck')")

    with pytest.raises(LaneError, match=r"^ValueError: bad luck$"):
        await opened(lane)


async def test_a_lane_survives_an_error_inside(start_with: Any) -> None:
    lane = await start_with("assert not os.environ.pop('ONCE', '')")
    with pytest.raises(LaneError):
        await lane.ask("dance", PATIENCE_S)

    await opened(lane)


async def test_an_endless_excuse_is_cut(start_with: Any) -> None:
    lane = await start_with("raise ValueError('x' * 10**8)")

    with pytest.raises(LaneError, match=r"^ValueError: x{400,500}…$"):
        await opened(lane)


@needs_signals
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("os._exit(7)", "^the lane exited with code 7$"),
        ("print('last words', file=sys.stderr, flush=True); os._exit(7)", "code 7: last words$"),
        ("ctypes.string_at(0)", "^the lane was killed by SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "^the lane was killed by SIGKILL$"),
        ("os.closerange(3, 256)", "^the lane exited with code"),
    ],
)
async def test_a_lane_that_dies_says_how(start_with: Any, body: str, complaint: str) -> None:
    lane = await start_with(body)

    with pytest.raises(LaneError, match=complaint):
        await opened(lane)


async def test_a_lane_that_hangs_says_so(start_with: Any) -> None:
    lane = await start_with("time.sleep(600)")

    with pytest.raises(LaneError, match=r"^hung: no answer to 'open' within 0.2 s; ended"):
        await opened(lane, timeout_s=0.2)


@needs_signals
@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("serial", "time.sleep(600)"),
        ("serial", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"),
        ("threads", "time.sleep(600)"),
        ("processes-fork", "time.sleep(600)"),
        ("processes-spawn", "time.sleep(600)"),
        ("pool", "multiprocessing.parent_process() and os._exit(1)"),
    ],
)
async def test_a_lane_that_hangs_leaves_nothing_behind(
    start_with: Any, strays: Strays, model: str, body: str
) -> None:
    lane = await start_with(body)
    with pytest.raises(LaneError, match=r"^hung: no answer to 'open'"):
        await opened(lane, model, timeout_s=0.3)

    await lane.end()

    assert strays() == []


@needs_signals
@pytest.mark.parametrize("model", ["serial", "processes-fork", "pool"])
async def test_a_lane_that_dies_leaves_nothing_behind(
    start_with: Any, strays: Strays, model: str
) -> None:
    lane = await start_with()
    await opened(lane, model)
    lane.process.kill()
    with pytest.raises(LaneError, match="was killed by SIGKILL"):
        await lane.ask("go", PATIENCE_S, rounds=1, anchored=False)

    await lane.end()

    assert strays() == []


@pytest.mark.parametrize("model", ["serial", "threads", "processes-spawn"])
async def test_a_lane_that_quits_leaves_nothing_behind(
    start_with: Any, strays: Strays, model: str
) -> None:
    lane = await start_with()
    await opened(lane, model)

    await lane.quit()

    assert strays() == []


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


@needs_signals
@pytest.mark.parametrize("alone", [False, True], ids=["in-its-group", "in-its-own-session"])
async def test_children_that_tasks_started_end_with_their_lane(
    start_with: Any, strays: Strays, *, alone: bool
) -> None:
    lane = await start_with(
        f"subprocess.Popen([sys.executable, '-c', {DEAF!r}], start_new_session={alone})"
    )
    await opened(lane)

    await lane.quit()

    assert strays() == []


async def test_without_process_groups_all_processes_are_ended_one_by_one(
    start_with: Any, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(ending.os, "killpg", raising=False)
    lane = await start_with("time.sleep(600)")
    with pytest.raises(LaneError, match=r"^hung"):
        await opened(lane, "processes-spawn", timeout_s=0.3)

    await lane.end()

    assert strays() == []


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("serial", "print('x' * 3_000_000)"),
        ("serial", "print('x' * 3_000_000, file=sys.stderr)"),
        ("serial", "print(sys.stdin.read())"),
        ("processes-spawn", "os.write(1, b'{}\\n' * 100_000)"),
        ("processes-spawn", "os.read(0, 99)"),
    ],
    ids=["prints", "complains", "asks", "writes-in-a-worker", "reads-in-a-worker"],
)
async def test_what_tasks_print_or_read_does_not_disturb(
    start_with: Any, model: str, body: str
) -> None:
    lane = await start_with(body)
    await opened(lane, model)

    assert len((await lane.ask("go", PATIENCE_S, rounds=2, anchored=False))["rounds_ns"]) == 2


@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
async def test_libraries_get_one_thread_each(start_with: Any, model: str) -> None:
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    lane = await start_with(f"assert [os.environ[name] for name in {names}] == ['1'] * 3")

    await opened(lane, model)


async def test_files_of_users_may_import_their_neighbours_in_a_lane(
    start_with: Any, tmp_path: Path
) -> None:
    (tmp_path / "its_neighbour.py").write_text("FACTOR = 1")
    lane = await start_with("import its_neighbour; number *= its_neighbour.FACTOR")

    await opened(lane, "processes-spawn")


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
        (shell("cat"), "^broke the protocol: b'0000000"),
        (shell("echo Welcome; cat >/dev/null"), r"^broke the protocol: b'Welcome\\n' is no reply$"),
        (shell("echo '[1]'; cat >/dev/null"), "^broke the protocol: b'.1.*is no reply$"),
        (shell("exec 1>&-; cat >/dev/null; sleep 600"), "^the lane closed its pipes$"),
        ([sys.executable, "-c", "import sys; sys.exit(5)"], "^the lane exited with code 5$"),
    ],
)
async def test_a_command_that_is_no_python_says_what_it_did(
    start: Start, strays: Strays, command: list[str], complaint: str
) -> None:
    with pytest.raises(LaneError, match=complaint):
        await start(None, command)

    assert strays() == []


@needs_shell
async def test_a_command_that_never_ends_its_line_is_no_python(
    start: Start, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "LONGEST_REPLY_BYTES", 2**16)

    with pytest.raises(LaneError, match=r"^broke the protocol: a line without an end$"):
        await start(None, shell("head -c 100000 /dev/zero; cat >/dev/null"))
    assert strays() == []


@needs_shell
async def test_a_command_that_never_listens_hangs_no_longer_than_allowed(
    start: Start, bring: Bring, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "START_TIMEOUT_S", 0.3)
    too_much_for_a_pipe = bring(TASK.format(body="pass") + "#" * 2**19)

    with pytest.raises(LaneError, match=r"^hung: no answer to 'hello' within 0.3 s"):
        await start(too_much_for_a_pipe, shell("sleep 600"))
    assert strays() == []


async def test_a_python_that_cannot_run_the_lane_leaves_nothing_behind(
    start: Start, strays: Strays, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['zlib'] = None")
    (tmp_path / "json.py").write_text("raise ImportError('too old')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); exec(sys.argv[2])"

    with pytest.raises(LaneError, match=r"^the lane exited with code 1: ImportError: too old$"):
        await start(None, [sys.executable, "-c", code])
    assert strays() == []


def test_a_remote_shell_gets_the_code_quoted_once_more() -> None:
    assert full_command(["/usr/bin/ssh", "host", "python3"]) == [
        "/usr/bin/ssh", "host", "python3", "-c", shlex.quote(BOOT),
    ]  # fmt: skip


@needs_shell
async def test_a_lane_can_be_on_the_far_side_of_a_shell(start: Start, tmp_path: Path) -> None:
    remote_shell = tmp_path / "ssh"
    remote_shell.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    remote_shell.chmod(0o755)

    lane = await start(None, [str(remote_shell), "host", shlex.quote(sys.executable)])

    assert lane.facts["version_info"] == list(sys.version_info[:2])


async def test_a_lane_serves_with_nothing_installed(bring: Bring, start: Start) -> None:
    lane = await start(bring(TASK.format(body="pass")), [sys.executable, "-I", "-S"])
    await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")

    await opened(lane, "processes-spawn")


async def test_a_lane_that_quit_twice_stays_quit(start: Start, strays: Strays) -> None:
    lane = await start()
    await lane.quit()

    await lane.quit()

    assert strays() == []


async def test_a_folder_that_is_not_a_lanes_is_not_removed(start: Start, tmp_path: Path) -> None:
    lane = await start()
    (tmp_path / "precious").mkdir()
    lane.folder = str(tmp_path / "precious")

    await lane.quit()

    assert content(tmp_path) == [tmp_path / "precious"]
