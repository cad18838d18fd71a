"""The bundle: everything a lane needs, as a zip that travels over its standard input.

So any interpreter can be raced with nothing installed in it. The lane unpacks the bundle into a
temporary folder and puts that on its path, where spawned workers find it too.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(__file__).resolve().parents[2]
TRAVELS = (
    "__init__.py", "case.py", "lap.py", "models/*.py", "workloads/*.py", "measure/__init__.py",
    "measure/lane/*.py",
)  # fmt: skip
FOLDER_PREFIX = "raceway-lane-"

BOOT = f"""
import io, os, shutil, sys, tempfile, zipfile
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
folder = tempfile.mkdtemp(prefix={FOLDER_PREFIX!r})
try:
    zipfile.ZipFile(io.BytesIO(bundle)).extractall(folder)
    sys.path.insert(0, folder)
    sys.path.extend(read(extra).decode().splitlines())
    from raceway.measure.lane.server import main
except BaseException:
    shutil.rmtree(folder, ignore_errors=True)
    raise
main(folder)
"""
"""What an interpreter is given with `-c`: read the bundle, unpack it, become a lane."""


def bundle(files: Mapping[str, Path]) -> bytes:
    """Return what is written to a lane before its first command.

    Two decimal counts of 12 digits, the zip, and the folders of the users' files, one a line:
    these are put at the end of the path, so that a workload may import its neighbours.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", strict_timestamps=False) as archive:
        for pattern in TRAVELS:
            for source in sorted(PACKAGE.glob(pattern)):
                archive.write(source, f"raceway/{source.relative_to(PACKAGE).as_posix()}")
        for source in files.values():
            archive.write(source, f"raceway/workloads/{source.name}")
    code = packed.getvalue()
    folders = "\n".join(sorted({str(source.parent) for source in files.values()})).encode()
    return b"%012d%012d" % (len(code), len(folders)) + code + folders
