from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import raceway
from raceway.measure.control.bootstrap import bundle

if TYPE_CHECKING:
    from collections.abc import Mapping


def unpacked(files: Mapping[str, Path]) -> tuple[zipfile.ZipFile, list[str]]:
    """Return what a lane would read: the code, and the folders for its path."""
    stream = io.BytesIO(bundle(files))
    size, extra = int(stream.read(12)), int(stream.read(12))
    code = zipfile.ZipFile(io.BytesIO(stream.read(size)))
    folders = stream.read(extra).decode().splitlines()
    assert not stream.read()
    return code, folders


def test_every_model_and_workload_travels() -> None:
    package = Path(raceway.__file__).parent
    wanted = {
        f"raceway/{path.relative_to(package).as_posix()}"
        for folder in ("models", "workloads")
        for path in (package / folder).glob("*.py")
    }

    assert wanted <= set(unpacked({})[0].namelist())


def test_nothing_travels_that_a_lane_does_not_need() -> None:
    names = unpacked({})[0].namelist()

    assert not [name for name in names if "plugin" in name or "controller" in name]


def test_files_of_users_travel_as_workloads(tmp_path: Path) -> None:
    (tmp_path / "my_tasks.py").write_text("WORKLOAD = 1")

    code, _ = unpacked({"my-tasks": tmp_path / "my_tasks.py"})

    assert code.read("raceway/workloads/my_tasks.py") == b"WORKLOAD = 1"


def test_folders_of_users_are_named_once_each(tmp_path: Path) -> None:
    paths = {"a": tmp_path / "ä", "b": tmp_path / "ä", "c": tmp_path / "c"}
    for name, folder in paths.items():
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").touch()
    files = {name: folder / f"{name}.py" for name, folder in paths.items()}

    assert sorted(unpacked(files)[1]) == sorted({str(folder) for folder in paths.values()})


def test_without_files_no_folder_is_named() -> None:
    assert unpacked({})[1] == []
