"""Functions of many kinds, as people have them: a right answer, or its cause and the remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from support.brought import Bring
    from support.lanes import StartLane

RIGHT = "right"
PROCESSES = ("pool", "processes-fork", "processes-spawn")
MODELS = ("serial", "threads", "asyncio", *PROCESSES)


@dataclass(frozen=True)
class Function:
    """A function as people write it, and what must be said of it."""

    source: str
    said: str = RIGHT
    """By every model, unless `in_processes` says something else."""
    in_processes: str = ""
    details: str = ""

    def said_by(self, model: str) -> str:
        return (model in PROCESSES and self.in_processes) or self.said


FUNCTIONS = {
    "computes": Function("def task(n): return sum(i * i for i in range(n))"),
    "waits": Function("import time\ndef task(n):\n    time.sleep(n / 1000)\n    return n"),
    "waits asynchronously too": Function(
        "import asyncio, time\n"
        "def task(n):\n    time.sleep(n / 1000)\n    return n\n"
        "async def awaited(n):\n    await asyncio.sleep(n / 1000)\n    return n",
        details="async_task=awaited",
    ),
    "is asynchronous only": Function(
        "async def task(n): return n",
        r"^task gives a coroutine.*put it in `async_task`, and give `task` a plain function",
    ),
    "has no asynchronous form": Function(
        "def task(n): return n\ndef plain(n): return n",
        details="async_task=plain",
    ),
    "computes with numpy": Function(
        "import numpy as np\ndef task(n): return {'a': np.arange(n) / np.arange(n)}"
    ),
    "is a method": Function(
        "class Parser:\n    factor = 3\n    def parse(self, n): return self.factor * n\n"
        "task = Parser().parse"
    ),
    "takes keyword arguments": Function(
        "from functools import partial\n"
        "def power(n, *, exponent): return n**exponent\n"
        "task = partial(power, exponent=2)"
    ),
    "is a lambda": Function(
        "task = lambda n: n",
        in_processes=r"^the task cannot be sent to another process.*with def at the top",
    ),
    "answers with what cannot be pickled": Function(
        "import threading\n"
        "class Lock:\n    def __init__(self): self.lock = threading.Lock()\n"
        "    def __eq__(self, other): return True\n"
        "def task(n): return Lock()",
        in_processes=(
            r"^the answer of task 1 of 3 cannot be sent to another process \(TypeError: cannot"
            r" pickle.*plain values.*--models serial,threads"
        ),
    ),
    "raises": Function(
        "def check(n):\n    if n == 5:\n        raise ValueError(f'no {n}')\n    return n\n"
        "def task(n): return check(n)",
        r"^ValueError: no 5 \(mine\.py:4 in check; task 2 of 3, given 5\)$",
    ),
    "prints": Function("def task(n):\n    print('x' * 100, flush=True)\n    return n"),
    "changes its argument": Function(
        "def task(values):\n    values.append(1)\n    return len(values)",
        r"^a task changes its argument: let it work on a copy",
        details="sizes={'few': [[1], [2], [3]]}",
    ),
    "is a generator": Function(
        "def task(n):\n    yield n",
        r"task 1 of 3 gave <generator.*can be read only once: let the task return list.*agrees=",
        in_processes=r"^the answer of task 1 of 3 cannot be sent.*such as list\(…\)",
    ),
    "answers otherwise each time": Function(
        "import os\ndef task(n): return os.urandom(4)",
        r"wrong answer: task 1 of 3 .*a plain loop answered; called again.*agrees=",
    ),
    "answers with an object of its own": Function(
        "class Result:\n    def __init__(self, n): self.n = n\ndef task(n): return Result(n)",
        r"task 1 of 3 gave <.*of type Result are equal only if.*a dataclass has one.*agrees=",
    ),
    "leaves its process": Function(
        "import os, sys\nLANE = os.getpid()\n"
        "def task(n):\n"
        "    if n == 7 and os.getppid() == LANE:\n"
        "        print('my last words', file=sys.stderr, flush=True)\n"
        "        os._exit(3)\n"
        "    return n",
        in_processes=r"^a worker exited with code 3 while it ran a task: my last words$",
    ),
    "crashes": Function(
        "import os, signal\nLANE = os.getpid()\n"
        "def task(n):\n"
        "    if n == 7 and os.getppid() == LANE:\n"
        "        os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return n",
        in_processes=r"^a worker was killed by SIGSEGV while it ran a task",
    ),
    "raises what cannot be read back": Function(
        "import os\nLANE = os.getpid()\n"
        "class Odd(Exception):\n    def __init__(self, one, other): super().__init__(one)\n"
        "def task(n):\n"
        "    if os.getppid() == LANE:\n        raise Odd(1, 2)\n"
        "    return n",
        in_processes=r"^an answer or exception of a worker cannot be read back.*missing 1 requi",
    ),
}
FORKED = {"leaves its process", "crashes", "raises what cannot be read back"}
"""Those that know a worker by its parent, which a spawned one, reading the file anew, does not."""


async def outcome(lane_of: StartLane, bring: Bring, function: Function, model: str) -> str:
    """Return RIGHT, or what the case fails with."""
    details = f"{function.details}, " if function.details else ""
    sizes = "" if "sizes=" in details else "sizes={'few': (3, 5, 7)}, "
    said = f"Workload(summary='', kind=Kind.CPU, task=task, {sizes}{details})"
    lane = await lane_of(bring(f"{function.source}\nWORKLOAD = {said}"))
    try:
        await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
        await lane.ask("open", PATIENCE_S, model=model, workers=2, reference=False, audit=False)
        await lane.ask("go", PATIENCE_S, rounds=2, anchored=False)
    except LaneError as error:
        return str(error)
    return RIGHT


@pytest.mark.parametrize("kind", FUNCTIONS)
@pytest.mark.parametrize("model", MODELS)
async def test_a_function_gives_its_answer_or_its_cause_and_the_remedy(
    bring: Bring, start: StartLane, model: str, kind: str
) -> None:
    function = FUNCTIONS[kind]
    if kind in FORKED and model == "processes-spawn":
        pytest.skip("the worker does not know its lane")

    said = await outcome(start, bring, function, model)

    assert "\n" not in said
    if kind == "has no asynchronous form" and model == "asyncio":
        assert "async_task must be defined with async def" in said
    else:
        assert re.search(function.said_by(model), said), said
