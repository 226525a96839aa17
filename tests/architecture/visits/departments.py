"""A department with a contact."""

from types import SimpleNamespace

from projects.actions import name_specialist
from projects.models import Project
from staff.models import Account
from tests.factories.departments import make_contact, make_department


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    department = make_department("visited", "规划建设局（访问）")
    contact = make_contact(department)
    specialist = name_specialist(actor=officer, project=project, contact=contact)
    return {
        "projects:department-edit": department,
        "projects:department-turn": department,
        "projects:specialist-new": project,
        "projects:specialist-name": SimpleNamespace(
            public_id=project.public_id, department=department.public_id
        ),
        "projects:specialist-end": SimpleNamespace(public_id=project.public_id, pk=specialist.pk),
        "projects:department-contact-new": department,
        "projects:department-contact": SimpleNamespace(public_id=department.public_id, pk=contact.pk),
        "projects:department-contact-retire": SimpleNamespace(public_id=department.public_id, pk=contact.pk),
    }
