"""Adds to the cases of a side their times over what ran beside them: serial, and the anchors."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.comparison.normalisation import Normalisation, relative_to
from raceway.analysis.run.results import is_serial

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from raceway.analysis.comparison.samples import Sample

Group = tuple[str, str]
"""Group and interpreter: anchors of other interpreters do not compare."""


def add_serial(found: Mapping[str, Sample]) -> None:
    """Add to every case its time over the serial case of its group and interpreter."""
    serials = {_group(each): each for each in found.values() if is_serial(each.record)}
    for each in found.values():
        if serial := serials.get(_group(each)):
            each.against(serial)


def add_anchors(found: Mapping[str, Sample], shared: Collection[str]) -> None:
    """Normalise every case by the anchors of all lanes of its group, not just its own lane's.

    The memory layout of a process shifts its anchor by 1 or 2 %, so the median of several lanes is
    used. Lanes that only one side had do not count.
    """
    groups: defaultdict[Group, list[Sample]] = defaultdict(list)
    for name, sample in found.items():
        if name in shared:
            groups[_group(sample)].append(sample)
    for lanes in groups.values():
        keys = {key for lane in lanes for key in lane.anchors}
        usual = {
            key: median(lane.anchors[key] for lane in lanes if key in lane.anchors) for key in keys
        }
        for lane in lanes:
            lane.logs[Normalisation.ANCHOR] = relative_to(lane.logs[Normalisation.RAW], usual)


def _group(sample: Sample) -> Group:
    return (sample.record.group, sample.record.interpreter)
