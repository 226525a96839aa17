"""Jobs of projects that beat wakes: each asks one action, and a second delivery of a message does nothing more."""

from celery import shared_task

from projects.actions import reservation_decision as reservations


@shared_task
def end_reservations() -> None:
    """End what has run out, and tell whose time runs out soon."""
    reservations.expire_reservations()
    reservations.warn_of_expiry()
