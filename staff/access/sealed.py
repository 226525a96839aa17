"""Sealed archives: who knows that they are there, and who opens them."""

from django.db.models import QuerySet

from promotion.models import ImportBatch
from staff.models import Account, Role, SealedOpening, SealedRecord

SEALED_IMPORT = "sealed"


def sealed_visible_to(actor: Account) -> QuerySet[SealedRecord]:
    """That a record is there, not what it says: HR and auditors all, everybody else the own ones."""
    if actor.is_role(Role.HR, Role.AUDITOR):
        return SealedRecord.objects.all()
    return SealedRecord.objects.filter(person__isnull=False, person=actor.person_id)


def openings_visible_to(actor: Account) -> QuerySet[SealedOpening]:
    """Who opened what and why: the auditor, HR and the person concerned."""
    return SealedOpening.objects.filter(record__in=sealed_visible_to(actor).values("pk"))


def can_open_sealed(actor: Account) -> bool:
    """HR alone; an administrator keeps the machine and not the archives."""
    return actor.is_role(Role.HR)


def sealed_imports_visible_to(actor: Account) -> QuerySet[ImportBatch]:
    """Uploaded archives, for those who may open them."""
    batches = ImportBatch.objects.filter(kind=SEALED_IMPORT)
    return batches if can_open_sealed(actor) else batches.none()
