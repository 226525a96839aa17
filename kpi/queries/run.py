"""Runs as pages, API and the night read them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import AssessmentYear, Run, RunState, SchemeVersion, Standing
from promotion.errors import NotFound
from staff.models import Account

STEPS = ("入账", "计量", "计分", "排名", "写入")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an open run stands: the step (the `place`th of `count`) and how far it is within the step."""

    done: int
    total: int
    step: str
    place: int
    count: int
    is_open: bool


def years_to_recalculate(today: date) -> list[int]:
    """This year and the last, as far as they have a published scheme and are not closed."""
    closed = AssessmentYear.objects.filter(closed_at__isnull=False).values("year")
    published = SchemeVersion.objects.filter(state="published", year__in=(today.year, today.year - 1))
    return sorted(set(published.exclude(year__in=closed).values_list("year", flat=True)), reverse=True)


def current_run(year: int) -> Run | None:
    """The run of the year that readers see."""
    row = (
        AssessmentYear.objects.select_related("current_run__scheme", "current_run__previous__scheme")
        .filter(year=year)
        .first()
    )
    return row.current_run if row else None


def is_closed(year: int) -> bool:
    """Whether the year is closed (已关账), so that its rows stand still."""
    return AssessmentYear.objects.filter(year=year, closed_at__isnull=False).exists()


def whole_run(actor: Account, public_id: str) -> Run:
    """A run with results, the current one or an earlier one. Raises NotFound for any other."""
    runs = access.runs_visible_to(actor).select_related("scheme", "previous__scheme")
    found = runs.filter(public_id=public_id, state=RunState.DONE).first()
    if found is None:
        raise NotFound(_("没有这次核算，或者它没有结果。"))
    return found


def assessed_years() -> list[int]:
    """Years with a visible result, newest first."""
    return list(
        AssessmentYear.objects.exclude(current_run=None).values_list("year", flat=True).order_by("-year")
    )


def runs_listed(actor: Account) -> QuerySet[Run]:
    """Runs with what a list shows of them."""
    return access.runs_visible_to(actor).select_related("scheme", "requested_by")


def progress_of(run: Run) -> Progress:
    """The run's progress; a request that waits stands before its first step."""
    is_open = run.state in (RunState.QUEUED, RunState.RUNNING)
    if run.state != RunState.RUNNING or run.step not in STEPS:
        return Progress(0, 1, "", 0, len(STEPS), is_open)
    return Progress(run.done, max(run.planned, 1), run.step, STEPS.index(run.step) + 1, len(STEPS), is_open)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of a finished run."""

    label: str
    value: int
    unit: str = ""


def run_facts(run: Run) -> list[Fact]:
    """What a finished run posted and ranked; `run` comes from `runs_listed`."""
    sizes = Standing.objects.filter(run=run).aggregate(
        people=Count("pk", filter=Q(person__isnull=False)), teams=Count("pk", filter=Q(team__isnull=False))
    )
    return [
        Fact(_("入账"), run.posted_count, _("行")),
        Fact(_("冲销"), run.reversed_count, _("行")),
        Fact(_("参评团队"), sizes["teams"], _("队")),
        Fact(_("参评专员"), sizes["people"], _("人")),
    ]
