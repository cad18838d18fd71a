"""Ratios of the times of two cases, launch by launch.

A launch is one observation, since the rounds of a process are not independent.
"""

from __future__ import annotations

import math
from statistics import fmean, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.analysis.run.timing import LaunchTime, Timing


def launch_ratios(slow: Timing, fast: Timing) -> dict[int, float]:
    """Return the ratio of times in each launch; a computed time is paired with every launch."""
    if slow.computed_s and fast.computed_s:
        return {0: slow.computed_s / fast.computed_s}
    if slow.computed_s:
        return {index: slow.computed_s / launch.pass_s for index, launch in fast.launches.items()}
    if fast.computed_s:
        return {index: launch.pass_s / fast.computed_s for index, launch in slow.launches.items()}
    shared = slow.launches.keys() & fast.launches.keys()
    return {index: paired(slow.launches[index], fast.launches[index]) for index in sorted(shared)}


FARTHEST = math.log(1.5)
"""How far a turn's ratio may be from the median one, as a logarithm, before it is drawn nearer."""


def paired(slow: LaunchTime, fast: LaunchTime) -> float:
    """Return the mean ratio over common turns, in which noise hits both sides alike.

    It is the winsorised geometric mean: a ratio farther than a factor of 1.5 from the median one
    counts as that far. Cores of two speeds, and pools that share out unevenly, scatter less; there
    the mean varies less from launch to launch than the median. Without common turns (in old files),
    it is the ratio of the medians.
    """
    turns = slow.by_turn_s.keys() & fast.by_turn_s.keys()
    if not turns:
        return slow.pass_s / fast.pass_s
    logs = [math.log(slow.by_turn_s[turn] / fast.by_turn_s[turn]) for turn in turns]
    middle = median(logs)
    offs = (max(-FARTHEST, min(each - middle, FARTHEST)) for each in logs)
    return math.exp(middle + fmean(offs))
