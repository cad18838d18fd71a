"""What was raced on a machine: the interpreters, and the code under test."""

from __future__ import annotations

from raceway.record.saved import Saved


class Environment(Saved, frozen=True, kw_only=True):
    """A raced interpreter and its libraries, as reported by its own lane."""

    label: str
    command: str
    version: str
    implementation: str
    build: str = ""
    compiler: str = ""
    free_threaded: bool = False
    """Whether the build can run without the GIL."""
    gil_enabled: bool | None = True
    """Whether the GIL was on in the lane; None if the file is another tool's, which do not tell."""
    libraries: dict[str, str] = {}
    settings: dict[str, str] = {}
    """Variables, options and tracers of its lanes that may change timing, such as LD_PRELOAD."""
    gpus: list[str] = []
    cuda: str = ""
    driver: str = ""


SHORT_COMMIT = 7


class Commit(Saved, frozen=True, kw_only=True):
    """The state of the code that was measured."""

    id: str = "unversioned"
    time: str | None = None
    author_time: str | None = None
    dirty: bool = False
    project: str = ""
    branch: str = "(unknown)"

    @property
    def short(self) -> str:
        """The short id; `unversioned` in full."""
        return self.id if self.id == Commit().id else self.id[:SHORT_COMMIT]
