"""The bundle: everything a lane needs, sent over its standard input.

So any interpreter can be raced with nothing installed in it. The lane unpacks the bundle into the
temporary folder that the controller gave it, or one of its own on another machine. The folder is on
its path, where spawned workers find it too. The bundle includes bytecode, which
saves interpreters of the controller's version from compiling; others ignore it.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from raceway.case import BROUGHT, BROUGHT_MODEL
from raceway.measure.scratch.reaping import MARK
from raceway.plan.brought import Brought
from raceway.plan.catalogue import MODEL_FILE, is_model

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from raceway.case import Case
    from raceway.plan.engines import Engine
    from raceway.plan.servers import Server

PACKAGE = Path(__file__).resolve().parents[2]
TRAVELS = (
    "__init__.py", "case.py", "demand.py", "lap.py", "serving.py", "models/*.py",
    "workloads/*.py", "measure/__init__.py", "measure/lane/*.py",
)  # fmt: skip
ENTRIES = ("models", "workloads")
"""The folders with a file for each entry, of which a lane needs one each."""
FOLDER_PREFIX = "raceway-lane-"
"""Of a lane's own folder, on another machine."""
MARSHAL_VERSION = 2
"""Known to every supported interpreter."""
UNCHECKED = (1).to_bytes(4, "little")
"""Marks bytecode that is used without checking its source (PEP 552)."""

BOOT = f"""
import atexit, marshal, os, sys
served = []
def leave():
    if served:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass
        os._exit(0)
atexit.register(leave)
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
def read(count):
    data = b""
    while len(data) < count:
        part = os.read(0, count - len(data))
        if not part:
            sys.exit("the controller went away before the lane was ready")
        data += part
    return data
size = int(read(12))
extra = int(read(12))
bundle = read(size)
folder = os.environ.get({MARK!r}, "")
given = os.path.isdir(folder)
if not given:
    import tempfile
    folder = os.environ["TMPDIR"] = tempfile.tempdir = tempfile.mkdtemp(prefix={FOLDER_PREFIX!r})
try:
    made = set()
    for name, content in marshal.loads(bundle).items():
        path = os.path.join(folder, *name.split("/"))
        if (parent := os.path.dirname(path)) not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        with open(path, "wb") as file:
            file.write(content)
    sys.path.insert(0, folder)
    sys.path.extend(os.fsdecode(each) for each in read(extra).split(b"\\0") if each)
    from raceway.measure.lane.server import main
except BaseException:
    import shutil
    shutil.rmtree(folder, ignore_errors=True)
    raise
main(folder, given=given)
served.append(True)
"""
"""The code for `-c`: read the bundle, unpack it, become a lane.

It imports as little as possible: tempfile and zipfile alone would take longer than everything else.

Whoever registers first to be called at exit is called last: when all of the tasks' own endings are
done, the lane leaves without taking down every module and library, since its memory goes anyway.
"""


def bundle(
    files: Mapping[str, Path],
    described: Iterable[Engine | Server] = (),
    entries: Collection[str] | None = None,
) -> bytes:
    """Return what is written to a lane before its first command.

    Two decimal counts of 12 digits, the files by name, and the folders of the users' files, with
    zero bytes between them, since their names may hold anything else. These go to the end of the
    path, so that workloads can import their neighbours. Of what is built in, `entries` names the
    files that it needs, such as `models/serial.py`; all by default.
    """
    sources = {name: source for name, source in ours().items() if is_needed(name, entries)}
    users = {name: Brought.of(file) for name, file in files.items() if not is_ours(file)}
    for source in filter(is_ours, files.values()):
        sources[f"raceway/{source.parent.name}/{source.name}"] = source.read_bytes()
    for name, brought in users.items():
        sources[f"{module_of(name)}.py"] = brought.source
    for each in described:
        sources[f"{module_of(each.file)}.py"] = each.source.encode()
    packed = marshal.dumps({**sources, **dict(bytecode(sources))}, MARSHAL_VERSION)
    named = dict.fromkeys(folder for brought in users.values() for folder in brought.folders)
    folders = b"\0".join(map(os.fsencode, sorted(named)))
    return b"%012d%012d" % (len(packed), len(folders)) + packed + folders


@cache
def ours() -> dict[str, bytes]:
    """Return all of raceway that travels, by name."""
    return {
        f"raceway/{source.relative_to(PACKAGE).as_posix()}": source.read_bytes()
        for pattern in TRAVELS
        for source in sorted(PACKAGE.glob(pattern))
    }


def is_needed(name: str, entries: Collection[str] | None) -> bool:
    """Whether a lane that needs these entries needs a file of ours."""
    path = PurePosixPath(name)
    is_entry = path.parent.name in ENTRIES and path.stem != "__init__"
    return entries is None or not is_entry or f"{path.parent.name}/{path.name}" in entries


def entries_of(case: Case) -> set[str]:
    """Return the files of ours that a case's model and workload are, if they are built in."""
    return {
        f"{folder}/{name.replace('-', '_')}.py"
        for folder, name in zip(ENTRIES, (case.model, case.workload), strict=True)
    }


def module_of(name: str) -> str:
    """Return the module inside a lane of a file that is not built in."""
    prefix = BROUGHT_MODEL if is_model(name) else BROUGHT
    return prefix + name.removeprefix(MODEL_FILE.format("")).replace("-", "_")


def is_ours(source: Path) -> bool:
    """Whether a file is one of raceway's own models or workloads, perhaps of another revision."""
    return source.parent.name in ENTRIES and source.parents[1].name == "raceway"


def bytecode(sources: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of bytecode files, except for sources that do not compile."""
    for name, source in sources.items():
        if (content := compiled(name, source)) is not None:
            path = PurePosixPath(name)
            cached = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
            yield str(cached), content


@cache
def compiled(name: str, source: bytes) -> bytes | None:
    """Return the content of a bytecode file; None if the source does not compile.

    Compiling takes most of a bundle's time, and both sides of a duel share nearly all sources.
    """
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    return head + marshal.dumps(code)
