"""Races tasks that misbehave under a model of each family, beside a neighbour that does not."""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hostile_place import Place

from raceway.plan.catalogue import known_models
from raceway.record import Record, Status
from raceway.store.runs import load

if TYPE_CHECKING:
    import argparse
    import random
    from collections.abc import Sequence

WANTED = (
    "threads", "processes-fork", "processes-spawn", "pool", "asyncio", "interpreters", "loky",
    "joblib", "gevent", "trio", "to-thread",
)  # fmt: skip
"""One of each family, each start method and each library that differs, as far as installed."""
MEMORY_KIB = 4 * 2**20
"""For `ulimit -v`, so that tasks which fill the memory meet its end."""
SOURCE = '''
import asyncio, atexit, ctypes, gc, multiprocessing, os, signal, subprocess, sys, threading, time
from pathlib import Path
from raceway import Kind, Workload

def hostile(number):
    {body}
    return number

def task(number):
    return number if is_neighbour() else hostile(number)

async def awaited(number):
    return task(number)

def is_neighbour():
    """Whether serial runs this, which is to go on undisturbed."""
    in_main = threading.current_thread() is threading.main_thread()
    if os.getpid() != os.getsid(0) or not in_main or in_another_interpreter():
        return False
    frame = sys._getframe()
    while frame and not frame.f_code.co_filename.endswith(("/base_events.py", "/_run.py")):
        frame = frame.f_back
    return frame is None

def in_another_interpreter():
    try:
        from concurrent import interpreters
    except ImportError:
        return False
    return interpreters.get_current() != interpreters.get_main()

WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, trio_task=awaited, expected=int, sizes={{"few": (1, 2)}}
)
'''
DAEMON = """if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(600)
        os._exit(0)
    time.sleep(0.05)"""
SLEEPER = "subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'], {how})"
MISBEHAVIOURS = {
    "sys.exit()": "sys.exit()",
    "sys.exit(3)": "sys.exit(3)",
    "os._exit(0)": "os._exit(0)",
    "os._exit(7)": "os._exit(7)",
    "os.abort()": "os.abort()",
    "raise KeyboardInterrupt": "raise KeyboardInterrupt",
    "raise GeneratorExit": "raise GeneratorExit",
    "raise StopIteration": "raise StopIteration",
    "raise MemoryError": "raise MemoryError",
    "endless recursion": "return hostile(number)",
    "an exception that cannot be printed": (
        "class Bad(Exception):\n        def __str__(self): raise RuntimeError\n    raise Bad"
    ),
    "a group of exceptions": "raise ExceptionGroup('several', [ValueError('first'), OSError()])",
    "an exception of 10 MB": "raise ValueError('x' * 10**7)",
    "segmentation fault": "ctypes.string_at(0)",
    "SIGKILL to itself": "os.kill(os.getpid(), signal.SIGKILL); time.sleep(600)",
    "SIGTERM to itself": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(600)",
    "SIGINT to itself": "os.kill(os.getpid(), signal.SIGINT); time.sleep(600)",
    "SIGSTOP to itself": "os.kill(os.getpid(), signal.SIGSTOP); time.sleep(600)",
    "SIGKILL to its group": "os.killpg(0, signal.SIGKILL); time.sleep(600)",
    "hangs": "time.sleep(600)",
    "hangs and ignores SIGTERM": (
        "threading.current_thread() is threading.main_thread() and"
        " signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    time.sleep(600)"
    ),
    "hangs and blocks all signals": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(600)"
    ),
    "burns a core for ever": "while True: pass",
    "a wrong answer": "return -number",
    "None": "return None",
    "an answer of 100 MB": "return b'x' * 10**8",
    "an answer that cannot be printed": (
        "class Bad:\n        def __repr__(self): raise RuntimeError\n    return Bad()"
    ),
    "an answer that cannot be pickled": "return threading.Lock()",
    "an answer of control characters": "return '\\x1b]0;mine\\x07\\x1b[2J'",
    "a number of 100,000 digits": "return 10**100_000",
    "a child in its group": SLEEPER.format(how=""),
    "a child in a session of its own": SLEEPER.format(how="start_new_session=True"),
    "a child with an empty environment": SLEEPER.format(how="start_new_session=True, env={}"),
    "a daemon": DAEMON,
    "a daemon, then os._exit(7)": f"{DAEMON}; os._exit(7)",
    "a child that holds the pipes, then os._exit(7)": (
        SLEEPER.format(how="start_new_session=True, close_fds=False") + "; os._exit(7)"
    ),
    "ten forks that sleep": "[os.fork() or time.sleep(600) for _ in range(10)]",
    "a fork that returns": "os.fork()",
    "closes all files": "os.closerange(0, 4096)",
    "closes the pipes": "os.closerange(3, 64)",
    "floods every pipe": (
        "for pipe in range(3, 12):\n        try: os.set_blocking(pipe, False);"
        " os.write(pipe, b'x' * 60_000)\n        except OSError: pass\n    os._exit(7)"
    ),
    "lies in every pipe": (
        "for pipe in range(3, 12):\n        try: os.write(pipe, b'{\"number\": 1}\\n' * 50)\n"
        "        except OSError: pass"
    ),
    "stdout of 30 MB": "sys.stdout.write('x' * 30_000_000); os._exit(7)",
    "fills the memory": "hold = [bytearray(2**27) for _ in range(100)]",
    "fills the memory, then dies": (
        "hold = []\n    while True:\n        try: hold.append(bytearray(2**27))\n"
        "        except MemoryError: os._exit(7)"
    ),
    "uses up all file descriptors": "hold = [open('/dev/null') for _ in range(10**6)]",
    "starts 100,000 threads": (
        "for _ in range(100_000): threading.Thread(target=time.sleep, args=(600,)).start()"
    ),
    "changes the folder": "os.chdir('/'); return -1",
    "removes its temporary folder": (
        "import shutil, tempfile; shutil.rmtree(tempfile.gettempdir()); os._exit(7)"
    ),
    "makes files that nobody may remove": (
        "import tempfile; place = tempfile.mkdtemp(); os.chmod(place, 0); os._exit(7)"
    ),
    "removes the folder it stands in": (
        "import tempfile; place = tempfile.mkdtemp(); os.chdir(place); os.rmdir(place);"
        " raise ValueError('lost')"
    ),
    "clears its environment": "os.environ.clear(); return -1",
    "an exit handler that hangs": "atexit.register(time.sleep, 600); return -1",
    "an exit handler that starts a child": (
        "atexit.register(lambda: " + SLEEPER.format(how="start_new_session=True") + "); return -1"
    ),
    "sets a limit of CPU time": (
        "import resource; resource.setrlimit(0, (1, 1))\n    while True: pass"
    ),
}
COUNTED = (
    "cases", "failed", "without a cause", "neighbours lost", "processes", "temporary files",
    "tracebacks",
)  # fmt: skip


