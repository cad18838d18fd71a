"""Numbers for people: few digits, a unit, a dash for what is unknown."""

from __future__ import annotations

import math

DIGITS = 3
FEW_DIGITS = 2
UNKNOWN = "\N{EN DASH}"
TIMES = "\N{MULTIPLICATION SIGN}"
SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
BYTES = ((2.0**40, "TiB"), (2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B"))
IN_FULL = (1e-6, 1e6)
"""Numbers outside this range are shown as powers of ten."""


def seconds(value_s: float | None) -> str:
    """Return a time in a fitting unit: `829 µs`, `1.60 ms`."""
    return _with_unit(value_s, SECONDS, DIGITS)


def short_seconds(value_s: float | None) -> str:
    """Return a time in two digits, without trailing zeros: `1.6 ms`, `10 ms`, `1 s`."""
    return _short(value_s, SECONDS)


def memory(value_bytes: float | None, digits: int = DIGITS) -> str:
    """Return an amount of memory in binary units: `88.1 MiB`."""
    return _with_unit(value_bytes, BYTES, digits)


def short_memory(value_bytes: float | None) -> str:
    """Return an amount of memory in two digits, without trailing zeros: `8 GiB`."""
    return _short(value_bytes, BYTES)


def times(ratio: float | None, digits: int = DIGITS) -> str:
    """Return a ratio with a multiplication sign: 1.93, 0.98 (one digit less below 1), 575."""
    return UNKNOWN if ratio is None else f"{_ratio(ratio, digits)}{TIMES}"


def interval(low: float | None, high: float | None) -> str:
    """Return the interval of a ratio: `[1.90, 1.95]`; empty if there is none."""
    if low is None or high is None:
        return ""
    return f"[{_ratio(low)}, {_ratio(high)}]"


def percent(share: float | None) -> str:
    """Return a share in percent: two digits below 1, three from there on: `97 %`, `102 %`."""
    if share is None or math.isnan(share):
        return UNKNOWN
    return f"{significant(100 * share, FEW_DIGITS if abs(share) < 1 else DIGITS)} %"


def rate(value: float | None) -> str:
    """Return how many a second, in three digits and in full: `9,430`, `12.5`."""
    if value is None or math.isnan(value):
        return UNKNOWN
    rounded = float(f"{value:.{DIGITS - 1}e}")
    whole = 10 ** (DIGITS - 1) <= rounded < IN_FULL[1] ** 2
    return f"{rounded:,.0f}" if whole else significant(value)


def cores(value: float | None) -> str:
    """Return a number of cores: `1.98`."""
    return UNKNOWN if value is None or math.isnan(value) else f"{abs(value):.2f}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 launch`, `1,000 tasks`, `2 tries`."""
    plural = f"{noun}es" if noun.endswith(("ch", "ss")) else f"{noun}s"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else plural
    return f"{number:,} {noun if number == 1 else plural}"


def significant(value: float, digits: int = DIGITS) -> str:
    """Return a number rounded to significant digits, in full: 1234.5 gives `1230`."""
    if math.isnan(value):
        return UNKNOWN
    if value == 0:
        return "0"
    if not IN_FULL[0] <= abs(value) < IN_FULL[1]:
        return f"{value:.0e}"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:.{max(decimals, 0)}f}"


def _ratio(ratio: float, digits: int = DIGITS) -> str:
    """Return a ratio; one that rounds to 1 gets the digits of 1."""
    below_one = float(f"{ratio:.{digits - 2}e}") if ratio < 1 else ratio
    return significant(below_one, digits - 1 if below_one < 1 else digits)


def _short(value: float | None, units: tuple[tuple[float, str], ...]) -> str:
    text = _with_unit(value, units, FEW_DIGITS)
    number, _, unit = text.partition(" ")
    return f"{number.rstrip('0').rstrip('.')} {unit}" if "." in number else text


def _with_unit(value: float | None, units: tuple[tuple[float, str], ...], digits: int) -> str:
    """Return the value in the largest unit in which, rounded, it is at least 1."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if value == 0:
        return f"0 {units[-1][1]}"
    fitting = (each for each in units if float(f"{abs(value) / each[0]:.{digits - 1}e}") >= 1)
    size, unit = next(fitting, units[-1])
    return f"{significant(value / size, digits)} {unit}"
