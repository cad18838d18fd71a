"""The synthetic runs of tests/analysis, a whole session, and a console that remembers."""

from __future__ import annotations

import io
import os
import random
import shutil
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from raceway.record import Launch, Peak, Record, Run, Status
from raceway.report.comparison.terminal import show_comparison
from raceway.report.run.terminal import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from raceway.analysis.comparison.comparison import Comparison

# Test modules cannot import one another under --import-mode=importlib.
ANALYSIS = run_path(str(Path(__file__).parents[1] / "analysis" / "conftest.py"))
launch, record, run = ANALYSIS["launch"], ANALYSIS["record"], ANALYSIS["run"]
results, steady = ANALYSIS["results"], ANALYSIS["steady"]
comparison, side = ANALYSIS["comparison"], ANALYSIS["side"]
a_record, a_run = ANALYSIS["a_record"], ANALYSIS["a_run"]
a_comparison = ANALYSIS["a_comparison"]

CPU_GROUPS = (
    ("primes", "100", 128, 15e-6),
    ("primes", "1000", 64, 0.21e-3),
    ("primes", "4000", 32, 1.6e-3),
    ("factorial", "seed", 3, 0.4e-6),
    ("factorial", "2000", 32, 0.3e-3),
)
"""Workload, size, tasks, seconds a task."""
CPU_MODELS = {
    "serial": (1.0, 0.0),
    "threads": (0.99, 7e-6),
    "processes-fork": (1.94, 90e-6),
    "processes-forkserver": (1.95, 90e-6),
    "processes-spawn": (1.93, 90e-6),
    "pool": (1.92, 4e-6),
    "asyncio": (0.995, 3e-6),
}
"""Speedup at best, seconds a task that dispatching costs."""
PEAK = Peak(
    device="cpu",
    interpreter="current",
    precision="fp32",
    flops_per_s=320e9,
    bytes_per_s=2e10,
    workers=2,
)


def cpu_records(passes_s: Callable[[float], list[float]]) -> Iterator[Record]:
    for workload, size, tasks, task_s in CPU_GROUPS:
        for model, (gain, dispatch_s) in CPU_MODELS.items():
            workers = 1 if model in {"serial", "asyncio"} else 2
            fields = {"workload": workload, "size": size, "tasks": tasks, "workers": workers}
            yield a_record(model, passes_s(tasks * (task_s / gain + dispatch_s)), **fields)


def waiting_records(passes_s: Callable[[float], list[float]]) -> Iterator[Record]:
    for tasks in (3, 100, 1000):
        for model, workers, at_once in (
            ("serial", 1, 1),
            ("threads", 64, 64),
            ("asyncio", 1, tasks),
        ):
            floor_s = 0.01 * -(-tasks // at_once)
            fields = {"workload": "sleep", "size": str(tasks), "kind": "io", "tasks": tasks}
            fields |= {"workers": workers, "shortest_wait_s": floor_s}
            if floor_s > 5:
                yield a_record(model, computed_s=floor_s, **fields)
            else:
                yield a_record(model, passes_s(floor_s + 3e-6 * tasks), **fields)


def tensor_records(passes_s: Callable[[float], list[float]]) -> Iterator[Record]:
    fields: dict[str, Any] = {"workload": "matmul", "size": "1024", "kind": "tensor"}
    for model, workers, gain in (("serial", 1, 1.0), ("threads", 2, 1.3), ("torch", 2, 1.7)):
        yield a_record(model, passes_s(0.055 / gain), flops=8.6e9, workers=workers, **fields)
    fields |= {"device": "cuda:0", "status": Status.SKIPPED, "reason": "no cuda device"}
    yield a_record("cuda", **fields)


def plain_record(name: str, round_s: float) -> Record:
    rounds_ns = [round(round_s * 1e9 * (1 + 0.01 * (index % 5))) for index in range(9)]
    fullname = f"bench/test_event_loop.py::{name}"
    return Record(id=fullname, fullname=fullname, launches=[Launch(index=0, rounds_ns=rounds_ns)])


@pytest.fixture(scope="session")
def field_run() -> Callable[..., Run]:
    """Return a factory of whole sessions: CPU-bound, waiting, tensor and plain."""

    def make(launches: int = 5) -> Run:
        draw = random.Random(20261123)  # noqa: S311 (an example, not a secret)

        def passes_s(pass_s: float) -> list[float]:
            return [pass_s * draw.lognormvariate(0, 0.008) for _ in range(launches)]

        raced = [*cpu_records(passes_s), *waiting_records(passes_s), *tensor_records(passes_s)]
        loops = (("asyncio", 299e-6), ("uvloop", 185e-6))
        plain = [plain_record(f"test_gather[{loop}]", round_s) for loop, round_s in loops]
        return a_run([*raced, *plain], capacity=1.93, peaks=[PEAK])

    return make


@pytest.fixture
def screen() -> Callable[..., str]:
    """Return what gives the report of a run as text, by default 80 columns wide and piped."""

    def shown(run: Run, width: int = 80, encoding: str = "utf-8", **options: bool) -> str:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        show(run, Path("a/b/run.json"), Console(file=file, width=width, **options))
        file.seek(0)
        return file.read()

    return shown


def waiting_case(size: str, passes_s: list[float], **fields: Any) -> Record:
    names = {"id": f"sleep-{size}-threads-w64", "workload": "sleep", "size": size, "kind": "io"}
    return a_record("threads", passes_s, **{**names, **fields})


@pytest.fixture(scope="session")
def every_verdict() -> Comparison:
    """Return a comparison in which each verdict is given once, and a case failed on side B."""
    passes_s = [0.1, 0.1001, 0.0999, 0.10005, 0.09995]
    scattered_s = [0.08, 0.13, 0.1, 0.09, 0.12]
    a = [waiting_case(size, passes_s) for size in ("slower", "faster", "same", "missing")]
    b = [
        waiting_case("slower", [1.2 * each for each in passes_s]),
        waiting_case("faster", [0.4 * each for each in passes_s]),
        waiting_case("same", passes_s),
        waiting_case("unclear", scattered_s),
        waiting_case("new", passes_s),
        waiting_case("missing", [], status=Status.FAILED, reason="a wrong answer"),
    ]
    return a_comparison([*a, waiting_case("unclear", scattered_s)], b)


@pytest.fixture
def compared_on() -> Callable[..., str]:
    """Return what gives a comparison as text, by default 80 columns wide and piped."""

    def shown(comparison: Comparison, width: int = 80, encoding: str = "utf-8") -> str:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        show_comparison(comparison, Console(file=file, width=width))
        file.seek(0)
        return file.read()

    return shown


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium; skip the test without one, unless REQUIRE_BROWSER is set.

    For a module, not longer: while Playwright runs, nobody else can run an event loop.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if not os.environ.get("REQUIRE_BROWSER"):
        pytest.importorskip("playwright.sync_api")
        if chromium is None:
            pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (skipped where it is missing)

    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return what pages have said on the console or asked of the network."""
    return []


@pytest.fixture
def opened(browser: Browser, complaints: list[str]) -> Iterator[Callable[[Path], Page]]:
    """Return what opens a page from disk and waits until all its charts are drawn."""
    context = browser.new_context()

    def open_page(file: Path) -> Page:
        page = context.new_page()
        own = (file.as_uri(), "data:", "blob:")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend(
            [] if request.url.startswith(own) else [request.url]
        ))  # fmt: skip
        page.goto(file.as_uri())
        page.evaluate("window.drawn")
        return page

    yield open_page
    context.close()
