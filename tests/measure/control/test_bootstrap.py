from __future__ import annotations

import io
import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import raceway
from raceway.measure.control.bootstrap import bundle
from raceway.models import serial
from raceway.plan.engines import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping


def unpacked(files: Mapping[str, Path]) -> tuple[dict[str, bytes], list[str]]:
    """Return what a lane would read: its files, and the folders for its path."""
    stream = io.BytesIO(bundle(files))
    size, extra = int(stream.read(12)), int(stream.read(12))
    code: dict[str, bytes] = marshal.loads(stream.read(size))  # noqa: S302 (made here)
    folders = [os.fsdecode(each) for each in stream.read(extra).split(b"\0") if each]
    assert not stream.read()
    return code, folders


def test_every_model_and_workload_travels() -> None:
    package = Path(raceway.__file__).parent
    wanted = {
        f"raceway/{path.relative_to(package).as_posix()}"
        for folder in ("models", "workloads")
        for path in (package / folder).glob("*.py")
    }

    assert wanted <= unpacked({})[0].keys()


def test_nothing_travels_that_a_lane_does_not_need() -> None:
    names = list(unpacked({})[0])

    assert not [name for name in names if "plugin" in name or "controller" in name]


def test_files_of_users_travel_as_workloads(tmp_path: Path) -> None:
    (tmp_path / "my_tasks.py").write_text("WORKLOAD = 1")

    code, _ = unpacked({"my-tasks": tmp_path / "my_tasks.py"})

    assert code["raceway_workload_my_tasks.py"] == b"WORKLOAD = 1"


def test_bytecode_of_this_interpreter_travels_too(tmp_path: Path) -> None:
    code, _ = unpacked({})
    for name, content in code.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    source = tmp_path / "raceway" / "case.py"
    source.write_text("raise RuntimeError('compiled once more')")

    command = [sys.executable, "-c", "import raceway.case; print(raceway.case.__cached__)"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True
    )

    assert Path(done.stdout.decode().strip()) == next(
        (tmp_path / "raceway/__pycache__").glob("case.*")
    )


def test_a_file_that_cannot_be_compiled_travels_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def :")

    code, _ = unpacked({"broken": tmp_path / "broken.py"})

    assert [name for name in code if "broken" in name] == ["raceway_workload_broken.py"]


def test_folders_of_users_are_named_once_each(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9\nx" if os.name != "nt" else "ä")
    paths = {"a": odd, "b": odd, "c": tmp_path / "c"}
    for name, folder in paths.items():
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").touch()
    files = {name: folder / f"{name}.py" for name, folder in paths.items()}

    assert sorted(unpacked(files)[1]) == sorted({str(folder) for folder in paths.values()})


def test_without_files_no_folder_is_named() -> None:
    assert unpacked({})[1] == []


def test_models_and_workloads_of_another_revision_of_raceway_take_their_places(
    tmp_path: Path,
) -> None:
    files = {}
    for folder in ("models", "workloads"):
        source = tmp_path / "raceway" / folder / "torch.py"
        source.parent.mkdir(parents=True)
        source.write_text(folder)
        files[folder] = source
    code, folders = unpacked(files)

    assert code["raceway/models/torch.py"] == b"models"
    assert code["raceway/workloads/torch.py"] == b"workloads"
    assert folders == []


def test_files_of_users_travel_as_models(tmp_path: Path) -> None:
    (tmp_path / "my_tasks.py").write_text("MODEL = 1")

    code, folders = unpacked({"models/my-tasks": tmp_path / "my_tasks.py"})

    assert code["raceway_model_my_tasks.py"] == b"MODEL = 1"
    assert folders == [str(tmp_path.resolve())]


def test_engines_travel_as_models() -> None:
    stream = io.BytesIO(bundle({}, [Engine("my-engine", serial.MODEL, ("MODEL = 2",))]))
    size, _ = int(stream.read(12)), stream.read(12)
    code = marshal.loads(stream.read(size))  # noqa: S302 (made here)

    assert code["raceway_model_my_engine.py"] == b"MODEL = 2"
