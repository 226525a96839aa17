"""How far a figure lies from its like, told by medians, so that a few huge projects do not move the norm."""

from decimal import Decimal

# The deviation of a normal sample in medians of absolute deviations; beyond 3.5 of them a value is called an outlier.
SCALE = 1.4826
FAR = 3.5
# Like amounts have hardly any deviation; below this (in natural logarithms, some 10 %) nothing is called far.
LEAST_SPREAD = 0.1


def distance(value: float, median: float, deviation: float) -> float:
    """How many robust deviations a value is away; signed, so that too small is negative."""
    return (value - median) / (SCALE * max(deviation, LEAST_SPREAD))


def is_far(value: float, median: float, deviation: float) -> bool:
    """Whether a value is an outlier among its like."""
    return abs(distance(value, median, deviation)) > FAR


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """A part in percent of the whole, to one digit."""
    return (part * 100 / whole).quantize(Decimal("0.1"))
