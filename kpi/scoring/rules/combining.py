"""Rules made of rules: sums of parts, the highest part, a part times a factor, a part held between limits."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpi.scoring.rules.base import Builder, Document, Inputs, Rule, RuleKind, Uses, number, optional_number
from kpi.scoring.steps import Step, add, at_least, at_most, highest, known, multiply, percent


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of the parts."""

    parts: tuple[Rule, ...]

    def compute(self, inputs: Inputs) -> Step:
        steps = [part.compute(inputs) for part in self.parts]
        telling = [step for step in steps if step.operation != "known" or step.value]
        return add(telling or steps[:1])

    def uses(self) -> Uses:
        return sum((part.uses() for part in self.parts), Uses())


@dataclass(frozen=True, slots=True)
class Highest:
    """就高: the highest of the parts only."""

    parts: tuple[Rule, ...]

    def compute(self, inputs: Inputs) -> Step:
        return highest([part.compute(inputs) for part in self.parts])

    def uses(self) -> Uses:
        return sum((part.uses() for part in self.parts), Uses())


@dataclass(frozen=True, slots=True)
class Times:
    """A part times a factor: nested weights (折算)."""

    part: Rule
    factor: Decimal

    def compute(self, inputs: Inputs) -> Step:
        factor = percent(self.factor) if self.factor <= 1 else known(self.factor)
        return multiply(self.part.compute(inputs), factor)

    def uses(self) -> Uses:
        return self.part.uses()


@dataclass(frozen=True, slots=True)
class Limited:
    """A part held to a ceiling and a floor before it enters anything else."""

    part: Rule
    cap: Decimal | None
    floor: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        return at_least(at_most(self.part.compute(inputs), self.cap), self.floor)

    def uses(self) -> Uses:
        return self.part.uses()


def _parts(document: Document, build: Builder) -> tuple[Rule, ...]:
    return tuple(build(part) for part in document["parts"])


def _sum(document: Document, build: Builder) -> Sum:
    return Sum(_parts(document, build))


def _highest(document: Document, build: Builder) -> Highest:
    return Highest(_parts(document, build))


def _times(document: Document, build: Builder) -> Times:
    return Times(build(document["part"]), number(document["factor"]))


def _limited(document: Document, build: Builder) -> Limited:
    cap, floor = optional_number(document.get("cap")), optional_number(document.get("floor"))
    return Limited(build(document["part"]), cap, floor)


NUMBER: dict[str, Any] = {"$ref": "#/$defs/number"}
RULE: dict[str, Any] = {"$ref": "#/$defs/rule"}
PARTS: dict[str, Any] = {"parts": {"type": "array", "minItems": 1, "items": RULE}}

KINDS = (
    RuleKind("sum", "各部分相加", PARTS, ("parts",), _sum),
    RuleKind("highest", "就高计分", PARTS, ("parts",), _highest),
    RuleKind("times", "乘以系数", {"part": RULE, "factor": NUMBER}, ("part", "factor"), _times),
    RuleKind(
        "limited", "部分封顶、保底", {"part": RULE, "cap": NUMBER, "floor": NUMBER}, ("part",), _limited
    ),
)
