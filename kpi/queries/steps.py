"""What a person could still bring home this year (可以做的事): the open things of the own projects, each as the facts it would be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import LedgerLine, Run
from kpi.queries.assumed import (
    Amount,
    Assumer,
    Crediting,
    fact_of_achievement,
    foreign_of,
    newest_dollar_rate,
)
from kpi.queries.trial import Credited
from projects.access import achievements_visible_to, projects_visible_to, promises_visible_to
from projects.models import (
    MILESTONE_KINDS,
    Achievement,
    AchievementKind,
    CreditShare,
    Currency,
    Project,
    Promise,
    Recognition,
)
from projects.queries.evidence import checklists_of
from projects.workflow import ORDER, Stage, Status, stage_of_milestone
from promotion.money import WAN, YI
from promotion.web.formats import exact
from staff.models import Account

#: What a company promises and what it is when it has happened; money in 元, jobs in people.
PROMISED = {"paid_in": "paid_in", "output": "output", "tax": "tax", "jobs": "jobs"}
PROMISED_UNITS = Q(unit="yuan") & ~Q(subject="jobs") | Q(unit="people", subject="jobs")
SIGNED = ORDER.index(Stage.SIGNED)
LIVE = (Recognition.RECOGNISED, Recognition.SUBMITTED)
WAITING: dict[str, tuple[Any, str]] = {
    Recognition.SUBMITTED: (gettext_lazy("待认定"), "attention"),
    Recognition.RECOGNISED: (gettext_lazy("已认定，待核算"), "done"),
    Recognition.RETURNED: (gettext_lazy("被退回"), "alarm"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that would count: `facts` is what it posts. `key` names it in addresses.

    `is_open`: it still has to be done; else it has happened and only waits. `is_next`: a thing
    of the own projects before which nothing else has to come. `is_assumed`: somebody made it up, and it is always chosen.
    """

    key: str
    title: str
    facts: tuple[Credited, ...]
    project: Project | None = None
    state: str = ""
    tone: str = "plain"
    detail: str = ""
    url: str = ""
    is_open: bool = True
    is_next: bool = True
    is_assumed: bool = False


def own_projects(actor: Account, on: date) -> QuerySet[Project]:
    """The projects a person answers for or has a share in on the day."""
    held = CreditShare.objects.filter(Q(holds_until=None) | Q(holds_until__gt=on), person=actor.person_id)
    return projects_visible_to(actor).filter(Q(owner=actor.person_id) | Q(pk__in=held.values("project")))


