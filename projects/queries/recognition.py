"""The queue of those who recognise."""

from django.utils import timezone

from projects.models import Achievement
from projects.queries.alarms import Hint, recognition_hints

__all__ = ["LATE_DAYS", "SLOW_DAYS", "Hint", "days_waiting", "recognition_hints"]

# How many days of waiting are slow, and late.
SLOW_DAYS, LATE_DAYS = 3, 7


def days_waiting(achievement: Achievement) -> int:
    """How many days a report has waited."""
    return (timezone.localdate() - timezone.localdate(achievement.submitted_at)).days
