"""Jobs of the staff file that beat wakes: each asks one action, and a second delivery of a message does nothing more."""

from celery import shared_task
from django.utils import timezone

from staff import actions


@shared_task
def tell_contract_ends() -> None:
    """Every morning: whose contract or probation ends in 60 or 30 days."""
    actions.tell_contract_ends(actor=None, today=timezone.localdate())
