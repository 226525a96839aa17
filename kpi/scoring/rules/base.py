"""What every rule kind has in common: its inputs, its shape in a document, and saying “undecided”."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from kpi.scoring.facts import MeasureValue
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure, Target, Timing
from kpi.scoring.steps import Step, known


class Undecided(Exception):
    """The rule does not say (no target, target 0, missing input). Holds a sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a rule may read: measures of one indicator, the subject's targets, the elapsed part of the year."""

    values: Mapping[str, MeasureValue]
    targets: Mapping[str, Decimal | None]
    elapsed: Decimal
    measures: Mapping[str, Measure]
    target_list: Mapping[str, Target]

    def measured(self, code: str) -> Decimal:
        return self._value(code).value

    def in_band(self, code: str, band: str) -> Decimal:
        return self._value(code).bands.get(band, Decimal(0))

    def target(self, code: str, timing: Timing = "annual") -> Decimal:
        """The target, or its time-proportional part. Raises Undecided when it is missing or zero."""
        amount = self.targets.get(code)
        title = self.target_title(code)
        if amount is None:
            raise Undecided(f"未下达目标“{title}”，本项无法计算；请先录入目标。")
        if amount == 0:
            raise Undecided(f"目标“{title}”为 0，完成率无意义；请核对目标或改为不适用。")
        if timing == "annual":
            return amount
        if self.elapsed == 0:
            raise Undecided(f"年度刚开始，目标“{title}”的时序进度为 0，本项暂无法计算。")
        return CONTEXT.multiply(amount, self.elapsed)

    def title(self, code: str) -> str:
        return self.measures[code].title if code in self.measures else code

    def band_title(self, code: str, band: str) -> str:
        bands = self.measures[code].bands if code in self.measures else ()
        return next((entry.title for entry in bands if entry.code == band), band)

    def target_title(self, code: str) -> str:
        return self.target_list[code].title if code in self.target_list else code

    def named(self, code: str) -> Step:
        """The measure as a step that carries its Chinese name."""
        return known(self.measured(code), self.title(code))

    def _value(self, code: str) -> MeasureValue:
        if code not in self.values:
            raise Undecided(f"缺少“{self.title(code)}”的数据，本项无法计算；请补录。")
        return self.values[code]


@dataclass(frozen=True, slots=True)
class Uses:
    """The names a rule refers to, so that a scheme is checked before anything is computed."""

    measures: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    bands: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Uses") -> "Uses":
        return Uses(
            self.measures + other.measures,
            self.targets + other.targets,
            self.bands + other.bands,
        )


class Rule(Protocol):
    """A rule: pure, frozen, and explained by the steps it returns."""

    def compute(self, inputs: Inputs) -> Step:
        """The points. Raises Undecided when the rule does not say."""
        ...

    def uses(self) -> Uses:
        """The measures, targets and bands the rule refers to."""
        ...


Document = Mapping[str, Any]
Builder = Callable[[Document], Rule]


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A kind of rule: its name, the JSON schema of its parameters, and how a document becomes a rule."""

    name: str
    title: str
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    build: Callable[[Document, Builder], Rule]


def number(value: Any) -> Decimal:
    """A number of a document: 0.5, or a share written as "10%" or "6‰"."""
    text = str(value)
    if text.endswith("%"):
        return CONTEXT.divide(Decimal(text[:-1]), Decimal(100))
    if text.endswith("‰"):
        return CONTEXT.divide(Decimal(text[:-1]), Decimal(1000))
    return Decimal(text)


def optional_number(value: Any) -> Decimal | None:
    return None if value is None else number(value)
