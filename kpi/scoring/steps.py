"""Exact arithmetic that remembers how it was done.

A rule computes with these functions instead of with bare numbers; `explain` later renders the same tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from kpi.scoring.rounding import CONTEXT, Mode, plain, rounded, settled

Operation = Literal[
    "known",
    "percent",
    "sum",
    "difference",
    "product",
    "quotient",
    "cap",
    "floor",
    "whole",
    "band",
    "highest",
    "note",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One node: the value and how it came about. `words` is a name or a sentence part for the reader."""

    operation: Operation
    value: Decimal
    parts: tuple["Step", ...] = ()
    words: str = ""


def known(value: Decimal, words: str = "") -> Step:
    return Step("known", value, words=words)


def percent(value: Decimal, words: str = "") -> Step:
    """A number that readers expect as a percentage, such as a weight or a completion rate."""
    return Step("percent", value, words=words)


def add(parts: Sequence[Step]) -> Step:
    if len(parts) == 1:
        return parts[0]
    total = Decimal(0)
    for part in parts:
        total = CONTEXT.add(total, part.value)
    return Step("sum", total, tuple(parts))


def subtract(first: Step, rest: Sequence[Step]) -> Step:
    if not rest:
        return first
    left = first.value
    for part in rest:
        left = CONTEXT.subtract(left, part.value)
    return Step("difference", left, (first, *rest))


def multiply(*parts: Step) -> Step:
    product = Decimal(1)
    for part in parts:
        product = CONTEXT.multiply(product, part.value)
    return Step("product", product, parts)


def divide(top: Step, bottom: Step) -> Step:
    return Step("quotient", CONTEXT.divide(top.value, bottom.value), (top, bottom))


def at_most(step: Step, limit: Decimal | None) -> Step:
    """The step held to a ceiling (封顶); None is no ceiling."""
    if limit is None or step.value <= limit:
        return step
    return Step("cap", limit, (step,), f"封顶 {plain(limit)}")


def at_least(step: Step, limit: Decimal | None) -> Step:
    """The step held to a floor (保底); None is no floor."""
    if limit is None or step.value >= limit:
        return step
    return Step("floor", limit, (step,), f"保底 {plain(limit)}")


def whole(step: Step) -> Step:
    """Whole steps only: the part step is dropped (不足一档不计)."""
    down = settled(step.value).to_integral_value(rounding=ROUND_FLOOR)
    return step if down == settled(step.value) else Step("whole", down, (step,), f"取整 {plain(down)}")


def look_up(step: Step, points: Decimal, words: str) -> Step:
    """The points of the band in which the step's value lies; `words` names the band."""
    return Step("band", points, (step,), words)


def highest(parts: Sequence[Step]) -> Step:
    return parts[0] if len(parts) == 1 else Step("highest", max(part.value for part in parts), tuple(parts))


def lowest(parts: Sequence[Step]) -> Step:
    return (
        parts[0]
        if len(parts) == 1
        else Step("highest", min(part.value for part in parts), tuple(parts), "取低者")
    )


def note(step: Step, words: str) -> Step:
    """The step under a heading, such as the project or the condition it belongs to."""
    return Step("note", step.value, (step,), words)


def rounded_off(step: Step, digits: int, mode: Mode) -> Step:
    """The step rounded before it enters anything else."""
    value = rounded(step.value, digits, mode)
    return step if value == step.value else Step("whole", value, (step,), f"取舍 {plain(value)}")
