"""Next year's grade from this year's result by published thresholds (职级建议)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

#: The grades of officers, highest first, as `staff` names them.
LADDER = ("senior", "first", "second")
HUNDRED = Decimal(100)


class Measure(StrEnum):
    """What is compared with the thresholds: the total score, or the place in the group in percent."""

    SCORE = "score"
    PLACE = "place"


class Held(StrEnum):
    """Why a proposal is not what the thresholds alone say."""

    NOTHING = ""
    NO_RESULT = "no_result"
    UNDECIDED = "undecided"
    GATE = "gate"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the two upper grades ask for, and by how many grades one may move in a year.

    By score: at least so many points. By place: among the best so many percent of the group. `needs_gates`: nobody rises
    whom a gate bars from awards.
    """

    measure: Measure
    senior: Decimal
    first: Decimal
    most_up: int
    most_down: int
    needs_gates: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What a year came to for one person; `eligible` is None while a gate that bars is undecided."""

    score: Decimal
    rank: int
    group_size: int
    eligible: bool | None = True
    undecided: int = 0

    @property
    def place(self) -> Decimal:
        """The place in the group in percent: 1st of 50 is 2."""
        return Decimal(self.rank) * HUNDRED / Decimal(self.group_size)


@dataclass(frozen=True, slots=True)
class Proposed:
    """The grade proposed, the one that the thresholds alone give, and what held it (Held)."""

    grade: str
    reached: str
    held: Held = Held.NOTHING


def reached(result: Result, thresholds: Thresholds) -> str:
    """The grade whose threshold the result meets; the lowest asks for nothing."""
    for grade, asked in (("senior", thresholds.senior), ("first", thresholds.first)):
        if thresholds.measure == Measure.SCORE and result.score >= asked:
            return grade
        # Compared without dividing: rank / size ≤ asked / 100.
        if thresholds.measure == Measure.PLACE and result.rank * HUNDRED <= asked * result.group_size:
            return grade
    return "second"


def propose(present: str, result: Result | None, thresholds: Thresholds) -> Proposed:
    """The grade for the next year. Without a result, or while an item is undecided, the present one stays."""
    if result is None:
        return Proposed(present, present, Held.NO_RESULT)
    found = reached(result, thresholds)
    if result.undecided:
        return Proposed(present, found, Held.UNDECIDED)
    old, new = LADDER.index(present), LADDER.index(found)
    if new < old and thresholds.needs_gates and result.eligible is not True:
        return Proposed(present, found, Held.GATE)
    limited = min(max(new, old - thresholds.most_up), old + thresholds.most_down)
    return Proposed(LADDER[limited], found, Held.STEPS if limited != new else Held.NOTHING)


def movement(present: str, decided: str) -> int:
    """By how many grades one rises; a fall is negative."""
    return LADDER.index(present) - LADDER.index(decided)
