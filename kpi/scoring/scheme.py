"""A scheme (年度考核实施细则) as frozen values; `document.parse_scheme` makes one from YAML or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from kpi.scoring.awarded import Award
from kpi.scoring.rounding import CONTEXT, Rounding, settled

if TYPE_CHECKING:
    from kpi.scoring.rules import Rule, Uses
    from kpi.scoring.rules.conditions import Condition

Aggregate = Literal["count", "sum", "count_projects", "tiers"]
Operator = Literal["eq", "ne", "in", "not_in", "gte", "gt", "lte", "lt", "on_list"]
ShareMode = Literal["amount", "points", "none"]
Once = Literal["no", "first", "highest"]
#: annual, elapsed, or a period such as Q1, H1, M03 (see `periods`).
Timing = str

#: What one unit of a measure is worth in 元, 美元, people or pieces: the measured field is divided by this.
UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1),
    "万元": Decimal(10) ** 4,
    "亿元": Decimal(10) ** 8,
    "美元": Decimal(1),
    "万美元": Decimal(10) ** 4,
    "亿美元": Decimal(10) ** 8,
    "个": Decimal(1),
    "项": Decimal(1),
    "次": Decimal(1),
    "家": Decimal(1),
    "人": Decimal(1),
    "万人": Decimal(10) ** 4,
}


def in_unit(amount: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The amount in another unit; None where one cannot be turned into the other. Without a unit it is the wanted one."""
    if unit in ("", wanted):
        return amount
    if unit not in UNITS or wanted not in UNITS or kind_of_unit(unit) != kind_of_unit(wanted):
        return None
    return CONTEXT.divide(CONTEXT.multiply(amount, UNITS[unit]), UNITS[wanted])


