"""Rules that give a number as it is (数值): measures, ratios, quotients, other items, extrapolated samples, growth steps."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kpi.scoring.periods import Level
from kpi.scoring.rounding import Mode, settled
from kpi.scoring.rules.base import (
    CODE,
    NUMBER,
    POSITIVE,
    RULE,
    WORDS,
    Builder,
    Document,
    Inputs,
    NotApplicable,
    Rule,
    RuleKind,
    Undecided,
    Uses,
    all_uses,
    goal_uses,
    many,
    number,
    optional_number,
)
from kpi.scoring.rules.conditions import Amount
from kpi.scoring.rules.ratios import RATIO, ratio
from kpi.scoring.steps import (
    Step,
    at_most,
    divide,
    known,
    lowest,
    multiply,
    percent,
    rounded_off,
    subtract,
    whole,
)


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A target as a number."""

    target: str
    timing: str
    level: Level = "base"

    def compute(self, inputs: Inputs) -> Step:
        found = inputs.target(self.target, self.timing, self.level)
        return known(found, inputs.target_title(self.target))

    def uses(self) -> Uses:
        return goal_uses(self.target, self.timing, self.level)


@dataclass(frozen=True, slots=True)
class OfItem:
    """The points of another indicator of the same subject (另一项得分)."""

    code: str
    title: str

    def compute(self, inputs: Inputs) -> Step:
        if inputs.item is None:
            raise Undecided(f"另一项“{self.title}”的得分不可用。")
        return known(inputs.item(self.code).value, self.title)

    def uses(self) -> Uses:
        return Uses(items=(self.code,))


@dataclass(frozen=True, slots=True)
class Difference:
    """The first part minus all others."""

    parts: tuple[Rule, ...]

    def compute(self, inputs: Inputs) -> Step:
        first, *rest = [part.compute(inputs) for part in self.parts]
        return subtract(first, rest)

    def uses(self) -> Uses:
        return all_uses(self.parts)


@dataclass(frozen=True, slots=True)
class Quotient:
    """One part divided by another; by 0 is undecided."""

    part: Rule
    by: Rule

    def compute(self, inputs: Inputs) -> Step:
        below = self.by.compute(inputs)
        if settled(below.value) == 0:
            raise Undecided("除数为 0，细则未规定此种情形如何计分。")
        return divide(self.part.compute(inputs), below)

    def uses(self) -> Uses:
        return self.part.uses() + self.by.uses()


@dataclass(frozen=True, slots=True)
class Product:
    """Parts multiplied with each other."""

    parts: tuple[Rule, ...]

    def compute(self, inputs: Inputs) -> Step:
        return multiply(*(part.compute(inputs) for part in self.parts))

    def uses(self) -> Uses:
        return all_uses(self.parts)


@dataclass(frozen=True, slots=True)
class Lowest:
    """就低: the lowest of the parts only."""

    parts: tuple[Rule, ...]

    def compute(self, inputs: Inputs) -> Step:
        return lowest([part.compute(inputs) for part in self.parts])

    def uses(self) -> Uses:
        return all_uses(self.parts)


@dataclass(frozen=True, slots=True)
class RoundedOff:
    """A part rounded before it enters anything else (先取舍)."""

    part: Rule
    digits: int
    mode: Mode

    def compute(self, inputs: Inputs) -> Step:
        return rounded_off(self.part.compute(inputs), self.digits, self.mode)

    def uses(self) -> Uses:
        return self.part.uses()


@dataclass(frozen=True, slots=True)
class Sample:
    """抽查折算: what was reported × what the sample verified ÷ what the sample had reported."""

    reported: str
    verified: str
    sampled: str
    cap_ratio: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        sampled = inputs.figure(self.sampled)
        if settled(sampled.value) == 0:
            raise Undecided(f"“{inputs.title(self.sampled)}”为 0，没有抽查，无法折算。")
        found = at_most(divide(inputs.figure(self.verified), sampled), self.cap_ratio)
        return multiply(inputs.figure(self.reported), found)

    def uses(self) -> Uses:
        return Uses(measures=(self.reported, self.verified, self.sampled))


