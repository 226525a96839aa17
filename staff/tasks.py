"""Jobs of the staff file that beat wakes: each asks one action, and a second delivery of a message does nothing more."""

from celery import shared_task
from django.utils import timezone

from staff import actions
from staff.actions.departure import close_departed_accounts as close_accounts
from staff.actions.round_role import settle_due_roles


@shared_task
def tell_contract_ends() -> None:
    """Every morning: whose contract or probation ends in 60 or 30 days."""
    actions.tell_contract_ends(actor=None, today=timezone.localdate())


@shared_task
def settle_round_roles() -> None:
    """Soon after midnight: the roles of those whose round has come to its day."""
    settle_due_roles(actor=None, today=timezone.localdate())


@shared_task
def close_departed_accounts() -> None:
    """Soon after midnight: the log-ins of those who are no longer here."""
    close_accounts(actor=None, today=timezone.localdate())