class Opportunities:
    """Everything open of one person on a day, read in a constant number of queries."""

    def __init__(self, actor: Account, run: Run, today: date, *, is_running: bool) -> None:
        self.actor, self.run, self.today, self.is_running = actor, run, today, is_running
        self.projects = {one.pk: one for one in own_projects(self.actor, self.today).order_by("pk")}
        self.assumer = Assumer(Crediting(self.projects), newest_dollar_rate())
        self.reports = self._reports()

    def _reports(self) -> list[Achievement]:
        """All that was ever reported of these projects, and of the person alone in the year."""
        mine = Q(project__in=self.projects) | Q(project=None, person=self.actor.person_id)
        posted = LedgerLine.objects.filter(
            achievement=OuterRef("pk"), year=self.run.year, pk__lte=self.run.last_line
        )
        found = achievements_visible_to(self.actor).filter(mine).exclude(state=Recognition.WITHDRAWN)
        rows: list[Achievement] = list(found.annotate(posted=Exists(posted)).order_by("happened_on", "pk"))
        for one in rows:
            one.project = self.projects[one.project_id] if one.project_id else None
        return rows

    def steps(self) -> list[Step]:
        """What waits, what comes next, what was promised, and what of the contract is not paid in."""
        found = list(self._waiting())
        if self.is_running:
            promises = self._promises()
            found += [*self._milestones(), *self._promised(promises), *self._remainders(promises)]
        return found

    def _waiting(self) -> Iterator[Step]:
        """What was reported in the year and does not count yet: waiting, sent back, or recognised since the run."""
        year = [one for one in self.reports if one.happened_on.year == self.run.year]
        live = {(one.project_id, one.kind) for one in self.reports if one.state in LIVE}
        waiting = [
            one
            for one in year
            if one.state == Recognition.SUBMITTED
            or (one.state == Recognition.RECOGNISED and not one.posted)  # type: ignore[attr-defined]
            or (one.state == Recognition.RETURNED and (one.project_id, one.kind) not in live)
        ]
        checklists = checklists_of(waiting)
        for one in waiting:
            state, tone = WAITING[one.state]
            missing = checklists[one.pk].missing_text if one.state == Recognition.SUBMITTED else ""
            yield Step(
                key=f"a.{one.public_id}",
                title=one.title or str(one.get_kind_display()),
                facts=(self._credited(one),),
                project=one.project,
                state=str(state),
                tone=tone,
                detail=_words(one.amount, one.currency, one.happened_on, missing, one.people),
                url=reverse("projects:achievement", args=[one.public_id]),
                is_open=one.state == Recognition.RETURNED,
            )

    def _credited(self, one: Achievement) -> Credited:
        fact = fact_of_achievement(one)
        if one.project is not None:
            shares = self.assumer.crediting.of(one.project.pk, one.happened_on)
            return Credited(fact, shares, one.project.code, foreign_of(one))
        return Credited(fact, ((one.person_id, "", Decimal(1)),) if one.person_id else ())

    def _milestones(self) -> Iterator[Step]:
        """The signing of what is not signed; of what is, each later milestone together with those that come before it."""
        reported = {
            (one.project_id, one.kind)
            for one in self.reports
            if one.state in LIVE
            or (one.state == Recognition.RETURNED and one.happened_on.year == self.run.year)
        }
        for project in self.projects.values():
            if project.status != Status.ACTIVE:
                continue
            here = ORDER.index(Stage(project.stage))
            ahead = [
                kind
                for kind in (MILESTONE_KINDS[1:] if here >= SIGNED else MILESTONE_KINDS[:1])
                if ORDER.index(stage_reached(kind)) > here and (project.pk, kind) not in reported
            ]
            yield from self._course(project, ahead)

    def _course(self, project: Project, kinds: Sequence[str]) -> Iterator[Step]:
        facts: list[Credited] = []
        before: list[str] = []
        for kind in kinds:
            amount = Amount(project.planned_investment) if kind == AchievementKind.SIGNED else Amount()
            facts.append(self.assumer.of_project(project, kind, self.today, amount))
            label = str(AchievementKind(kind).label)
            yield Step(
                key=f"m.{project.public_id}.{kind}",
                title=_("%(what)s（含%(before)s）") % {"what": label, "before": "、".join(before)}
                if before
                else label,
                facts=tuple(facts),
                project=project,
                state=_("未申报"),
                detail=_planned(project, amount),
                url=reverse("projects:detail", args=[project.public_id]),
                is_next=not before,
            )
            before.append(label)

    def _promises(self) -> list[Promise]:
        """What companies promised of money and jobs until the end of the year and have not done, with what was done of it."""
        found = promises_visible_to(self.actor).filter(
            PROMISED_UNITS,
            project__in=self.projects,
            direction="company",
            subject__in=PROMISED,
            figure__isnull=False,
            state__in=("open", "partial"),
            due_on__lte=date(self.run.year, 12, 31),
        )
        done = Sum("fulfilments__figure", filter=~Q(fulfilments__state="returned"))
        return list(found.annotate(fulfilled=done).order_by("due_on", "pk"))

    def _promised(self, promises: Iterable[Promise]) -> Iterator[Step]:
        for promise in promises:
            rest = _rest(promise)
            if rest <= 0:
                continue
            project, kind = self.projects[promise.project_id], PROMISED[promise.subject]
            amount = self.assumer.promised(rest, kind, project.capital_source)
            yield Step(
                key=f"p.{promise.public_id}",
                title=str(AchievementKind(kind).label),
                facts=(self.assumer.of_project(project, kind, self.today, amount),),
                project=project,
                state=_("企业承诺"),
                detail=_owed(rest, amount, promise.due_on) + _in_dollars(amount),
                url=reverse("projects:promise", args=[promise.public_id]),
            )

    def _remainders(self, promises: Iterable[Promise]) -> Iterator[Step]:
        """What of a contract is neither paid in nor promised for the year."""
        signed: dict[int, Decimal] = defaultdict(Decimal)
        paid: dict[int, Decimal] = defaultdict(Decimal)
        for one in self.reports:
            if one.state in LIVE and one.project_id in self.projects:
                cny = one.recognised_cny if one.state == Recognition.RECOGNISED else one.amount_cny
                if one.kind in (AchievementKind.SIGNED, AchievementKind.PAID_IN):
                    (signed if one.kind == AchievementKind.SIGNED else paid)[one.project_id] += cny or 0
        for promise in promises:
            if promise.subject == "paid_in":
                paid[promise.project_id] += max(_rest(promise), Decimal(0))
        for key, whole in signed.items():
            project, rest = self.projects[key], whole - paid[key]
            if rest <= 0 or project.status != Status.ACTIVE:
                continue
            amount = self.assumer.in_yuan(rest, AchievementKind.PAID_IN, project.capital_source)
            yield Step(
                key=f"r.{project.public_id}",
                title=_("其余合同额到账"),
                facts=(self.assumer.of_project(project, AchievementKind.PAID_IN, self.today, amount),),
                project=project,
                state=_("未申报"),
                detail=_("合同额尚余 %(amount)s 万元") % {"amount": exact(rest / WAN)} + _in_dollars(amount),
                url=reverse("projects:detail", args=[project.public_id]),
            )


