"""An uploaded table of targets, and the officer as one whose targets are set."""

from types import SimpleNamespace

from projects.models import Project
from promotion.models import ImportBatch
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    assert officer.person
    batch = ImportBatch.objects.create(kind="targets", file_name="目标.xlsx", created_by=manager)
    return {
        "kpi:targets-apply": batch,
        "kpi:targets-discard": batch,
        "kpi:targets-preview": batch,
        "kpi:targets-rejected": batch,
        "kpi:targets-of": SimpleNamespace(kind="person", public_id=officer.person.public_id, pk=0),
    }
