"""One project and what its record page shows; the rows of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.access.sight import Eyes
from projects.models import (
    Achievement,
    CreditShare,
    NextStepAct,
    NextStepEntry,
    Project,
    Recognition,
    StageChange,
)
from projects.workflow import GATES, ORDER, Stage
from promotion.errors import NotFound
from promotion.prepared import Prepared, Slot
from staff.models import Account

COUNTED = (Recognition.RECOGNISED, Recognition.SUBMITTED)


def visible_project(actor: Account, public_id: str) -> Project:
    """The project with its company, owner and team. Raises NotFound when it is not the actor's to see."""
    eyes = Eyes.of(actor)
    project = _PROJECT.first(eyes.role, public_id=public_id, **eyes.values)
    if project is None:
        raise NotFound(_("没有这个项目，或者您看不到它。请返回列表。"))
    return project


# The place of a stage in the pipeline, to order by.
STAGE_PLACE = Case(
    *(When(stage=stage, then=Value(position)) for position, stage in enumerate(ORDER)),
    output_field=IntegerField(),
)

_RELATED = ("company", "owner", "team", "clock", "next_step_person")
_PROJECT = Prepared(
    lambda role: Project.objects.select_related(*_RELATED).filter(
        Eyes(role).see("pk"), public_id=Slot("public_id")
    )[:1]
)


def listed_projects(actor: Account) -> QuerySet[Project]:
    """The visible projects with what a row of the workbook names."""
    return projects_visible_to(actor).select_related("company", "team", "owner")


@dataclass(frozen=True)
class RibbonStep:
    """One stage of the ribbon: since when, how long, and how far its milestone has come."""

    label: str
    detail: str
    state: str
    href: str = ""


def stage_ribbon(project: Project, achievements: Sequence[Achievement]) -> list[RibbonStep]:
    """The eight stages with their days, from the history of moves; one query."""
    entered = _entered(project)
    here = ORDER.index(Stage(project.stage))
    latest = {achievement.kind: achievement for achievement in achievements}
    steps = []
    for place, stage in enumerate(ORDER):
        since = entered.get(stage)
        if place > here:
            steps.append(RibbonStep(str(stage.label), "", "future"))
            continue
        words = [f"{since:%y-%m-%d}"] if since else []
        milestone = latest.get(GATES[stage].milestone or "")
        if place == here:
            words.append(
                _("第 %(days)s 天") % {"days": max((timezone.localdate() - project.stage_since).days, 0) + 1}
            )
        elif milestone is not None:
            words.append(str(milestone.get_state_display()))
        elif since and (left := entered.get(ORDER[place + 1])):
            words.append(_("%(days)s 天") % {"days": max((left - since).days, 0)})
        href = reverse("projects:achievement", args=[milestone.public_id]) if milestone else ""
        steps.append(
            RibbonStep(str(stage.label), " · ".join(words), "current" if place == here else "past", href)
        )
    return steps


def _entered(project: Project) -> dict[str, date]:
    """The day on which each stage was last entered; the lead was there from the first report."""
    changes = _MOVES.rows(project=project.pk)
    return {Stage.LEAD: project.reported_on, **dict(changes), project.stage: project.stage_since}


_MOVES = Prepared(
    lambda: (
        StageChange.objects.filter(project=Slot("project"))
        .order_by("id")
        .values_list("to_stage", "happened_on")
    )
)
_SHARES = Prepared(
    lambda: (
        CreditShare.objects.filter(project=Slot("project"), holds_until=None)
        .select_related("person")
        .order_by("role", "-percent", "id")
    )
)


def open_shares(project: Project) -> list[CreditShare]:
    """The shares that hold today, with their people."""
    return _SHARES.rows(project=project.pk)


_STEPS = Prepared(
    lambda limit: (
        NextStepEntry.objects.filter(project=Slot("project"))
        .exclude(act=NextStepAct.SET)
        .order_by("-pk")[:limit]
    )
)


def steps_before(project: Project, limit: int) -> list[NextStepEntry]:
    """What became of the steps before, the latest first."""
    return _STEPS.rows(limit, project=project.pk)


def marks_of(project: Project, *, is_recognised: bool = False) -> list[tuple[Any, str]]:
    """The badges beside the title; a class that people have not recognised says that it is planned only."""
    marks: list[tuple[Any, str]] = []
    if project.status != "active":
        marks.append((project.get_status_display(), "attention"))
    if project.project_class != "ordinary":
        standing = _("%(class)s·已认定") if is_recognised else _("%(class)s·拟定")
        marks.append((standing % {"class": project.get_project_class_display()}, "alarm"))
    if project.industry:
        marks.append((project.get_industry_display(), "accent"))
    marks.append((project.get_capital_source_display(), "plain"))
    if project.is_demo:
        marks.append((_("演示"), "plain"))
    return marks