def stage_reached(kind: str) -> Stage:
    """The stage a milestone brings its project to."""
    return stage_of_milestone(kind) or Stage.LEAD


def _rest(promise: Promise) -> Decimal:
    """What of the promised figure is not done."""
    return (promise.figure or Decimal(0)) - (promise.fulfilled or Decimal(0))  # type: ignore[attr-defined]


def _owed(rest: Decimal, amount: Amount, due_on: date) -> str:
    """What a promise still owes, in 万元 or in people."""
    if amount.people is not None:
        return _("还应兑现 %(people)s 人 · 期限 %(day)s") % {"people": exact(rest), "day": due_on.isoformat()}
    return _("还应兑现 %(amount)s 万元 · 期限 %(day)s") % {
        "amount": exact(rest / WAN),
        "day": due_on.isoformat(),
    }


def _words(amount: Decimal | None, currency: str, on: date, more: str, people: int | None = None) -> str:
    parts = [on.isoformat()]
    if people is not None:
        parts.append(_("%(people)s 人") % {"people": people})
    if amount is not None:
        unit = (
            _("万元")
            if currency == Currency.CNY
            else _("万%(currency)s") % {"currency": Currency(currency).label}
        )
        parts.append(f"{exact(amount / WAN)} {unit}")
    return " · ".join([*parts, more] if more else parts)


def _in_dollars(amount: Amount) -> str:
    if amount.dollars is None:
        return ""
    return " · " + _("约 %(amount)s 万美元") % {"amount": exact(amount.dollars / WAN, 2)}


def _planned(project: Project, amount: Amount) -> str:
    stage = _("现在%(stage)s") % {"stage": project.get_stage_display()}
    if amount.cny is None:
        return stage
    return f"{stage} · {_('按计划总投资 %(amount)s 亿元') % {'amount': exact(amount.cny / YI)}}"
