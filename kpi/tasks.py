"""Jobs of the assessment: the nightly run, a run on demand, and picking up what a lost worker left."""

import logging

from celery import shared_task
from django.utils import timezone

from kpi.actions import parts, rehearsal
from kpi.actions import run as runs
from kpi.actions.bonus_pay import follow_bonus
from kpi.queries.bonus import bonuses_to_follow
from kpi.queries.run import years_to_recalculate
from promotion.errors import Refused

logger = logging.getLogger(__name__)

SUNDAY = 7


@shared_task
def start_nightly_run() -> None:
    """Ask for this year's run, and for last year's until it is closed; in the night to Sunday every fact is looked at again."""
    today = timezone.localdate()
    for year in years_to_recalculate(today):
        try:
            runs.request_run(actor=None, year=year, full=today.isoweekday() == SUNDAY)
        except Refused as refusal:
            logger.warning("no nightly run of %s: %s", year, refusal.message)


@shared_task
def execute_run(run_id: int) -> None:
    """Carry out one run; a second delivery of the same message finds it taken and does nothing."""
    runs.execute_run(run_id=run_id)


@shared_task
def help_run(run_id: int) -> None:
    """Do parts of a run that another worker carries out, until none is free."""
    parts.help_run(run_id=run_id)


@shared_task
def requeue_stale_runs() -> None:
    """Take up runs whose worker fell silent."""
    runs.requeue_stale_runs()


@shared_task
def carry_out_rehearsal(scheme_id: int, years: list[int]) -> None:
    """Rehearse a scheme on years that are too large for a request."""
    rehearsal.carry_out(scheme_id=scheme_id, years=years)


@shared_task
def follow_bonuses() -> None:
    """Bring what is due of every team bonus in line with the milestones and recognitions of the day."""
    for bonus in bonuses_to_follow():
        follow_bonus(actor=None, bonus=bonus)
