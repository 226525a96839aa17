"""The facts that start, stop and pause the clocks of a project; called inside the actions that establish them."""

from datetime import date

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from projects.models import FollowUpKind, Project, ProjectClock
from promotion.working_days import working_calendar


def lead_reported(project: Project, day: date) -> None:
    """A lead came in: all clocks count from that day."""
    ProjectClock.objects.create(project=project, counts_from=day, report_from=day)


def followed_up(project: Project, kind: str, day: date) -> None:
    """Somebody was spoken to: that answers the lead and begins a new reporting period; 反馈 feeds back."""
    facts = {"answered_on": Coalesce("answered_on", Value(day))}
    if kind == FollowUpKind.FEEDBACK:
        facts["fed_back_on"] = Coalesce("fed_back_on", Value(day))
    _note(project, day, **facts)


def moved_on(project: Project, day: date) -> None:
    """The project left 线索, or went further: that answers and judges it."""
    _note(project, day, answered_on=Coalesce("answered_on", Value(day)), judged_on=_judged(day))


def progress_verified(project: Project, day: date) -> None:
    """A second person recognised what was achieved: a new reporting period begins."""
    _note(project, day)


def work_paused(project: Project, day: date) -> None:
    """Suspended or ended with its reason: that is a judgement, and nothing counts until work goes on."""
    held = ProjectClock.objects.filter(project=project)
    held.update(judged_on=_judged(day), paused_on=Coalesce("paused_on", Value(day)))


def work_resumed(project: Project, day: date) -> None:
    """Work goes on: the days that clocks count from move on by the working days of the pause."""
    clock = ProjectClock.objects.select_for_update().filter(project=project).first()
    if clock is None or clock.paused_on is None:
        return
    calendar = working_calendar()
    paused = calendar.between(clock.paused_on, day)
    if clock.counts_from is not None:
        clock.counts_from = calendar.after(clock.counts_from, paused)
    clock.report_from = calendar.after(clock.report_from, paused)
    clock.paused_on = None
    clock.save(update_fields=["counts_from", "report_from", "paused_on"])


def _judged(day: date) -> Coalesce:
    return Coalesce("judged_on", Value(day))


def _note(project: Project, day: date, **facts: Coalesce) -> None:
    ProjectClock.objects.filter(project=project).update(
        report_from=Greatest("report_from", Value(day)), **facts
    )
