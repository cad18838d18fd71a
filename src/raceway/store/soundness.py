"""What cannot be in a run though every field may hold it: flaws that types do not express."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.bounds import are_latencies
from raceway.store.strict import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from typing import TypeVar

    from raceway.record import GroupResult, Launch, Machine, Record, Run

    Item = TypeVar("Item")

_FOLDER = re.compile(r"[^/\\\x00-\x1f]{1,200}")


def check_run(run: Run) -> Run:
    """Return the run; UnreadableError names what cannot be."""
    check_machine(run.header.machine)
    for record in repeated(run.records, lambda record: record.id):
        raise flawed(f"the same record twice: {record.id}")
    for record in run.records:
        for launch in repeated(record.launches, lambda launch: launch.index):
            raise flawed(f"the same launch twice: {record.id}, launch {launch.index}")
        for launch in record.launches:
            if flaw := flaw_of_launch(record.id, launch):
                raise flawed(flaw)
    return run


def check_machine(machine: Machine) -> None:
    """Raise UnreadableError if a machine's name cannot be that of its folder."""
    if not is_folder_name(machine.id):
        raise flawed("a machine whose name cannot be a folder's")


def flaw_of(group: GroupResult) -> str:
    """Return what is wrong with a journaled group; empty if nothing is."""
    for case_id, launch in group.launches.items():
        if flaw := flaw_of_launch(case_id, launch):
            return flaw
    return ""


def of_one_launch(group: GroupResult) -> GroupResult:
    """Return a journaled group, all of whose launches have its own index."""
    if all(launch.index == group.launch for launch in group.launches.values()):
        return group
    launches = {name: replace(each, index=group.launch) for name, each in group.launches.items()}
    return replace(group, launches=launches)


def flawed(what: str) -> UnreadableError:
    """Return the error of a file that holds something impossible."""
    return UnreadableError(f"not a benchmark file ({what})")


def flaw_of_launch(case_id: str, launch: Launch) -> str:
    """Return what is wrong with a launch; empty if nothing is."""
    if lacks_partners(launch):
        return f"not every round has a reference loop or turn: {case_id}, launch {launch.index}"
    if not are_latencies(launch.latencies_ns, launch.latency_count):
        return f"latencies that cannot be: {case_id}, launch {launch.index}"
    return ""


def lacks_partners(launch: Launch) -> bool:
    """Whether only some rounds have an anchor, or only some a turn."""
    rounds = len(launch.rounds_ns)
    return bool({len(launch.anchors_ns), len(launch.turns)} - {0, rounds})


def repeated(items: Iterable[Item], key: Callable[[Item], Hashable]) -> Iterator[Item]:
    """Yield the items whose key came before."""
    seen: set[Hashable] = set()
    for item in items:
        if key(item) in seen:
            yield item
        seen.add(key(item))


def once(records: Iterable[Record]) -> list[Record]:
    """Return the records without those whose id came before."""
    return list({record.id: record for record in reversed(list(records))}.values())[::-1]


def is_folder_name(name: str) -> bool:
    """Whether a name means one folder, directly within another."""
    return bool(_FOLDER.fullmatch(name)) and not name.startswith(".")
