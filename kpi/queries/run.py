"""Runs as pages, API and the night read them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from kpi import access
from kpi.models import AssessmentYear, Run, RunState, SchemeVersion
from staff.models import Account

STEPS = ("入账", "计量", "计分", "排名", "写入")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: whole steps behind it, and the part of the present one."""

    done: int
    total: int
    step: str
    detail: str
    is_open: bool


def years_to_recalculate(today: date) -> list[int]:
    """This year and the last, as far as they have a published scheme and are not closed."""
    closed = AssessmentYear.objects.filter(closed_at__isnull=False).values("year")
    published = SchemeVersion.objects.filter(state="published", year__in=(today.year, today.year - 1))
    return sorted(set(published.exclude(year__in=closed).values_list("year", flat=True)), reverse=True)


def current_run(year: int) -> Run | None:
    """The run of the year that readers see."""
    row = AssessmentYear.objects.select_related("current_run__scheme").filter(year=year).first()
    return row.current_run if row else None


def assessed_years() -> list[int]:
    """Years with a visible result, newest first."""
    return list(
        AssessmentYear.objects.exclude(current_run=None).values_list("year", flat=True).order_by("-year")
    )


def runs_listed(actor: Account) -> QuerySet[Run]:
    """Runs with what a list shows of them: how many lines they posted, and how many of those are reversals."""
    return (
        access.runs_visible_to(actor)
        .select_related("scheme", "requested_by")
        .annotate(
            posted_count=Count("posted_lines", filter=Q(posted_lines__reverses=None)),
            reversed_count=Count("posted_lines", filter=Q(posted_lines__reverses__isnull=False)),
        )
    )


def progress_of(run: Run) -> Progress:
    """The run's progress in hundredths: five steps of twenty each."""
    is_open = run.state in (RunState.QUEUED, RunState.RUNNING)
    if run.state == RunState.DONE:
        return Progress(100, 100, "", "", is_open)
    position = STEPS.index(run.step) if run.step in STEPS and run.state != RunState.QUEUED else 0
    part = run.done / run.planned if run.planned and run.state != RunState.QUEUED else 0
    share = int((position + min(part, 1)) * 100 / len(STEPS))
    detail = f"{run.done} / {run.planned}" if run.state == RunState.RUNNING else ""
    return Progress(share, 100, run.step, detail, is_open)
