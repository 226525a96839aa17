"""How a score becomes a factor of performance pay (考核系数) by a published table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

STEP = Decimal("0.0001")
ONE = Decimal(1)


class Method(StrEnum):
    """Between two points of the table the factor grows evenly, or stays what the lower point says."""

    LINEAR = "linear"
    STEPS = "steps"


class Fault(StrEnum):
    """What keeps points from being a table."""

    FEW = "few"
    ORDER = "order"
    FALLS = "falls"
    NO_TARGET = "no_target"


@dataclass(frozen=True, slots=True)
class Point:
    """From this score on the factor is this."""

    score: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class FactorTable:
    """Points by rising score. Below the first its factor holds (保底), from the last on its factor (封顶)."""

    method: Method
    points: tuple[Point, ...]

    def factor(self, score: Decimal) -> Decimal:
        """The factor of a score, to four decimals, half rounded up."""
        below = [point for point in self.points if point.score <= score]
        if not below:
            return self.points[0].factor.quantize(STEP)
        low = below[-1]
        if self.method == Method.STEPS or len(below) == len(self.points):
            return low.factor.quantize(STEP)
        high = self.points[len(below)]
        part = Fraction(score - low.score) / Fraction(high.score - low.score)
        exact = Fraction(low.factor) + part * Fraction(high.factor - low.factor)
        # Rounded as a whole number of steps, so that no decimal of the division is lost before.
        return int(exact / Fraction(STEP) + Fraction(1, 2)) * STEP

    @property
    def target(self) -> Decimal:
        """The lowest score that brings the whole performance pay."""
        for low, high in pairwise(self.points):
            if low.factor >= ONE:
                return low.score
            if self.method == Method.LINEAR and high.factor > ONE:
                part = Fraction(ONE - low.factor) / Fraction(high.factor - low.factor)
                found = Fraction(low.score) + part * Fraction(high.score - low.score)
                return Decimal(found.numerator) / Decimal(found.denominator)
        return self.points[-1].score

    @property
    def highest(self) -> Decimal:
        """The factor that nobody exceeds."""
        return self.points[-1].factor


def faults(points: Sequence[Point]) -> list[Fault]:
    """What is wrong with the points of a table; none for a good one."""
    found = []
    pairs = list(pairwise(points))
    if len(points) < 2:
        found.append(Fault.FEW)
    if any(low.score >= high.score for low, high in pairs):
        found.append(Fault.ORDER)
    if any(low.factor > high.factor for low, high in pairs) or any(point.factor < 0 for point in points):
        found.append(Fault.FALLS)
    if points and points[-1].factor < ONE:
        found.append(Fault.NO_TARGET)
    return found
