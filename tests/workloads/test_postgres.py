from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.workloads import postgres
from raceway.workloads.postgres import (
    DSN,
    MOST_AT_ONCE,
    as_other_user,
    connected,
    is_root,
    obstacle,
    pool,
    programs,
    square,
    square_async,
)
from support.mid_race import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.files import MakeTree


@pytest.fixture
def _nothing_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide whatever PostgreSQL there is."""
    monkeypatch.delenv(DSN, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "debian")


@pytest.fixture
def installed(make_tree: MakeTree, tmp_path: Path) -> None:
    """Put programs where Debian does."""
    make_tree({
        f"debian/{version}/bin/{name}": ""
        for version in ("9.6", "17", "16") for name in ("initdb", "postgres")
    })  # fmt: skip
    for program in tmp_path.glob("debian/*/bin/*"):
        program.chmod(0o755)


@pytest.mark.usefixtures("_nothing_known")
def test_without_a_server_the_reason_is_told() -> None:
    assert obstacle().startswith("no PostgreSQL: give --postgres DSN, or put initdb on the path")


@pytest.mark.usefixtures("_nothing_known")
def test_a_server_named_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DSN, "host=elsewhere")

    assert obstacle() == ""
    with postgres.server() as address:
        assert address == "host=elsewhere"


@pytest.mark.usefixtures("_nothing_known", "installed")
def test_the_newest_of_debians_is_found(tmp_path: Path) -> None:
    assert programs() == tmp_path / "debian" / "17" / "bin"


@pytest.mark.usefixtures("_nothing_known", "installed")
def test_root_needs_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres, "OTHER_USERS", ("nobody-of-this-name",))

    assert obstacle().startswith("PostgreSQL refuses to run as root")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return how to connect to a server; skip where there is none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if lacking := obstacle():
        pytest.skip(lacking)
    with postgres.server() as address:
        yield address


@pytest.mark.slow
def test_the_server_squares(address: str) -> None:
    with connected(address) as connection:
        assert [square(number, connection) for number in (0, 3, 1_000)] == [0, 9, 1_000_000]


@pytest.mark.slow
async def test_an_event_loop_keeps_a_few_connections(address: str) -> None:
    async with pool(address) as connections:
        answers = await asyncio.gather(*(square_async(number, connections) for number in range(30)))

        assert answers == [number**2 for number in range(30)]
        assert len(connections.idle) == MOST_AT_ONCE


@pytest.mark.slow
def test_an_own_server_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    del address
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv(DSN, raising=False)
    if obstacle():
        pytest.skip("no server of our own")

    with postgres.server():
        assert list(tmp_path.iterdir())

    assert list(tmp_path.iterdir()) == []


READS = "import psycopg, raceway"
ASKS = """
import os
from raceway.workloads.postgres import connected, is_root, server, square
with server() as address, connected(address) as connection:
    print(is_root(), square(7, connection), os.listdir(os.environ["TMPDIR"]) != [])
print(os.listdir(os.environ["TMPDIR"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not is_root(), reason="all other tests run as an ordinary user")
def test_an_ordinary_user_needs_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    monkeypatch.delenv(DSN, raising=False)
    if lacking := obstacle():
        pytest.skip(lacking)
    user = as_other_user()
    with temporary_folder() as folder:
        os.chown(folder, user["user"], user["group"])
        surroundings = {**os.environ, "TMPDIR": str(folder), "HOME": str(folder)}

        def said(code: str) -> str:
            return subprocess.run(
                [sys.executable, "-c", code], env=surroundings, cwd="/", check=True,
                stdout=subprocess.PIPE, text=True, **user,
            ).stdout  # fmt: skip

        try:
            said(READS)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("others cannot read raceway or its interpreter here")
        assert said(ASKS) == "False 49 True\n[]\n"