def section(asked: argparse.Namespace, draw: random.Random) -> bool:  # noqa: ARG001 (no moments)
    """Try each misbehaviour; return whether it failed its own case alone, and nothing is left."""
    total: Counter[str] = Counter()
    models = installed()
    print("models:", *models)
    print("a task that |", " | ".join(COUNTED), flush=True)
    asked_for = [name for name in MISBEHAVIOURS if asked.only in name] * asked.times
    with ThreadPoolExecutor(asked.jobs) as pool:
        for name, (told, counts) in zip(
            asked_for, pool.map(lambda name: trial(name, models), asked_for), strict=True
        ):
            print(*(f"    {line}" for line in told), sep="\n")
            print(f"{name} |", " | ".join(str(counts[each]) for each in COUNTED), flush=True)
            total += counts
    print("all |", " | ".join(str(total[each]) for each in COUNTED), flush=True)
    return not any(total[each] for each in COUNTED[2:]) and total["cases"] == total["failed"]


def installed() -> list[str]:
    """Return the models that can race here."""
    known = known_models()
    return [
        name for name in WANTED
        if sys.version_info >= known[name].python and all(map(find_spec, known[name].requires))
    ]  # fmt: skip


def trial(name: str, models: Sequence[str]) -> tuple[list[str], Counter[str]]:
    """Race one misbehaviour; return what is said of its cases, and what became of them."""
    place = Place()
    try:
        (place.folder / "work.py").write_text(SOURCE.format(body=MISBEHAVIOURS[name]))
        listed = ",".join(("serial", *models))
        output = place.run(
            ["race", "work.py", f"--models={listed}", "--launches=1", "--group-timeout=8",
             "--workers=2"],
            f"ulimit -v {MEMORY_KIB}",
        )  # fmt: skip
        records = [
            record
            for _, run in load(place.folder.glob("results/*/*.json")).runs
            for record in run.records
        ]
        told = [f"{each.model}: {each.status}: {each.reason}" for each in records]
        return told or output.splitlines(), counted(records, output, models) + place.left()
    finally:
        place.remove()


def counted(records: list[Record], output: str, models: Sequence[str]) -> Counter[str]:
    """Count the cases that failed, those that do not say why, and neighbours that failed, too."""
    hostile = [record for record in records if record.model != "serial"]
    unharmed = [
        record for record in records if record.model == "serial" and record.status is Status.OK
    ]
    failed = [record for record in hostile if record.status is Status.FAILED]
    return Counter(
        {
            "cases": len(models),
            "failed": len(failed),
            "without a cause": sum(not record.reason for record in failed),
            "neighbours lost": int(not any(each.launches for each in unharmed)),
            "tracebacks": int("Event loop is closed" in output or "raceway/cli" in output),
        }
    )
