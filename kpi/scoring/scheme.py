"""A scheme (年度考核实施细则) as frozen values; `document.parse_scheme` makes one from YAML or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from kpi.scoring.rounding import Rounding

if TYPE_CHECKING:
    from kpi.scoring.rules import Rule

Aggregate = Literal["count", "sum", "count_projects", "tiers"]
Operator = Literal["eq", "in", "gte", "gt", "lte", "lt"]
ShareMode = Literal["amount", "points", "none"]
Once = Literal["no", "first", "highest"]
Timing = Literal["annual", "elapsed"]

#: What one unit of a measure is worth in 元, 美元 or pieces: the measured field is divided by this.
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
}


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
       highest amount (then by day and id); facts without a project are always kept;
    6. aggregate: `count` Σ fact.count × weight, `sum` Σ amount × weight, `count_projects` Σ weight over
       distinct projects (implies `once: first` when `once` is `no`), `tiers` Σ weight per band.
       weight = the share in mode `points`, otherwise 1.
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

    @property
    def given(self) -> bool:
        """Whether the value is reported from outside (填报) instead of being counted from facts."""
        return not self.kinds

    @property
    def divisor(self) -> Decimal:
        """What one `amount_unit`, the unit of sums, bands and filters on amounts, is worth."""
        return UNITS.get(self.amount_unit, Decimal(1))


@dataclass(frozen=True, slots=True)
class Target:
    """A target (目标) the rules use by its code; the value of each subject is set outside the scheme."""

    code: str
    title: str
    unit: str = "个"


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


@dataclass(frozen=True, slots=True)
class Indicator:
    """One item of assessment (指标): measures, and the rule that turns them and the targets into points.

    `rounding` is its own where its published digits differ from those of the scheme.
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
class TargetMissed:
    """When a target is missed (没有完成任务): completion of any / all of these items below 100 %.

    `timing` says whether completion is measured against the year's target or its time-proportional part.
    """

    indicators: tuple[str, ...]
    when: Literal["any", "all"]
    timing: Timing


@dataclass(frozen=True, slots=True)
class Award:
    """An award or a notice (奖项、提示): the first or last `places` of a group, perhaps on a condition.

    `warning` marks what nobody wants to get (警示类), such as the snail award or a notice to the last two.
    """

    code: str
    title: str
    group: str
    end: Literal["first", "last"]
    places: int
    clause: str = ""
    warning: bool = False
    condition: TargetMissed | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme. `assumptions` lists what its author chose because the source gives no figure."""

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

    def group_of(self, subject_kind: str) -> Group | None:
        """The group in which subjects of this kind are ranked, if any."""
        return next(
            (group for group in self.groups.values() if subject_kind in group.subjects),
            None,
        )

    def indicators_for(self, subject_kind: str) -> tuple[Indicator, ...]:
        """The indicators that apply to subjects of this kind, in order."""
        group = self.group_of(subject_kind)
        names = {subject_kind} | ({group.code} if group else set())
        return tuple(item for item in self.indicators if not item.applies_to or names & set(item.applies_to))
