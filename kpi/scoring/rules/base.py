"""What every rule kind has in common: its inputs, its shape in a document, and saying “undecided”."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from kpi.scoring.facts import Ballot, Choice, MeasureValue
from kpi.scoring.periods import PERIODS, YEAR, Level, target_key
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure, Target, Timing
from kpi.scoring.steps import Step, add, known


class Undecided(Exception):
    """The rule does not say (no target, target 0, missing input). Holds a sentence for the reader."""


class NotApplicable(Exception):
    """The rule says that the item does not concern this subject (weight 0, another category)."""


class Peers(Protocol):
    """The frozen group a relative rule compares with."""

    def values(self, rule: "Rule") -> Mapping[str, Decimal | None]:
        """What the rule gives each member, by its code; None: undecided. Members it does not concern are absent."""
        ...


Projects = Callable[[], Mapping[str, Mapping[str, MeasureValue]]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a rule may read: measures of one indicator, the subject's targets, the elapsed part of the year.

    `projects` gives the measures project by project; `ballots` and `choices` what people decided, by their codes;
    `categories` the subject's categories with the part of the year that counts for each; `peers` its frozen
    group; `item` the points of another indicator; `names` the names of projects and categories, for sentences. What is absent makes the rule that needs it undecided.
    """

    values: Mapping[str, MeasureValue]
    targets: Mapping[str, Decimal | None]
    elapsed: Decimal
    measures: Mapping[str, Measure]
    target_list: Mapping[str, Target]
    subject: str = ""
    projects: Projects | None = None
    ballots: Mapping[str, Sequence[Ballot]] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    categories: tuple[tuple[str, Decimal], ...] = ()
    peers: Peers | None = None
    item: Callable[[str], Step] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def measured(self, code: str) -> Decimal:
        return self.figure(code).value

    def figure(self, code: str) -> Step:
        """The measure as a step without a name; a computed one shows how it came about."""
        rule = self.measures[code].computed if code in self.measures else None
        if rule is not None and code not in self.values:
            return rule.compute(self)
        return known(self._value(code).value)

    def in_band(self, code: str, band: str) -> Decimal:
        return self._value(code).bands.get(band, Decimal(0))

    def target(self, code: str, timing: Timing = "annual", level: Level = "base") -> Decimal:
        """The target, or the part of it that the timing asks for. Raises Undecided when it is missing or zero."""
        title = self.target_title(code)
        if timing in PERIODS:
            return self._period_target(code, title, timing, level)
        amount = self.targets.get(target_key(code, level=level))
        if amount is None:
            which = f"“{title}”的加压目标" if level == "stretch" else f"目标“{title}”"
            raise Undecided(f"未下达{which}，本项无法计算；请先录入目标。")
        if amount == 0:
            which = f"“{title}”的加压目标" if level == "stretch" else f"目标“{title}”"
            raise Undecided(f"{which}为 0，完成率无意义；请核对目标或改为不适用。")
        if timing == "annual":
            return amount
        if self.elapsed == 0:
            raise Undecided(f"年度刚开始，目标“{title}”的时序进度为 0，本项暂无法计算。")
        return CONTEXT.multiply(amount, self.elapsed)

    def _period_target(self, code: str, title: str, timing: Timing, level: Level) -> Decimal:
        """The target of a quarter, half-year or month: as set, or an equal part where the scheme says so."""
        period = PERIODS[timing]
        amount = self.targets.get(target_key(code, timing, level))
        known_target = self.target_list.get(code)
        if amount is None and known_target is not None and known_target.periods == "equal":
            return CONTEXT.multiply(self.target(code, level=level), period.part)
        which = f"目标“{title}”的{period.title}{'加压' if level == 'stretch' else ''}目标"
        if amount is None:
            raise Undecided(f"未下达{which}，本项无法计算；请先录入。")
        if amount == 0:
            raise Undecided(f"{which}为 0，完成率无意义；请核对。")
        return amount

    def title(self, code: str) -> str:
        return self.measures[code].title if code in self.measures else code

    def band_title(self, code: str, band: str) -> str:
        bands = self.measures[code].bands if code in self.measures else ()
        return next((entry.title for entry in bands if entry.code == band), band)

    def target_title(self, code: str) -> str:
        return self.target_list[code].title if code in self.target_list else code

    def named(self, code: str) -> Step:
        """The measure as a step that carries its Chinese name."""
        step = self.figure(code)
        return known(step.value, self.title(code)) if step.operation == "known" and not step.words else step

    def _value(self, code: str) -> MeasureValue:
        if code not in self.values:
            raise Undecided(f"缺少“{self.title(code)}”的数据，本项无法计算；请补录。")
        return self.values[code]


@dataclass(frozen=True, slots=True)
class Uses:
    """The names a rule refers to, so that a scheme is checked before anything is computed.

    `relative` and `per_project` say what else the rule needs: the peer group, the projects one by one.
    `goals` are the targets it asks for by code, period and level (base or stretch).
    """

    measures: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    bands: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    goals: tuple[tuple[str, str, Level], ...] = ()
    relative: bool = False
    per_project: bool = False

    def __add__(self, other: "Uses") -> "Uses":
        return Uses(
            measures=self.measures + other.measures,
            targets=self.targets + other.targets,
            bands=self.bands + other.bands,
            items=self.items + other.items,
            ratings=self.ratings + other.ratings,
            choices=self.choices + other.choices,
            categories=self.categories + other.categories,
            goals=self.goals + other.goals,
            relative=self.relative or other.relative,
            per_project=self.per_project or other.per_project,
        )


def goal_uses(code: str, timing: Timing = "annual", level: Level = "base") -> Uses:
    """That a rule asks for a target; the elapsed part of the year is part of the year's target."""
    return Uses(targets=(code,), goals=((code, timing if timing in PERIODS else YEAR, level),))


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


def all_uses(parts: Sequence[Rule]) -> Uses:
    """What several rules refer to."""
    return sum((part.uses() for part in parts), Uses())


def total(parts: Sequence[Step]) -> Step:
    """The sum of steps, 0 of none."""
    return add(parts) if parts else known(Decimal(0))


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


#: Parts of the JSON schema that several kinds share.
NUMBER: dict[str, Any] = {"$ref": "#/$defs/number"}
POSITIVE: dict[str, Any] = {"$ref": "#/$defs/positive"}
CODE: dict[str, Any] = {"$ref": "#/$defs/code"}
RULE: dict[str, Any] = {"$ref": "#/$defs/rule"}
CONDITION: dict[str, Any] = {"$ref": "#/$defs/condition"}
WORDS: dict[str, Any] = {"type": "string", "minLength": 1}


def many(items: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "items": items}


def entry(properties: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    """A mapping with these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": dict(properties),
    }