def kind_of_unit(unit: str) -> str:
    """What a unit is of: 美元, 元, people, or pieces."""
    return next((kind for kind in ("美元", "元", "人") if unit.endswith(kind)), "")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a fact. All filters of a measure must hold; an absent attribute fails every condition.

    `attribute` names an attribute of the fact, or `amount` (the measured field in the amount unit) or
    `on` (the day, ISO text). `value` is a tuple for the operator `in`. `reason` is the sentence shown for what
    does not pass; without one a sentence is made from the figures.
    """

    attribute: str
    operator: Operator
    value: str | Decimal | bool | tuple[str | Decimal | bool, ...]
    reason: str = ""
    versions: tuple[tuple[date, tuple[str, ...]], ...] = ()

    def members(self, on: date) -> tuple[str, ...] | None:
        """The list (名单) that holds on the day, for the operator `on_list`; None before the first version."""
        held = [members for starts, members in self.versions if starts <= on]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Band:
    """A band (档) of amounts in the measure's unit; `None` is an open end. 以上 includes the number.

    `includes_from` and `includes_to` say whether each end belongs to the band.
    """

    code: str
    title: str
    from_: Decimal | None
    to: Decimal | None
    includes_from: bool = True
    includes_to: bool = False

    def holds(self, amount: Decimal) -> bool:
        amount = settled(amount)
        above = self.from_ is None or amount > self.from_ or (self.includes_from and amount == self.from_)
        below = self.to is None or amount < self.to or (self.includes_to and amount == self.to)
        return above and below


@dataclass(frozen=True, slots=True)
class Measure:
    """What to count or sum over a subject's credit lines (度量), simple enough to be one SQL statement:

    1. lines whose fact is of one of `kinds` and whose role is one of `roles` (empty: any role);
    2. per subject and fact: share = the sum of these lines' shares (share mode `none`: 1); 0 does not count;
    3. amount = `field` of the fact ÷ `divisor`; share mode `amount` multiplies it by the share *before*
       anything else, so filters on `amount` and bands see the subject's own part;
    4. facts that pass all of `where`; `sum` and `tiers` need an amount, `tiers` one that lies in a band;
    5. `once`: per subject and project keep one fact only, the first (by day, then id) or the one with the
       highest amount (then by day and id); facts without a project are always kept; then `at_most` keeps
       the first n facts (by day, then id) of each month, quarter, half-year or year;
    6. aggregate: `count` Σ fact.count × weight, `sum` Σ amount × weight, `count_projects` Σ weight over
       distinct projects (implies `once: first` when `once` is `no`), `tiers` Σ weight per band.
       weight = the share in mode `points`, otherwise 1.

    Facts count from `begins` to `ends`: the scheme's year, or from `since`, which is the first day asked for where that lies
    before the year (`date.min`: every earlier day).
    `converted`: amounts in a currency count at the scheme's exchange rate.
    """

    code: str
    title: str
    kinds: tuple[str, ...]
    aggregate: Aggregate
    unit: str = "个"
    amount_unit: str = "亿元"
    field: str = "amount"
    where: tuple[Filter, ...] = ()
    roles: tuple[str, ...] = ()
    share_mode: ShareMode = "points"
    once: Once = "no"
    bands: tuple[Band, ...] = ()
    at_most: tuple[str, int] | None = None
    computed: "Rule | None" = None
    since: date | None = None
    begins: date = date.min
    ends: date = date.max
    converted: bool = False

    @property
    def given(self) -> bool:
        """Whether the value is reported from outside (填报) instead of being counted from facts."""
        return not self.kinds and self.computed is None

    @property
    def divisor(self) -> Decimal:
        """What one `amount_unit`, the unit of sums, bands and filters on amounts, is worth."""
        return UNITS.get(self.amount_unit, Decimal(1))

    @property
    def amount_word(self) -> str:
        """What the measured number is called in sentences."""
        return "人数" if self.field == "people" else "金额"


@dataclass(frozen=True, slots=True)
class Target:
    """A target (目标) the rules use by its code; the value of each subject is set outside the scheme.

    `default` is what holds for subjects without a value of their own, by category or (under "") for all.
    `periods`: whether quarters and months have targets of their own (`given`) or equal parts (`equal`).
    """

    code: str
    title: str
    unit: str = "个"
    default: Mapping[str, Decimal] = field(default_factory=dict)
    periods: Literal["given", "equal"] = "given"


@dataclass(frozen=True, slots=True)
class Cap:
    """The ceiling of one item (封顶): none, its full marks, a number, or a multiple of the full marks."""

    kind: Literal["none", "full_marks", "points", "multiple"]
    number: Decimal | None = None

    def limit(self, full_marks: Decimal | None) -> Decimal | None:
        """The ceiling in points, or None when there is none."""
        if self.kind == "full_marks":
            return full_marks
        if self.kind == "multiple" and full_marks is not None and self.number is not None:
            return full_marks * self.number
        return self.number if self.kind == "points" else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Which measure against which target the progress bar of an item shows, and awards ask about."""

    of: str
    target: str


