"""A named reader of the project."""

from dataclasses import dataclass
from datetime import date

from projects.models import Project, ProjectReader
from staff.models import Account


@dataclass(frozen=True)
class Naming:
    """A reader as the address of ending it wants him: the project's public id and the row's number."""

    public_id: str
    pk: int


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    reader = ProjectReader.objects.create(
        project=project, person=officer.person, reads_from=date(2026, 1, 1), reason="联审", granted_by=manager
    )
    return {"projects:reader-end": Naming(project.public_id, reader.pk)}
