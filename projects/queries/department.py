"""The directory of departments as it is read: contacts, and what is open with each."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from projects.access import departments_visible_to
from projects.access.blocker import blockers_visible_to
from projects.models import RUNNING, Department, DepartmentContact
from promotion.errors import NotFound
from staff.models import Account


@dataclass(frozen=True)
class DirectoryLine:
    """A department with its contacts on duty and how many of the blockers one sees wait for it."""

    department: Department
    contacts: list[DepartmentContact]
    running: int


def directory(actor: Account) -> list[DirectoryLine]:
    """All departments in their order, those in use first; three queries."""
    waiting = dict(
        blockers_visible_to(actor)
        .filter(state__in=RUNNING)
        .order_by()
        .values_list("department")
        .annotate(count=Count("pk"))
    )
    rows = departments_visible_to(actor).order_by("-is_open", "position", "pk").prefetch_related("contacts")
    return [
        DirectoryLine(row, [one for one in row.contacts.all() if one.is_active], waiting.get(row.pk, 0))
        for row in rows
    ]


def visible_department(actor: Account, public_id: str) -> Department:
    """One department. Raises NotFound for an id that is none."""
    found = departments_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这个部门。请返回部门名录。"))
    return found


def contact_of(department: Department, pk: int) -> DepartmentContact:
    """A contact on duty of the department. Raises NotFound."""
    found = DepartmentContact.objects.filter(Q(department=department, is_active=True), pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个在岗的联系人。"))
    return found
