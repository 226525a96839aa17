"""Team bonuses: the standard of a day, what each phase stands on, the plan in force, what is due, paid and still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kpi.access.bonus import bonus_candidates_visible_to, bonuses_visible_to
from kpi.bonus_arithmetic import suggested
from kpi.models import (
    BonusLine,
    BonusPart,
    BonusPhase,
    BonusPlan,
    BonusRate,
    BonusShare,
    BonusState,
    PlanState,
    ShareAnswer,
    TeamBonus,
)
from projects.models import Achievement, CreditShare, KeyProjectRecognition, KeyState, Recognition
from projects.queries.gates import holding
from promotion.errors import NotFound
from promotion.web.formats import day
from staff.models import Account, Person

MONEY: DecimalField = DecimalField(max_digits=18, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)
#: While the recognition is so, its bonus holds: a higher class took its place, or it is as it was.
HOLDS = (KeyState.RECOGNISED, KeyState.REPLACED)
IN_COURSE = (PlanState.OPEN, PlanState.SUBMITTED)


def rate_on(project_class: str, on: date) -> BonusRate | None:
    """The standard of the class on the day."""
    return (
        BonusRate.objects.filter(holding(on), project_class=project_class).prefetch_related("phases").first()
    )


@dataclass(frozen=True)
class PhaseStanding:
    """Whether a phase is reached today, since when, and by what it is or is not."""

    phase: BonusPhase
    is_reached: bool
    reached_on: date | None
    words: str


def phase_standings(bonus: TeamBonus) -> list[PhaseStanding]:
    """Every phase of a bonus with what it stands on today; three queries."""
    recognition = KeyProjectRecognition.objects.get(pk=bonus.recognition_id)
    facts = Achievement.objects.filter(project=bonus.project_id).order_by("pk")
    latest: dict[str, Achievement] = {}
    for fact in facts.filter(state__in=(Recognition.RECOGNISED, Recognition.REVERSED)):
        if fact.state == Recognition.RECOGNISED or fact.kind not in latest:
            latest[fact.kind] = fact
    return [
        _standing(phase, latest.get(phase.milestone), recognition)
        for phase in bonus.phases.order_by("position")
    ]


def _standing(
    phase: BonusPhase, fact: Achievement | None, recognition: KeyProjectRecognition
) -> PhaseStanding:
    label = phase.get_milestone_display()
    if recognition.state not in HOLDS:
        return PhaseStanding(
            phase, False, None, _("重大项目认定%(state)s") % {"state": recognition.get_state_display()}
        )
    if fact is None:
        return PhaseStanding(phase, False, None, _("%(milestone)s还没有认定") % {"milestone": label})
    if fact.state == Recognition.REVERSED:
        words = {"milestone": label, "day": day(fact.reversed_on)}
        return PhaseStanding(phase, False, None, _("%(milestone)s的认定已于 %(day)s 冲销") % words)
    words = {"milestone": label, "day": day(fact.recognised_on)}
    return PhaseStanding(phase, True, fact.recognised_on, _("%(milestone)s于 %(day)s 认定") % words)


def parts_in_force(bonus: TeamBonus) -> list[BonusPart]:
    """Of each phase the parts of the latest approved plan that divides it; one query."""
    rows = (
        BonusPart.objects.filter(share__plan__bonus=bonus, share__plan__state=PlanState.APPROVED)
        .select_related("share__plan", "share__person", "phase")
        .order_by("share__plan__number", "phase__position", "-share__percent", "share__person__staff_number")
    )
    latest: dict[int, int] = {part.phase_id: part.share.plan_id for part in rows}
    return [part for part in rows if latest[part.phase_id] == part.share.plan_id]


def phases_to_come(bonus: TeamBonus) -> tuple[list[BonusPhase], Decimal]:
    """The phases of which nothing was ever posted, and what of the pool they have to divide."""
    parts = parts_in_force(bonus)
    touched = set(
        BonusLine.objects.filter(part__in=[part.pk for part in parts]).values_list("part__phase", flat=True)
    )
    taken = sum((part.amount for part in parts if part.phase_id in touched), Decimal(0))
    return [
        phase for phase in bonus.phases.order_by("position") if phase.pk not in touched
    ], bonus.pool - taken


def unpaid_lines(bonus: TeamBonus) -> QuerySet[BonusLine]:
    """What is due and has not gone out."""
    return BonusLine.objects.filter(part__share__plan__bonus=bonus, payout=None).select_related(
        "part__share__person"
    )


def _lines() -> QuerySet[BonusLine]:
    return BonusLine.objects.filter(part__share__plan__bonus=OuterRef("pk")).order_by()


def _sum(rows: QuerySet[Any]) -> Coalesce:
    totals = rows.values(one=Value(1)).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(totals), NOTHING, output_field=MONEY)


def listed_bonuses(actor: Account) -> QuerySet[TeamBonus]:
    """The bonuses one sees with their sums (元): `due_sum` fallen due, `paid_sum` gone out, `open_sum` due and not gone out;
    `waiting` counts the members who have not confirmed, `objected` those who object, `mine` whether one's own answer is asked."""
    shares = BonusShare.objects.filter(plan__bonus=OuterRef("pk"), plan__state=PlanState.OPEN).order_by()

    def count(**which: Any) -> Coalesce:
        rows = shares.filter(**which).values(one=Value(1)).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(rows), Value(0), output_field=IntegerField())

    mine = count(person=actor.person_id or 0, answer=ShareAnswer.WAITING)
    return (
        bonuses_visible_to(actor)
        .select_related("project", "team", "recognition")
        .annotate(
            due_sum=_sum(_lines()),
            paid_sum=_sum(_lines().exclude(payout=None)),
            open_sum=_sum(_lines().filter(payout=None)),
            waiting=count(answer=ShareAnswer.WAITING),
            objected=count(answer=ShareAnswer.OBJECTED),
            mine=mine,
            turn=Case(
                When(mine__gt=0, then=Value(0)), When(state=BonusState.ENDED, then=Value(2)), default=Value(1)
            ),
        )
    )


