"""pytest's names of tests: `file.py::Class::test[parameter]`."""

from __future__ import annotations


def parted(node_id: str) -> tuple[str, str]:
    """Return where a test stands, and its name; a parameter may hold anything, `::` too."""
    head, bracket, parameter = node_id.partition("[")
    if "::" not in head:  # a folder's name has the bracket
        place, _, name = node_id.rpartition("::")
        return place, name
    place, _, name = head.rpartition("::")
    return place, f"{name}{bracket}{parameter}"
