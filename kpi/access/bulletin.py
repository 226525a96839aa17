"""Bulletins: what was issued is open to the house, drafts to those who write them."""

from django.db.models import QuerySet

from kpi.models import Bulletin, BulletinState
from staff.models import Account, Role


def bulletins_visible_to(actor: Account) -> QuerySet[Bulletin]:
    """Issued and withdrawn bulletins for every account; drafts for those who write them, and for auditors."""
    if can_write_bulletins(actor) or actor.is_role(Role.AUDITOR):
        return Bulletin.objects.all()
    found = Bulletin.objects.exclude(state=BulletinState.DRAFT)
    return found if actor.is_active else found.none()


def can_write_bulletins(actor: Account) -> bool:
    """HR and managers write and issue, each the other's."""
    return actor.is_role(Role.HR, Role.MANAGER)
