"""Targets by period and level: which ones a scheme asks for, whether parts add up, and how a year is spread over its parts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from kpi.scoring.owed import parts_of as parts_of_rule
from kpi.scoring.periods import MEASURED, PERIODS, YEAR
from kpi.scoring.rounding import CONTEXT, rounded, total
from kpi.scoring.rules.ratios import Ratio
from kpi.scoring.scheme import Scheme

#: Code of the target, period, level.
Goal = tuple[str, str, str]
Grain = Literal["half", "quarter", "month"]

#: The periods of each grain, coarse first.
GRAINS: Mapping[Grain, tuple[str, ...]] = {
    "half": tuple(name for name in PERIODS if name.startswith("H")),
    "quarter": tuple(name for name in PERIODS if name.startswith("Q")),
    "month": tuple(name for name in PERIODS if name.startswith("M")),
}


def owed(scheme: Scheme, kind: str) -> tuple[Goal, ...]:
    """The targets without which an item of such a subject is undecided; those with a default are not owed."""
    found: dict[Goal, None] = {}
    for indicator in scheme.indicators_for(kind):
        found |= dict.fromkeys(indicator.uses().goals)
        if indicator.progress is not None:
            found[indicator.progress.target, YEAR, "base"] = None
    for gate in scheme.gates:
        if scheme.concerns(gate.applies_to, kind):
            found |= dict.fromkeys(gate.condition.uses().goals)
    return tuple(goal for goal in found if goal[0] in scheme.targets and not _has_default(scheme, goal))


def _has_default(scheme: Scheme, goal: Goal) -> bool:
    """A default is of the year's base target, and of its equal parts."""
    code, period, level = goal
    target = scheme.targets[code]
    return bool(target.default) and level == "base" and (period == YEAR or target.periods == "equal")


def missing(scheme: Scheme, goals: Sequence[Goal], held: Collection[Goal]) -> tuple[Goal, ...]:
    """Which of the goals nobody has set. An equal part of the year is missing when the year's target is."""
    found: dict[Goal, None] = {}
    for code, period, level in goals:
        whole = (code, YEAR, level)
        equal = period != YEAR and scheme.targets[code].periods == "equal"
        if (code, period, level) not in held and not (equal and whole in held):
            found[whole if equal else (code, period, level)] = None
    return tuple(found)


def measured_by(scheme: Scheme, code: str) -> tuple[tuple[str, str], ...]:
    """The measures that a target is held against, by indicator and code: as a bar shows it, else as a rule divides it."""
    for indicator in scheme.indicators:
        if indicator.progress is not None and indicator.progress.target == code:
            return ((indicator.code, indicator.progress.of),)
    for indicator in scheme.indicators:
        for part in parts_of_rule(indicator.rule):
            if isinstance(part, Ratio) and part.target == code:
                return tuple((indicator.code, name) for name in part.of)
    return ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A target and the sum of its parts that are not the same. `complete`: whether all parts have been set."""

    period: str
    grain: Grain
    amount: Decimal
    parts: Decimal
    complete: bool


def differences(amounts: Mapping[str, Decimal]) -> Iterator[Difference]:
    """Where halves, quarters or months do not add up to what they are parts of, or are already more than it.

    `amounts` are the targets of one subject, code and level by period.
    """
    for whole, amount in amounts.items():
        for grain in GRAINS:
            parts = parts_of(whole, grain)
            present = [amounts[part] for part in parts if part in amounts]
            added, complete = total(present), len(present) == len(parts)
            if present and (added > amount or (complete and added != amount)):
                yield Difference(whole, grain, amount, added, complete)


def parts_of(whole: str, grain: Grain) -> tuple[str, ...]:
    """The halves, quarters or months that a period is made of; none of a grain that is not finer."""
    inside = tuple(name for name in GRAINS[grain] if _lies_in(name, whole))
    return inside if len(inside) > 1 else ()


def _lies_in(part: str, whole: str) -> bool:
    inner, outer = MEASURED[part], MEASURED[whole]
    return outer.first <= inner.first and inner.last <= outer.last


def spread(amount: Decimal, weights: Sequence[Decimal], digits: int) -> list[Decimal]:
    """The amount in parts by weight, each with so many digits, which add up to it exactly.

    What is left after rounding down goes to the parts that lost most, the earlier first. Raises ValueError when the amount
    has more digits, or when no weight is above zero.
    """
    unit = Fraction(10) ** -digits
    whole = Fraction(amount) / unit
    wanted = [Fraction(weight) for weight in weights]
    every = sum(wanted)
    if amount == 0:
        return [Decimal(0)] * len(wanted)
    if whole.denominator != 1 or every <= 0 or min(wanted) < 0:
        raise ValueError(amount)
    exact = [whole * weight / every for weight in wanted]
    counts = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda place: (counts[place] - exact[place], place))
    for place in order[: int(whole) - sum(counts)]:
        counts[place] += 1
    return [Decimal(count).scaleb(-digits) for count in counts]


def spread_year(
    amount: Decimal, grains: Sequence[Grain], weights: Mapping[str, Decimal], digits: int
) -> dict[str, Decimal]:
    """A year's target spread over halves, quarters and months, as far as they are asked for.

    `weights` are those of the finest grain; a coarser part weighs what lies in it. Each part is spread over the next finer
    grain, so that months add up to their quarter and quarters to their half.
    """
    found: dict[str, Decimal] = {}
    wholes: dict[str, Decimal] = {YEAR: amount}
    for grain in [name for name in GRAINS if name in grains]:
        parts: dict[str, Decimal] = {}
        for whole, held in wholes.items():
            inside = [name for name in GRAINS[grain] if _lies_in(name, whole)]
            heavy = [
                total(weight for name, weight in weights.items() if _lies_in(name, one)) for one in inside
            ]
            parts |= dict(zip(inside, spread(held, heavy, digits), strict=True))
        found |= parts
        wholes = parts
    return found


def scaled(amounts: Mapping[str, Decimal], factor: Decimal, digits: int) -> dict[str, Decimal]:
    """The targets of a year times a factor, each with so many digits; parts that added up still do."""
    if factor == 1:
        return dict(amounts)
    found: dict[str, Decimal] = {}
    for period in sorted(amounts, key=lambda name: -MEASURED[name].part):
        if period not in found:
            found[period] = rounded(CONTEXT.multiply(amounts[period], factor), digits)
            _scale_parts(period, amounts, found, digits)
    return found


def _scale_parts(whole: str, amounts: Mapping[str, Decimal], found: dict[str, Decimal], digits: int) -> None:
    """Spread a scaled target over its next finer parts in the old proportion, where those were complete and added up."""
    for grain in GRAINS:
        parts = parts_of(whole, grain)
        held = [amounts[part] for part in parts if part in amounts]
        if parts and len(held) == len(parts) and total(held) == amounts[whole] and any(held):
            found.update(zip(parts, spread(found[whole], held, digits), strict=True))
            for part in parts:
                _scale_parts(part, amounts, found, digits)
            return


def digits_of(amount: Decimal) -> int:
    """How many digits after the point the amount needs."""
    exponent = amount.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
