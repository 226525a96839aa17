"""Key projects: the thresholds of a day, what is recognised of a project, who meets a threshold, and the recognitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.access.key_project import key_recognitions_visible_to
from projects.key_thresholds import CLASSES, Figures, Measure, Threshold, meant_for
from projects.models import (
    MILESTONE_KINDS,
    Achievement,
    KeyProjectRecognition,
    KeyProjectThreshold,
    KeyState,
    Project,
    Recognition,
)
from projects.queries.facts import RECOGNISED_USD
from projects.queries.gates import holding
from projects.workflow import Status
from promotion.errors import NotFound
from promotion.web.formats import number
from staff.models import Account

MONEY: DecimalField = DecimalField(max_digits=18, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)
# What a measure is called among the annotations of `with_figures`.
COLUMN = {Measure.CONTRACT: "contract", Measure.PLANNED: "planned_investment", Measure.FOREIGN: "foreign_usd"}


def table_on(day: date) -> list[KeyProjectThreshold]:
    """The rows that hold on the day, the highest class first; one query."""
    rows = KeyProjectThreshold.objects.filter(holding(day)).select_related("set_by")
    return sorted(
        rows, key=lambda row: (-CLASSES.index(row.project_class), row.industry, row.capital_source, row.pk)
    )


def plain(rows: Sequence[KeyProjectThreshold]) -> list[Threshold]:
    """The rows as the arithmetic takes them."""
    return [
        Threshold(
            row.pk,
            row.project_class,
            row.industry,
            row.capital_source,
            row.milestone,
            row.measure,
            row.amount,
        )
        for row in rows
    ]


def _facts(day: date, **which: Any) -> QuerySet[Achievement]:
    """What was recognised by the end of the day and is not reversed today."""
    return Achievement.objects.filter(
        state=Recognition.RECOGNISED, recognised_on__lte=day, **which
    ).order_by()


def figures_of(project: Project, day: date) -> Figures:
    """What was recognised of the project by the end of the day; one query. 计划总投资 is that of today."""
    kinds, amounts = set(), {Measure.CONTRACT.value: Decimal(0), Measure.FOREIGN.value: Decimal(0)}
    facts = _facts(day, project=project, kind__in=(*MILESTONE_KINDS, "paid_in")).annotate(
        dollars=RECOGNISED_USD
    )
    for kind, cny, dollars in facts.values_list("kind", "recognised_cny", "dollars"):
        kinds.add(kind)
        if kind == "signed":
            amounts[Measure.CONTRACT] += cny or 0
        elif kind == "paid_in":
            amounts[Measure.FOREIGN] += dollars or 0
    amounts[Measure.PLANNED.value] = project.planned_investment or Decimal(0)
    return Figures(project.industry, project.capital_source, frozenset(kinds & set(MILESTONE_KINDS)), amounts)


@dataclass(frozen=True)
class Met:
    """The row that a project meets for a class, with the amount that it has; both empty when it meets none."""

    threshold: KeyProjectThreshold | None
    measured: Decimal | None

    @property
    def words(self) -> str:
        """In figures why the project is a key project."""
        return "" if self.threshold is None else said(self.threshold, self.measured or Decimal(0))


def met_by(project: Project, project_class: str, day: date) -> Met:
    """By which row the project reaches the class on the day; two queries."""
    table = table_on(day)
    figures = figures_of(project, day)
    row = meant_for(plain(table), figures, project_class)
    if row is None:
        return Met(None, None)
    return Met(next(one for one in table if one.pk == row.key), figures.amounts[row.measure])


def said(row: KeyProjectThreshold, measured: Decimal) -> str:
    """“已认定签约额（万元） 62,000.00，达到签约重大标准 50,000.00”."""
    return _("%(measure)s %(amount)s，达到%(milestone)s阶段%(class)s标准 %(wanted)s") % {
        "measure": row.get_measure_display(),
        "amount": number(measured / 10_000),
        "milestone": row.get_milestone_display(),
        "class": row.get_project_class_display(),
        "wanted": number(row.in_ten_thousand),
    }


def with_figures(projects: QuerySet[Project], day: date) -> QuerySet[Project]:
    """Adds contract (元), foreign_usd, and has_signed … has_produced of what was recognised by the end of the day."""
    facts = _facts(day, project=OuterRef("pk"))
    dollars = (
        facts.filter(kind="paid_in").values("project").annotate(total=Sum(RECOGNISED_USD)).values("total")
    )
    signed = (
        facts.filter(kind="signed").values("project").annotate(total=Sum("recognised_cny")).values("total")
    )
    return projects.annotate(
        contract=Coalesce(Subquery(signed), NOTHING, output_field=MONEY),
        foreign_usd=Coalesce(Subquery(dollars), NOTHING, output_field=MONEY),
        **{f"has_{kind}": Exists(facts.filter(kind=kind)) for kind in MILESTONE_KINDS},
    )


def meeting(rows: Sequence[Threshold], project_class: str) -> Q:
    """Projects (of `with_figures`) that meet a row of the class; the same as `key_thresholds.met`, in the database."""
    own = [row for row in rows if row.project_class == project_class]
    return reduce(or_, (_meets(row, own) for row in own), Q(pk=None))


def _meets(row: Threshold, rows: Sequence[Threshold]) -> Q:
    reached = Q(**{f"has_{row.milestone}": True, f"{COLUMN[Measure(row.measure)]}__gte": row.amount})
    found = reached & _fits(row)
    for other in rows:
        if other.question == row.question and (-other.rank, other.key) < (-row.rank, row.key):
            found &= ~_fits(other)
    return found


def _fits(row: Threshold) -> Q:
    wanted = {
        name: value
        for name, value in (("industry", row.industry), ("capital_source", row.capital_source))
        if value
    }
    return Q(**wanted) if wanted else ~Q(pk=None)


def proposals(actor: Account, day: date) -> QuerySet[Project]:
    """Visible projects that meet a threshold of the day and are not recognised in so high a class, nor asked for (达标未认定).

    Adds `reached`, the class that they meet, and the figures.
    """
    rows = plain(table_on(day))
    live = KeyProjectRecognition.objects.filter(project=OuterRef("pk"))
    held = live.filter(state=KeyState.RECOGNISED).values("project_class")[:1]
    whens = [When(meeting(rows, each), then=Value(each)) for each in reversed(CLASSES)]
    found = with_figures(projects_visible_to(actor).exclude(status=Status.LOST), day).annotate(
        reached=Case(*whens, default=Value(""), output_field=CharField()),
        held_class=Coalesce(Subquery(held), Value("")),
        is_asked=Exists(live.filter(state=KeyState.SUBMITTED)),
    )
    lower = Q(held_class="") | Q(held_class="major", reached="strategic")
    return found.exclude(reached="").filter(lower, is_asked=False).exclude(held_class=F("reached"))


def reasons(projects: Sequence[Project], day: date) -> Mapping[int, str]:
    """In figures why each of the `proposals` reaches its class; one query."""
    table = table_on(day)
    rows, by_key = plain(table), {row.pk: row for row in table}
    found = {}
    for project in projects:
        figures = annotated_figures(project)
        row = meant_for(rows, figures, project.reached)  # type: ignore[attr-defined]
        if row is not None:
            found[project.pk] = said(by_key[row.key], figures.amounts[row.measure])
    return found


def annotated_figures(project: Any) -> Figures:
    """The figures of a project of `with_figures`."""
    return Figures(
        project.industry,
        project.capital_source,
        frozenset(kind for kind in MILESTONE_KINDS if getattr(project, f"has_{kind}")),
        {measure.value: getattr(project, name) or Decimal(0) for measure, name in COLUMN.items()},
    )


def listed_recognitions(actor: Account) -> QuerySet[KeyProjectRecognition]:
    """The recognitions one sees with what a row names."""
    return key_recognitions_visible_to(actor).select_related(
        "project__team", "project__owner", "threshold", "submitted_by", "decided_by"
    )


def visible_recognition(actor: Account, public_id: str) -> KeyProjectRecognition:
    """One recognition. Raises NotFound when it is not the actor's to see."""
    found = (
        listed_recognitions(actor)
        .select_related("project__company", "ended_by")
        .prefetch_related("papers")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这份重大项目认定，或者您看不到它。请返回列表。"))
    return found


def course_of(project: Project) -> list[KeyProjectRecognition]:
    """All recognitions of a project, the latest first."""
    return list(
        project.key_recognitions.select_related("threshold", "submitted_by", "decided_by").order_by("-pk")
    )


def recognised_class(project: Project) -> str:
    """The class in which the project is recognised today; empty when it is none."""
    row = project.key_recognitions.filter(state=KeyState.RECOGNISED).values_list("project_class", flat=True)
    return row.first() or ""
