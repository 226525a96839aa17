"""Completion ratios (完成率): points in proportion, means, reported percentages, over-fulfilment."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kpi.scoring.periods import PERIODS, Level
from kpi.scoring.rounding import settled
from kpi.scoring.rules.base import (
    Builder,
    Document,
    Inputs,
    RuleKind,
    Undecided,
    Uses,
    goal_uses,
    number,
    optional_number,
)
from kpi.scoring.scheme import Timing
from kpi.scoring.steps import Step, add, at_least, at_most, divide, known, multiply, percent, subtract, whole

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Actual ÷ target, ÷ another measure (`base`), or a measure that is a ratio. Several `of` are summed."""

    of: tuple[str, ...]
    target: str | None = None
    base: str | None = None
    weight: Decimal = ONE
    cap: Decimal | None = None
    timing: Timing = "annual"
    growth: bool = False
    level: Level = "base"

    @property
    def is_ratio(self) -> bool:
        """Whether something is divided; otherwise the measure is itself the ratio, or a plain amount."""
        return self.target is not None or self.base is not None

    def compute(self, inputs: Inputs) -> Step:
        if not self.is_ratio:
            step = inputs.figure(self.of[0])
            return at_most(percent(step.value) if step.operation == "known" else step, self.cap)
        actual = add([inputs.figure(code) for code in self.of])
        below = self._denominator(inputs)
        if self.growth:
            if settled(below.value) < 0:
                raise Undecided("基数为负，增长率无意义；细则未规定此种情形如何计分。")
            actual = subtract(actual, [below])
        return at_most(divide(actual, below), self.cap)

    def _denominator(self, inputs: Inputs) -> Step:
        if self.target is not None and self.timing == "elapsed":
            annual = inputs.target(self.target, level=self.level)
            inputs.target(self.target, "elapsed", self.level)
            return multiply(known(annual), percent(inputs.elapsed, "时序"))
        if self.target is not None:
            return known(inputs.target(self.target, self.timing, self.level))
        base = inputs.figure(self.base or "")
        if settled(base.value) == 0:
            raise Undecided(
                f"“{inputs.title(self.base or '')}”为 0，比率无意义；细则未规定此种情形如何计分。"
            )
        return base

    def uses(self) -> Uses:
        asked = goal_uses(self.target, self.timing, self.level) if self.target else Uses()
        return Uses(measures=self.of + ((self.base,) if self.base else ())) + asked


def ratio(document: Document) -> Ratio:
    of = document["of"]
    return Ratio(
        of=(of,) if isinstance(of, str) else tuple(of),
        target=document.get("target"),
        base=document.get("base"),
        weight=number(document.get("weight", 1)),
        cap=optional_number(document.get("cap_ratio")),
        timing=document.get("timing", "annual"),
        growth=document.get("growth", False),
        level=document.get("level", "base"),
    )


RATIO: dict[str, Any] = {
    "of": {"$ref": "#/$defs/codes"},
    "target": {"$ref": "#/$defs/code"},
    "base": {"$ref": "#/$defs/code"},
    "cap_ratio": {"$ref": "#/$defs/positive"},
    "timing": {"enum": ["annual", "elapsed", *PERIODS]},
    "growth": {"type": "boolean"},
    "level": {"enum": ["base", "stretch"]},
}


@dataclass(frozen=True, slots=True)
class RatioTimesPoints:
    """按完成率得分: completion × points."""

    ratio: Ratio
    points: Decimal

    def compute(self, inputs: Inputs) -> Step:
        return multiply(self.ratio.compute(inputs), known(self.points))

    def uses(self) -> Uses:
        return self.ratio.uses()


@dataclass(frozen=True, slots=True)
class MeanOfRatiosTimesPoints:
    """Weighted mean of several completion ratios × points."""

    ratios: tuple[Ratio, ...]
    points: Decimal

    def compute(self, inputs: Inputs) -> Step:
        terms = [multiply(entry.compute(inputs), percent(entry.weight)) for entry in self.ratios]
        return multiply(add(terms), known(self.points))

    def uses(self) -> Uses:
        return sum((entry.uses() for entry in self.ratios), Uses())


@dataclass(frozen=True, slots=True)
class RatePercent:
    """A completion rate in percent, for bulletins: 120.44÷132.63×100 = 90.8. Reported, not scored."""

    ratio: Ratio

    def compute(self, inputs: Inputs) -> Step:
        return multiply(self.ratio.compute(inputs), known(Decimal(100)))

    def uses(self) -> Uses:
        return self.ratio.uses()


@dataclass(frozen=True, slots=True)
class Slope:
    """So many points for each step over or under the target, in whole steps or pro rata, up to a limit."""

    step: Decimal
    points: Decimal
    steps: Literal["whole", "pro_rata"]
    limit: Decimal | None

    def compute(self, distance: Step) -> Step:
        count = divide(distance, percent(self.step))
        return at_most(
            multiply(whole(count) if self.steps == "whole" else count, known(self.points)), self.limit
        )


