"""Counts, size bands and deductions (计件、分档、扣分), and looking a number up in bands (分段)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpi.scoring.periods import Level
from kpi.scoring.rules.base import (
    Builder,
    Document,
    Inputs,
    Rule,
    RuleKind,
    Undecided,
    Uses,
    goal_uses,
    number,
    optional_number,
)
from kpi.scoring.rules.conditions import Condition, condition
from kpi.scoring.rules.ratios import RATIO, Ratio, ratio
from kpi.scoring.scheme import Band, Timing
from kpi.scoring.steps import Step, add, at_least, at_most, known, look_up, multiply, subtract

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Term:
    """So many points each (每个 q 分); at most so many; capped in points; only those beyond a target."""

    of: str
    each: Decimal
    at_most: Decimal | None = None
    cap: Decimal | None = None
    beyond: str | None = None
    timing: Timing = "annual"
    level: Level = "base"

    def compute(self, inputs: Inputs) -> Step:
        count = inputs.named(self.of)
        if self.beyond is not None:
            goal = inputs.target(self.beyond, self.timing, self.level)
            count = at_least(subtract(count, [known(goal)]), ZERO)
        return at_most(multiply(at_most(count, self.at_most), known(self.each)), self.cap)

    def uses(self) -> Uses:
        asked = goal_uses(self.beyond, self.timing, self.level) if self.beyond else Uses()
        return Uses(measures=(self.of,)) + asked


@dataclass(frozen=True, slots=True)
class CountTimesPoints:
    """计件得分: Σ count × points each, on top of `base` points."""

    terms: tuple[Term, ...]
    base: Decimal = ZERO

    def compute(self, inputs: Inputs) -> Step:
        parts = [step for term in self.terms if (step := term.compute(inputs)).value]
        if self.base or not parts:
            return add([known(self.base, "基本分" if self.base else "无计分事项"), *parts])
        return add(parts)

    def uses(self) -> Uses:
        return sum((term.uses() for term in self.terms), Uses())


@dataclass(frozen=True, slots=True)
class BandPoints:
    """分档得分: the shared number in each size band × that band's points."""

    of: str
    points: Mapping[str, Decimal]

    def compute(self, inputs: Inputs) -> Step:
        inputs.measured(self.of)
        terms = [
            multiply(known(inputs.in_band(self.of, band), inputs.band_title(self.of, band)), known(points))
            for band, points in self.points.items()
            if inputs.in_band(self.of, band)
        ]
        return add(terms) if terms else known(ZERO, "无计分项目")

    def uses(self) -> Uses:
        return Uses(measures=(self.of,), bands=tuple((self.of, band) for band in self.points))


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One count (or one size band of it) against its target; each one missing costs points."""

    of: str
    target: str
    each: Decimal
    band: str | None = None
    surplus: Decimal = ZERO
    timing: Timing = "annual"
    level: Level = "base"

    def compute(self, inputs: Inputs) -> Step | None:
        """The deduction, negative for a rewarded surplus; None when nothing is missing."""
        wanted = inputs.target(self.target, self.timing, self.level)
        got = inputs.measured(self.of) if self.band is None else inputs.in_band(self.of, self.band)
        title = inputs.title(self.of) if self.band is None else inputs.band_title(self.of, self.band)
        missing = subtract(known(wanted, f"{title}目标"), [known(got, "完成")])
        if got < wanted:
            return multiply(missing, known(self.each))
        return multiply(missing, known(self.surplus)) if got > wanted and self.surplus else None

    def uses(self) -> Uses:
        bands = ((self.of, self.band),) if self.band else ()
        return Uses(measures=(self.of,), bands=bands) + goal_uses(self.target, self.timing, self.level)


@dataclass(frozen=True, slots=True)
class PointsMinusPerShortfall:
    """欠额扣分: full points, minus so many for each one missing. A surplus does not offset another gap."""

    points: Decimal
    terms: tuple[Shortfall, ...]
    most: Decimal | None = None

    def compute(self, inputs: Inputs) -> Step:
        deductions = [step for term in self.terms if (step := term.compute(inputs)) is not None]
        if not deductions:
            return known(self.points)
        return subtract(known(self.points), [at_most(add(deductions), self.most)])

    def uses(self) -> Uses:
        return sum((term.uses() for term in self.terms), Uses())


@dataclass(frozen=True, slots=True)
class PointsMinusPerEvent:
    """扣分项: points, or those of another rule, minus so many for each event."""

    start: Rule
    terms: tuple[Term, ...]
    most: Decimal | None = None

    def compute(self, inputs: Inputs) -> Step:
        deductions = [step for term in self.terms if (step := term.compute(inputs)).value]
        start = self.start.compute(inputs)
        if not deductions:
            return start
        if self.most is None:
            return subtract(start, deductions)
        return subtract(start, [at_most(add(deductions), self.most)])

    def uses(self) -> Uses:
        return sum((term.uses() for term in self.terms), self.start.uses())


@dataclass(frozen=True, slots=True)
class Bands:
    """分段得分: the points of the band in which a ratio or a measure lies; outside all bands undecided."""

    ratio: Ratio
    is_ratio: bool
    bands: tuple[tuple[Band, Decimal], ...]
    conditions: tuple[tuple[Condition, Decimal | None] | None, ...] = ()

    def compute(self, inputs: Inputs) -> Step:
        found = self.ratio.compute(inputs) if self.is_ratio else inputs.named(self.ratio.of[0])
        for index, (band, points) in enumerate(self.bands):
            if band.holds(found.value):
                return self._in(index, band, points, found, inputs)
        raise Undecided("该数值不在细则规定的任何一段之内，细则未规定如何计分；请核对分段。")

    def _in(self, index: int, band: Band, points: Decimal, found: Step, inputs: Inputs) -> Step:
        """The band's points, if its second condition holds; what else it says, or undecided."""
        second = self.conditions[index] if self.conditions else None
        if second is None or second[0].holds(inputs):
            return look_up(found, points, f"属“{band.title}”")
        if second[1] is None:
            raise Undecided(f"达到“{band.title}”但未满足该档的另一条件，细则未规定此种情形如何计分。")
        return look_up(found, second[1], f"属“{band.title}”但另一条件未满足")

    def uses(self) -> Uses:
        seconds = [second[0].uses() for second in self.conditions if second is not None]
        return sum(seconds, self.ratio.uses())


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed number of points, as a part of a sum."""

    points: Decimal

    def compute(self, inputs: Inputs) -> Step:
        return known(self.points)

    def uses(self) -> Uses:
        return Uses()


def _terms(document: Document) -> tuple[Term, ...]:
    return tuple(
        Term(
            of=entry["of"],
            each=number(entry["each"]),
            at_most=optional_number(entry.get("at_most")),
            cap=optional_number(entry.get("cap")),
            beyond=entry.get("beyond"),
            timing=entry.get("timing", "annual"),
            level=entry.get("level", "base"),
        )
        for entry in document["terms"]
    )


def _count(document: Document, build: Builder) -> CountTimesPoints:
    return CountTimesPoints(_terms(document), number(document.get("base", 0)))


def _tiers(document: Document, build: Builder) -> BandPoints:
    return BandPoints(document["of"], {band: number(points) for band, points in document["points"].items()})


def _shortfall(document: Document, build: Builder) -> PointsMinusPerShortfall:
    terms = tuple(
        Shortfall(
            of=entry["of"],
            target=entry["target"],
            each=number(entry["each"]),
            band=entry.get("band"),
            surplus=number(entry.get("surplus", 0)),
            timing=entry.get("timing", "annual"),
            level=entry.get("level", "base"),
        )
        for entry in document["terms"]
    )
    return PointsMinusPerShortfall(number(document["points"]), terms, optional_number(document.get("most")))


def _event(document: Document, build: Builder) -> PointsMinusPerEvent:
    start: Rule = build(document["part"]) if "part" in document else _fixed(document, build)
    return PointsMinusPerEvent(start, _terms(document), optional_number(document.get("most")))


def band(document: Document, title: str = "") -> Band:
    """A band of a document; ends are numbers or shares such as "50%"."""
    from_, to = optional_number(document.get("from")), optional_number(document.get("to"))
    return Band(
        code=document.get("code", ""),
        title=document.get("title") or title,
        from_=from_,
        to=to,
        includes_from=document.get("includes_from", True),
        includes_to=document.get("includes_to", False),
    )


def _bands(document: Document, build: Builder) -> Bands:
    return Bands(
        ratio=ratio(document),
        is_ratio="target" in document or "base" in document,
        bands=tuple((band(entry), number(entry["points"])) for entry in document["bands"]),
        conditions=tuple(_second(entry, build) for entry in document["bands"]),
    )


def _second(document: Document, build: Builder) -> tuple[Condition, Decimal | None] | None:
    """The second condition of a band, and the points when the band is reached without it."""
    if "if" not in document:
        return None
    return condition(document["if"], build), optional_number(document.get("otherwise"))


def _fixed(document: Document, build: Builder) -> Fixed:
    return Fixed(number(document.get("points", 0)))


TERM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["of", "each"],
    "properties": {
        "of": {"$ref": "#/$defs/code"},
        "each": {"$ref": "#/$defs/number"},
        "at_most": {"$ref": "#/$defs/positive"},
        "cap": {"$ref": "#/$defs/positive"},
        "beyond": {"$ref": "#/$defs/code"},
        "timing": RATIO["timing"],
        "level": RATIO["level"],
    },
}
MISSING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["of", "target", "each"],
    "properties": {
        "of": {"$ref": "#/$defs/code"},
        "band": {"$ref": "#/$defs/code"},
        "target": {"$ref": "#/$defs/code"},
        "each": {"$ref": "#/$defs/positive"},
        "surplus": {"$ref": "#/$defs/number"},
        "timing": RATIO["timing"],
        "level": RATIO["level"],
    },
}
ENDS: dict[str, Any] = {
    "title": {"type": "string"},
    "from": {"$ref": "#/$defs/number"},
    "to": {"$ref": "#/$defs/number"},
    "includes_from": {"type": "boolean"},
    "includes_to": {"type": "boolean"},
}
POINT_BAND: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "points"],
    "properties": {
        **ENDS,
        "points": {"$ref": "#/$defs/number"},
        "if": {"$ref": "#/$defs/condition"},
        "otherwise": {"$ref": "#/$defs/number"},
    },
}
NUMBER: dict[str, Any] = {"$ref": "#/$defs/number"}


def _many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": items}


KINDS = (
    RuleKind("count_times_points", "计件得分", {"terms": _many(TERM), "base": NUMBER}, ("terms",), _count),
    RuleKind(
        "tiers",
        "分档得分",
        {
            "of": {"$ref": "#/$defs/code"},
            "points": {"type": "object", "minProperties": 1, "additionalProperties": NUMBER},
        },
        ("of", "points"),
        _tiers,
    ),
    RuleKind(
        "points_minus_per_shortfall",
        "欠额扣分",
        {"points": NUMBER, "terms": _many(MISSING), "most": {"$ref": "#/$defs/positive"}},
        ("points", "terms"),
        _shortfall,
    ),
    RuleKind(
        "points_minus_per_event",
        "逐次扣分",
        {
            "points": NUMBER,
            "part": {"$ref": "#/$defs/rule"},
            "terms": _many(TERM),
            "most": {"$ref": "#/$defs/positive"},
        },
        ("terms",),
        _event,
    ),
    RuleKind("bands", "分段得分", {**RATIO, "bands": _many(POINT_BAND)}, ("of", "bands"), _bands),
    RuleKind("fixed", "固定分", {"points": NUMBER}, ("points",), _fixed),
)