def visible_bonus(actor: Account, public_id: str) -> TeamBonus:
    """One bonus with its sums. Raises NotFound when it is not the actor's to see."""
    found = (
        listed_bonuses(actor)
        .select_related("project__company", "rate", "opened_by", "ended_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这项团队奖励，或者您看不到它。请返回列表。"))
    return found


@dataclass(frozen=True)
class PartStanding:
    """What a member gets in a phase: how much is due, and how much of that has gone out (元)."""

    amount: Decimal
    due: Decimal
    paid: Decimal

    @property
    def state(self) -> str:
        """to_come, due, paid, or recover where more went out than is due."""
        if self.paid > self.due:
            return "recover"
        if self.due > self.paid:
            return "due"
        return "paid" if self.due else "to_come"


@dataclass(frozen=True)
class MemberRow:
    """A member over all phases."""

    person: Person
    parts: tuple[PartStanding | None, ...]

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.parts if part), Decimal(0))

    @property
    def due(self) -> Decimal:
        return sum((part.due for part in self.parts if part), Decimal(0))

    @property
    def paid(self) -> Decimal:
        return sum((part.paid for part in self.parts if part), Decimal(0))

    @property
    def to_come(self) -> Decimal:
        return self.amount - self.due

    @property
    def open(self) -> Decimal:
        """What is due and has not gone out; below zero what is to be recovered."""
        return self.due - self.paid


def payment_table(bonus: TeamBonus) -> list[MemberRow]:
    """Member by phase by the plans in force; empty before an approval. Two queries."""
    parts = parts_in_force(bonus)
    sums = _sums_of(parts)
    phases = sorted({part.phase_id: part.phase for part in parts}.values(), key=lambda phase: phase.position)
    people: dict[int, Person] = {part.share.person_id: part.share.person for part in parts}
    found = {(part.share.person_id, part.phase_id): part for part in parts}

    def told(person: int, phase: int) -> PartStanding | None:
        part = found.get((person, phase))
        if part is None:
            return None
        due, paid = sums.get(part.pk, (Decimal(0), Decimal(0)))
        return PartStanding(part.amount, due, paid)

    rows = [MemberRow(person, tuple(told(pk, phase.pk) for phase in phases)) for pk, person in people.items()]
    return sorted(rows, key=lambda row: (-row.amount, row.person.staff_number))


def _sums_of(parts: Sequence[BonusPart]) -> Mapping[int, tuple[Decimal, Decimal]]:
    """What is due of each part, and what has gone out."""
    rows = BonusLine.objects.filter(part__in=[part.pk for part in parts]).order_by().values_list("part")
    sums = rows.annotate(
        due=Sum("amount"), paid=Coalesce(Sum("amount", filter=~Q(payout=None)), NOTHING, output_field=MONEY)
    )
    return {part: (due, paid) for part, due, paid in sums}


def plans_of(bonus: TeamBonus) -> list[BonusPlan]:
    """All versions of the distribution with their shares, the latest first; two queries."""
    shares = BonusShare.objects.select_related("person", "answered_by").order_by(
        "-percent", "person__staff_number"
    )
    return list(
        bonus.plans.select_related("proposed_by", "decided_by")
        .prefetch_related(Prefetch("shares", queryset=shares))
        .order_by("-number")
    )


def lines_of(bonus: TeamBonus) -> list[BonusLine]:
    """Every line as it was posted."""
    rows = BonusLine.objects.filter(part__share__plan__bonus=bonus)
    return list(rows.select_related("part__share__person", "part__phase", "payout").order_by("pk"))


def suggestion(bonus: TeamBonus) -> list[tuple[Person, Decimal]]:
    """Where a leader may start: the plan before, else the shares of the credit of the project today, in hundredths to 100."""
    last = bonus.plans.order_by("-number").first()
    if last is not None:
        return [
            (share.person, share.percent)
            for share in last.shares.select_related("person").order_by("-percent", "pk")
        ]
    held = CreditShare.objects.filter(project=bonus.project_id, holds_until=None).select_related("person")
    people: dict[str, Person] = {}
    weights: dict[str, Decimal] = {}
    for share in held:
        people[share.person.staff_number] = share.person
        weights[share.person.staff_number] = (
            weights.get(share.person.staff_number, Decimal(0)) + share.percent
        )
    found = suggested(weights)
    return [
        (people[key], percent) for key, percent in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    ]


def candidates(actor: Account) -> QuerySet[KeyProjectRecognition]:
    """Recognised key projects without a bonus, with what a row names."""
    return bonus_candidates_visible_to(actor).select_related("project__team", "project__owner", "threshold")


def waiting_shares(person: int) -> QuerySet[BonusShare]:
    """The shares that a person is asked to confirm."""
    return BonusShare.objects.filter(
        person=person, plan__state=PlanState.OPEN, answer=ShareAnswer.WAITING
    ).select_related("plan__bonus__project")


def bonuses_to_follow() -> QuerySet[TeamBonus]:
    """Those that the night looks at: with an approved plan."""
    return TeamBonus.objects.filter(plans__state=PlanState.APPROVED).distinct().order_by("pk")