@dataclass(frozen=True, slots=True)
class OverFulfilment:
    """超额加分: full points at the target, a bonus for each step above it, and a rule for the shortfall.

    `shortfall` None: points in proportion to completion; `zero`: nothing; otherwise minus per step.
    """

    ratio: Ratio
    points: Decimal
    bonus: Slope
    shortfall: Slope | Literal["proportional", "zero"]

    def compute(self, inputs: Inputs) -> Step:
        completion = self.ratio.compute(inputs)
        full = known(self.points)
        if settled(completion.value) >= ONE:
            over = subtract(completion, [percent(ONE)])
            return add([full, self.bonus.compute(over)]) if over.value else multiply(completion, full)
        if self.shortfall == "proportional":
            return multiply(completion, full)
        if self.shortfall == "zero":
            return multiply(completion, full, known(Decimal(0), "未完成不得分"))
        return subtract(full, [self.shortfall.compute(subtract(percent(ONE), [completion]))])

    def uses(self) -> Uses:
        return self.ratio.uses()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of completion with its own slope: points per percentage point; None is an open end."""

    from_: Decimal | None
    to: Decimal | None
    each: Decimal


@dataclass(frozen=True, slots=True)
class PiecewiseMarginal:
    """分段累进: from 100 %, each percentage point counts at the slope of the stretch it lies in."""

    ratio: Ratio
    points: Decimal
    segments: tuple[Segment, ...]
    most: Decimal | None
    least: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        completion = self.ratio.compute(inputs)
        terms = [self._term(segment, completion) for segment in self.segments]
        reached = [term for term in terms if term is not None]
        if not reached:
            return add([known(self.points)])
        return add([known(self.points), at_least(at_most(add(reached), self.most), self.least)])

    def _term(self, segment: Segment, completion: Step) -> Step | None:
        """Points of the part of the way from 100 % to the completion that lies in the segment."""
        lower = max(segment.from_, ONE) if segment.from_ is not None else ONE
        upper = min(segment.to, ONE) if segment.to is not None else ONE
        hundred = known(Decimal(100))
        if completion.value > lower and (segment.to is None or segment.to > ONE):
            end = completion if segment.to is None or completion.value <= segment.to else percent(segment.to)
            return multiply(subtract(end, [percent(lower)]), hundred, known(segment.each))
        if completion.value < upper and (segment.from_ is None or segment.from_ < ONE):
            start = completion
            if segment.from_ is not None and completion.value < segment.from_:
                start = percent(segment.from_)
            return multiply(subtract(percent(upper), [start]), hundred, known(segment.each))
        return None

    def uses(self) -> Uses:
        return self.ratio.uses()


def _ratio_times_points(document: Document, build: Builder) -> RatioTimesPoints:
    return RatioTimesPoints(ratio(document), number(document["points"]))


def _mean_of_ratios(document: Document, build: Builder) -> MeanOfRatiosTimesPoints:
    return MeanOfRatiosTimesPoints(
        tuple(ratio(entry) for entry in document["ratios"]), number(document["points"])
    )


def _rate_percent(document: Document, build: Builder) -> RatePercent:
    return RatePercent(ratio(document))


def _slope(document: Document) -> Slope:
    return Slope(
        step=number(document["step"]),
        points=number(document["points"]),
        steps=document["steps"],
        limit=optional_number(document.get("cap")),
    )


def _over_fulfilment(document: Document, build: Builder) -> OverFulfilment:
    shortfall = document["shortfall"]
    return OverFulfilment(
        ratio=ratio(document),
        points=number(document["points"]),
        bonus=_slope(document["bonus"]),
        shortfall=shortfall if isinstance(shortfall, str) else _slope(shortfall),  # type: ignore[arg-type]
    )


def _piecewise(document: Document, build: Builder) -> PiecewiseMarginal:
    segments = tuple(
        Segment(optional_number(entry.get("from")), optional_number(entry.get("to")), number(entry["each"]))
        for entry in document["segments"]
    )
    most, least = optional_number(document.get("bonus_cap")), optional_number(document.get("bonus_floor"))
    return PiecewiseMarginal(ratio(document), number(document["points"]), segments, most, least)


POINTS: dict[str, Any] = {"points": {"$ref": "#/$defs/number"}}
SLOPE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["step", "points", "steps"],
    "properties": {
        "step": {"$ref": "#/$defs/positive"},
        "points": {"$ref": "#/$defs/number"},
        "steps": {"enum": ["whole", "pro_rata"]},
        "cap": {"$ref": "#/$defs/number"},
    },
}
WEIGHTED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["of", "weight"],
    "properties": {**RATIO, "weight": {"$ref": "#/$defs/positive"}},
}
SEGMENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["each"],
    "properties": {name: {"$ref": "#/$defs/number"} for name in ("from", "to", "each")},
}

KINDS = (
    RuleKind(
        "ratio_times_points", "按完成率得分", {**RATIO, **POINTS}, ("of", "points"), _ratio_times_points
    ),
    RuleKind(
        "mean_of_ratios_times_points",
        "按多项完成率加权平均得分",
        {"ratios": {"type": "array", "minItems": 1, "items": WEIGHTED}, **POINTS},
        ("ratios", "points"),
        _mean_of_ratios,
    ),
    RuleKind("rate_percent", "通报完成率（%）", RATIO, ("of",), _rate_percent),
    RuleKind(
        "over_fulfilment",
        "超额加分、欠额扣分",
        {
            **RATIO,
            **POINTS,
            "bonus": SLOPE,
            "shortfall": {
                "if": {"type": "string"},
                "then": {"enum": ["proportional", "zero"]},
                "else": SLOPE,
            },
        },
        ("of", "points", "bonus", "shortfall"),
        _over_fulfilment,
    ),
    RuleKind(
        "piecewise_marginal",
        "分段累进加减分",
        {
            **RATIO,
            **POINTS,
            "segments": {"type": "array", "minItems": 1, "items": SEGMENT},
            "bonus_cap": {"$ref": "#/$defs/number"},
            "bonus_floor": {"$ref": "#/$defs/number"},
        },
        ("of", "points", "segments"),
        _piecewise,
    ),
)
