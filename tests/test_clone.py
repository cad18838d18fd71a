"""In a clone with the requirements installed, but not raceway, its benchmarks are collected."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INSTALLED = Path(sysconfig.get_path("purelib"))


def without(folder: Path, *packages: str) -> Path:
    """Fill a folder with all that is installed but raceway, its path files, and some packages."""
    hidden = ("raceway", "_raceway", "__editable__", *packages)
    folder.mkdir()
    for path in INSTALLED.iterdir():
        if path.suffix != ".pth" and not path.name.lower().startswith(hidden):
            (folder / path.name).symlink_to(path)
    return folder


def collect(installed: Path, results: Path) -> subprocess.CompletedProcess[str]:
    """Collect this clone's benchmarks where those packages alone are installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [
            sys.executable, "-S", "-m", "pytest", "bench/test_cpu.py", "--collect-only", "-q",
            "-p", "no:cacheprovider", f"--results={results}", "--models=serial",
        ],
        cwd=ROOT, env={**kept, "PYTHONPATH": str(installed)}, capture_output=True,
        encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip


def test_benchmarks_need_the_requirements_alone(tmp_path: Path) -> None:
    done = collect(without(tmp_path / "installed"), tmp_path / "results")

    assert "[primes-4000-serial-w1]" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("pytest_benchmark",), "pytest-benchmark"),
        (("pytest_asyncio",), "pytest-asyncio"),
        (("msgspec",), "msgspec"),
        (("pandas", "altair"), "altair pandas"),
    ],
)
def test_what_is_missing_is_told_in_one_line(
    tmp_path: Path, names: tuple[str, ...], told: str
) -> None:
    done = collect(without(tmp_path / "installed", *names), tmp_path / "results")

    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"ERROR: raceway needs {told.replace(' ', ', ')}, not installed in ")
    assert line.endswith(f"-m pip install {told}")
    assert done.stdout == ""
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
