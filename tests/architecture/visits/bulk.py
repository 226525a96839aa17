"""A bulk change of the officer."""

from projects.models import BulkChange, Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    return {"projects:bulk-*": BulkChange.objects.create(what="park", made_by=officer)}