#: What may happen to an item's points after its rule, each at most once, in the order a scheme gives.
ItemStep = Literal["cap", "weight", "bonus", "deduction", "veto"]
ITEM_STEPS: tuple[ItemStep, ...] = ("cap", "weight", "bonus", "deduction", "veto")


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决 of one item: its points when the condition holds, and the words that say so."""

    condition: "Condition"
    points: Decimal
    title: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One item of assessment (指标): measures, and the rule that turns them and the targets into points.

    `rounding` is its own where its published digits differ from those of the scheme. `weights` multiply its points,
    by category or (under "") for all; weight 0 is 不适用. `steps` is the order of what follows the rule.
    """

    code: str
    title: str
    clause: str
    measures: Mapping[str, Measure]
    rule: "Rule"
    full_marks: Decimal | None
    cap: Cap
    floor: Decimal | None
    applies_to: tuple[str, ...]
    progress: Progress | None = None
    report_only: bool = False
    order: int = 0
    rounding: Rounding | None = None
    section: str = ""
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    bonus: "Rule | None" = None
    deduction: "Rule | None" = None
    veto: Veto | None = None
    steps: tuple[ItemStep, ...] = ITEM_STEPS

    def uses(self) -> "Uses":
        """Everything the item refers to, through its computed measures too."""
        rules = [self.rule, self.bonus, self.deduction]
        found = [rule.uses() for rule in rules if rule is not None]
        if self.veto is not None:
            found.append(self.veto.condition.uses())
        whole, seen = found[0], set()
        for uses in found[1:]:
            whole += uses
        while waiting := [code for code in whole.measures if code not in seen]:
            seen.update(waiting)
            for code in dict.fromkeys(waiting):
                computed = self.measures[code].computed if code in self.measures else None
                if computed is not None:
                    whole += computed.uses()
        return whole


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects ranked against each other (分组), by their kinds, such as officer, task_force, stationed_team.

    `rank_by` is `total` or an indicator's code; `tie_breakers` are indicator codes, compared in turn.
    """

    code: str
    title: str
    subjects: tuple[str, ...]
    rank_by: str = "total"
    tie_breakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Indicators that share a weight (一级指标); the weights inside it add up to 100 %."""

    code: str
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次), best first: a least total, or the first so many places, or everybody else."""

    title: str
    from_: Decimal | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate, veto, card or grade override (门槛、一票否决、亮牌、晋档降等) that stands beside the score.

    When its condition holds it bars from the awards in `bars` ("all": from every one), shows a card, and moves
    the grade: `up` and `down` by so many places, `at_most`, `at_least` and `set` to a grade.
    """

    code: str
    title: str
    clause: str
    applies_to: tuple[str, ...]
    measures: Mapping[str, Measure]
    condition: "Condition"
    bars: tuple[str, ...] = ()
    card: str = ""
    move: tuple[Literal["up", "down", "at_most", "at_least", "set"], str] | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Which rate (汇率) turns foreign amounts into 元: one for the year, or that of the day of arrival."""

    rate: Literal["fixed", "day"]
    fixed: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme. `assumptions` lists what its author chose because the source gives no figure.

    `category_change` says what a change of category in mid-year means: the category `start`ed with, the one held
    `as_of` the day, or both by their days (`time_weighted`). `elapsed_by`: whether time is counted in days or months.
    """

    code: str
    title: str
    year: int
    holds_from: date
    rounding: Rounding
    indicators: tuple[Indicator, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    awards: tuple[Award, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sections: Mapping[str, Section] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    category_change: Literal["start", "as_of", "time_weighted"] = "as_of"
    grades: tuple[Grade, ...] = ()
    gates: tuple[Gate, ...] = ()
    exchange: Exchange | None = None
    elapsed_by: Literal["days", "months"] = "days"

    @property
    def owners(self) -> "tuple[Indicator | Gate, ...]":
        """Everything that has measures of its own; awards have theirs in a gate that stands for them."""
        return (*self.indicators, *self.gates, *(one.asks for one in self.awards if one.asks is not None))

    def weights_of(self, indicator: Indicator) -> Mapping[str, Decimal]:
        """The indicator's weights, those of its section included; empty when it has none."""
        section = self.sections.get(indicator.section)
        if section is None:
            return indicator.weights
        own = indicator.weights or {"": Decimal(1)}
        return {name: weight * section.weight for name, weight in own.items()}

    def concerns(self, applies_to: tuple[str, ...], subject_kind: str) -> bool:
        """Whether a list of groups and kinds includes subjects of this kind; an empty one includes all."""
        group = self.group_of(subject_kind)
        names = {subject_kind} | ({group.code} if group else set())
        return not applies_to or bool(names & set(applies_to))

    def group_of(self, subject_kind: str) -> Group | None:
        """The group in which subjects of this kind are ranked, if any."""
        return next(
            (group for group in self.groups.values() if subject_kind in group.subjects),
            None,
        )

    def indicators_for(self, subject_kind: str) -> tuple[Indicator, ...]:
        """The indicators that apply to subjects of this kind, in order."""
        return tuple(item for item in self.indicators if self.concerns(item.applies_to, subject_kind))