@dataclass(frozen=True, slots=True)
class PerStep:
    """每 s 加 q: points for each step of a measure or ratio beyond a start, whole or pro rata, up to a limit."""

    amount: Amount
    start: Decimal
    step: Decimal
    points: Decimal
    steps: Literal["whole", "pro_rata"]
    cap: Decimal | None
    floor_at_start: bool

    def compute(self, inputs: Inputs) -> Step:
        found = self.amount.compute(inputs)
        show = percent if self.amount.ratio.is_ratio else known
        distance = subtract(found, [show(self.start)]) if self.start else found
        if settled(distance.value) < 0 and self.floor_at_start:
            return multiply(found, known(Decimal(0), "未超过起点不计"))
        count = divide(distance, show(self.step))
        count = whole(count) if self.steps == "whole" else count
        return at_most(multiply(count, known(self.points)), self.cap)

    def uses(self) -> Uses:
        return self.amount.uses()


@dataclass(frozen=True, slots=True)
class NoConcern:
    """不适用: as a branch of a choice."""

    def compute(self, inputs: Inputs) -> Step:
        raise NotApplicable

    def uses(self) -> Uses:
        return Uses()


@dataclass(frozen=True, slots=True)
class Open:
    """未定: as a branch for what the published text does not provide for."""

    reason: str

    def compute(self, inputs: Inputs) -> Step:
        raise Undecided(self.reason)

    def uses(self) -> Uses:
        return Uses()


def parts_of(document: Document, build: Builder) -> tuple[Rule, ...]:
    return tuple(build(part) for part in document["parts"])


def _amount(document: Document, build: Builder) -> Amount:
    return Amount(ratio(document))


def _target(document: Document, build: Builder) -> TargetValue:
    return TargetValue(document["target"], document.get("timing", "annual"), document.get("level", "base"))


def _item(document: Document, build: Builder) -> OfItem:
    return OfItem(document["item"], document.get("title", document["item"]))


def _rounded(document: Document, build: Builder) -> RoundedOff:
    return RoundedOff(build(document["part"]), document["digits"], document.get("mode", "half_up"))


def _sample(document: Document, build: Builder) -> Sample:
    return Sample(
        reported=document["reported"],
        verified=document["verified"],
        sampled=document["sampled"],
        cap_ratio=optional_number(document.get("cap_ratio")),
    )


def _per_step(document: Document, build: Builder) -> PerStep:
    return PerStep(
        amount=Amount(ratio(document)),
        start=number(document.get("from", 0)),
        step=number(document["step"]),
        points=number(document["points"]),
        steps=document["steps"],
        cap=optional_number(document.get("cap")),
        floor_at_start=not document.get("negative", False),
    )


def _no_concern(document: Document, build: Builder) -> NoConcern:
    return NoConcern()


def _open(document: Document, build: Builder) -> Open:
    return Open(document["reason"])


PARTS: dict[str, Any] = {"parts": many(RULE, 2)}
MODES: dict[str, Any] = {"enum": ["half_up", "half_even", "up", "down"]}
DIGITS: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 12}

KINDS = (
    RuleKind("amount", "度量或比率的数值", RATIO, ("of",), _amount),
    RuleKind(
        "target",
        "目标的数值",
        {"target": CODE, "timing": RATIO["timing"], "level": RATIO["level"]},
        ("target",),
        _target,
    ),
    RuleKind("item", "另一项得分", {"item": CODE, "title": WORDS}, ("item",), _item),
    RuleKind("difference", "相减", PARTS, ("parts",), lambda d, b: Difference(parts_of(d, b))),
    RuleKind("product", "相乘", PARTS, ("parts",), lambda d, b: Product(parts_of(d, b))),
    RuleKind("lowest", "就低计分", PARTS, ("parts",), lambda d, b: Lowest(parts_of(d, b))),
    RuleKind(
        "quotient",
        "相除",
        {"part": RULE, "by": RULE},
        ("part", "by"),
        lambda d, b: Quotient(b(d["part"]), b(d["by"])),
    ),
    RuleKind(
        "rounded",
        "先取舍再计",
        {"part": RULE, "digits": DIGITS, "mode": MODES},
        ("part", "digits"),
        _rounded,
    ),
    RuleKind(
        "sample",
        "抽查折算",
        {"reported": CODE, "verified": CODE, "sampled": CODE, "cap_ratio": POSITIVE},
        ("reported", "verified", "sampled"),
        _sample,
    ),
    RuleKind(
        "per_step",
        "每满一档计分",
        {
            **RATIO,
            "from": NUMBER,
            "step": POSITIVE,
            "points": NUMBER,
            "steps": {"enum": ["whole", "pro_rata"]},
            "cap": NUMBER,
            "negative": {"type": "boolean"},
        },
        ("of", "step", "points", "steps"),
        _per_step,
    ),
    RuleKind("not_applicable", "不适用", {}, (), _no_concern),
    RuleKind("undecided", "未定", {"reason": WORDS}, ("reason",), _open),
)
