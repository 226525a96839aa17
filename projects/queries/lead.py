"""What the lead form is prepared with."""

from datetime import date, timedelta

from django.utils import timezone

from projects.access import projects_visible_to
from projects.models import Channel
from staff.models import Account

DAYS_TO_NEXT_STEP = 3


def usual_channel(actor: Account) -> str:
    """The channel of the account's latest lead; the stationed teams' own for the first one."""
    last = (
        projects_visible_to(actor)
        .filter(created_by=actor)
        .order_by("-pk")
        .values_list("channel", flat=True)
        .first()
    )
    return last or Channel.STATIONED


def next_step_day(today: date | None = None) -> date:
    """Three working days on (Monday to Friday; public holidays are not known here)."""
    day, left = today or timezone.localdate(), DAYS_TO_NEXT_STEP
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
