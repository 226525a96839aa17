"""The roster: who keeps it."""

from django.db.models import QuerySet

from promotion.models import ImportBatch
from staff.models import Account, Role

ROSTER_IMPORT = "roster"


def can_change_roster(actor: Account) -> bool:
    """HR and administrators keep the roster."""
    return actor.is_role(Role.HR, Role.ADMINISTRATOR)


def roster_imports_visible_to(actor: Account) -> QuerySet[ImportBatch]:
    """The uploaded rosters hold personal data: those who keep the roster see them."""
    batches = ImportBatch.objects.filter(kind=ROSTER_IMPORT)
    return batches if can_change_roster(actor) else batches.none()
