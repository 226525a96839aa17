"""What a class of project must have passed before a milestone, and how its papers are judged. Pure: no database, no clock.

Gates (前置关口) are configuration: which class needs which of them before which milestone, from which day on. A milestone is
held to the requirements of the day on which it happened, so what was signed before a rule began is not touched by it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GateKind(TextChoices):
    """What can be asked for before a milestone (前置关口)."""

    ADMISSION = "admission", _("项目准入决定")
    DILIGENCE = "diligence", _("尽职调查")
    JOINT_REVIEW = "joint_review", _("联审会签")
    COACHING = "coaching", _("前置辅导")
    SPECIALISTS = "specialists", _("部门项目专员")


class Metric(TextChoices):
    """What an application for admission is measured by (准入指标)."""

    INVESTMENT_PER_MU = "investment_per_mu", _("投资强度（万元/亩）")
    TAX_PER_MU = "tax_per_mu", _("亩均税收（万元/亩）")
    ENERGY_PER_OUTPUT = "energy_per_output", _("单位产值能耗（吨标准煤/万元）")
    EMISSIONS_PER_OUTPUT = "emissions_per_output", _("单位产值碳排放（吨/万元）")
    JOBS = "jobs", _("带动就业（人）")


class Direction(TextChoices):
    """Which side of the threshold is good (方向)."""

    AT_LEAST = "at_least", _("不低于")
    AT_MOST = "at_most", _("不高于")


class Verdict(TextChoices):
    """Whether a criterion is met; without a figure nothing is claimed (达标情况)."""

    MET = "met", _("达标")
    NOT_MET = "not_met", _("未达标")
    NO_FIGURE = "no_figure", _("缺数据")


class Opinion(TextChoices):
    """What a department says in a joint review (会签意见)."""

    WAITING = "", _("待反馈")
    AGREE = "agree", _("同意")
    CONDITIONAL = "conditional", _("有条件同意")
    AGAINST = "against", _("不同意")
    ABSTAIN = "abstain", _("弃权")


@dataclass(frozen=True)
class Requirement:
    """One line of the configuration: the gate that a milestone needs, half-open [holds_from, holds_until)."""

    milestone: str
    gate: str
    holds_from: date
    holds_until: date | None = None
    stops_move: bool = False

    def holds_on(self, day: date) -> bool:
        return self.holds_from <= day and (self.holds_until is None or day < self.holds_until)


def gates_missing(
    requirements: Iterable[Requirement],
    *,
    milestone: str,
    day: date,
    passed: Collection[str],
    moving: bool = False,
) -> tuple[str, ...]:
    """The gates that a milestone of the day needs and that are not passed, in the order of `GateKind`.

    `moving` asks only for those that already stop the move; the others are told there and stop the recognition.
    """
    needed = {
        each.gate
        for each in requirements
        if each.milestone == milestone and each.holds_on(day) and (each.stops_move or not moving)
    }
    return tuple(gate for gate in GateKind.values if gate in needed and gate not in passed)


@dataclass(frozen=True)
class ProjectFigures:
    """What an applicant states; money in 元, land in 亩, energy in 吨标准煤 a year, emissions in 吨 a year."""

    investment: Decimal | None = None
    land_area: Decimal | None = None
    annual_output: Decimal | None = None
    annual_tax: Decimal | None = None
    annual_energy: Decimal | None = None
    annual_emissions: Decimal | None = None
    jobs: int | None = None


WAN = Decimal(10_000)
STEP = Decimal("0.0001")


def _ratio(value: Decimal | None, per: Decimal | None, scale: Decimal = Decimal(1)) -> Decimal | None:
    if value is None or not per:
        return None
    return (value / scale / per).quantize(STEP, rounding=ROUND_HALF_UP)


MEASURES: Mapping[str, Callable[[ProjectFigures], Decimal | None]] = {
    Metric.INVESTMENT_PER_MU: lambda f: _ratio(f.investment, f.land_area, WAN),
    Metric.TAX_PER_MU: lambda f: _ratio(f.annual_tax, f.land_area, WAN),
    Metric.ENERGY_PER_OUTPUT: lambda f: _ratio(f.annual_energy, f.annual_output and f.annual_output / WAN),
    Metric.EMISSIONS_PER_OUTPUT: lambda f: _ratio(
        f.annual_emissions, f.annual_output and f.annual_output / WAN
    ),
    Metric.JOBS: lambda f: None if f.jobs is None else Decimal(f.jobs),
}


@dataclass(frozen=True)
class Criterion:
    """A threshold of the class on the day."""

    metric: str
    direction: str
    threshold: Decimal


def judged(figure: Decimal | None, criterion: Criterion) -> Verdict:
    """Met, not met, or no figure; exactly the threshold is met in both directions."""
    if figure is None:
        return Verdict.NO_FIGURE
    good = (
        figure >= criterion.threshold
        if criterion.direction == Direction.AT_LEAST
        else figure <= criterion.threshold
    )
    return Verdict.MET if good else Verdict.NOT_MET


@dataclass(frozen=True)
class Rule:
    """How a joint review passes: `quorum` percent of the departments must have answered."""

    quorum: int = 100
    working_days: int = 10
    against_needs_override: bool = True


@dataclass(frozen=True)
class Tally:
    """The opinions of a round, counted."""

    total: int
    given: int
    against: int
    conditional: int

    @property
    def waiting(self) -> int:
        return self.total - self.given

    def reaches(self, quorum: int) -> bool:
        return self.total > 0 and self.given * 100 >= quorum * self.total


def tally(opinions: Collection[str]) -> Tally:
    """Count a round; an abstention is an answer."""
    given = [each for each in opinions if each]
    return Tally(
        total=len(opinions),
        given=len(given),
        against=given.count(Opinion.AGAINST),
        conditional=given.count(Opinion.CONDITIONAL),
    )
