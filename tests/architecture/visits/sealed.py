"""A sealed record of the officer, and an upload of archives."""

from datetime import date

from projects.models import Project
from promotion.models import ImportBatch
from staff.models import Account, SealedRecord


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    record = SealedRecord.objects.create(
        person=officer.person,
        subject="post",
        content="",
        key_mark="",
        starts_on=date(2021, 1, 1),
        written_by=manager,
    )
    batch = ImportBatch.objects.create(kind="sealed", file_name="封存.xlsx", created_by=manager)
    return {
        "staff:sealed-open": record,
        "staff:sealed-end": record,
        "staff:sealed-preview": batch,
        "staff:sealed-apply": batch,
        "staff:sealed-discard": batch,
    }
