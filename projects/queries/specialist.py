"""Who answers for which department in a project: at present, before, and who is lacking once building begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.models import Department, DepartmentContact, Project, ProjectSpecialist
from projects.queries.gates import departments_to_name, departments_without_specialist
from projects.workflow import Stage, Status
from promotion.errors import NotFound
from staff.models import Account
from staff.queries.due_item import DueItem

# The stages at which building goes on and departments have to answer in person (建设阶段).
BUILDING = (Stage.STARTED, Stage.COMPLETED)
MOST = 200


@dataclass(frozen=True)
class SpecialistLine:
    """A department of the project: who answers now, or that nobody does; `asked` if it names one when building begins."""

    department: Department
    present: ProjectSpecialist | None
    asked: bool


def is_asked(project: Project) -> bool:
    """Whether departments still have to name somebody: until the project is built."""
    return project.status == Status.ACTIVE and project.stage != Stage.PRODUCED


def is_building(project: Project) -> bool:
    return project.status == Status.ACTIVE and project.stage in BUILDING


def present_specialists(project: Project) -> list[ProjectSpecialist]:
    """Who answers now, in the order of the departments; one query."""
    rows = project.specialists.filter(ends_on=None).select_related("department", "contact")
    return list(rows.order_by("department__position", "pk"))


def specialist_lines(project: Project) -> list[SpecialistLine]:
    """The departments that name one while it is asked for, and the others that did; two queries at the most."""
    present = {row.department_id: row for row in present_specialists(project)}
    asked = {row.pk: row for row in departments_to_name()} if is_asked(project) else {}
    departments = {**asked, **{pk: row.department for pk, row in present.items()}}
    ordered = sorted(departments.values(), key=lambda each: (each.position, each.pk))
    return [SpecialistLine(each, present.get(each.pk), each.pk in asked) for each in ordered]


def former_specialists(project: Project) -> list[ProjectSpecialist]:
    """Who answered before, the latest first; one query."""
    rows = project.specialists.filter(ends_on__isnull=False).select_related("department", "contact")
    return list(rows.order_by("-ends_on", "-pk"))


def lacking_specialists(project: Project) -> Sequence[Department]:
    """The departments that have named nobody though building goes on; one query, none before."""
    return departments_without_specialist(project) if is_building(project) else []


def nameable_contacts(department: Department | None = None) -> QuerySet[DepartmentContact]:
    """Contacts on duty of departments in use, of one department when it is given."""
    rows = DepartmentContact.objects.filter(is_active=True, department__is_open=True)
    if department is not None:
        rows = rows.filter(department=department)
    return rows.select_related("department").order_by("department__position", "pk")


def visible_specialist(project: Project, pk: int) -> ProjectSpecialist:
    """One of the project's specialists, present or former. Raises NotFound."""
    found = project.specialists.select_related("department", "contact", "project").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这位部门专员。"))
    return found


def specialists_due(actor: Account, until: date) -> list[DueItem]:
    """One's own projects under construction for which a department has named nobody, from the day building began."""
    if actor.person_id is None:
        return []
    named = ProjectSpecialist.objects.filter(
        project=OuterRef(OuterRef("pk")), department=OuterRef("pk"), ends_on=None
    )
    own = projects_visible_to(actor).filter(
        Exists(departments_to_name().exclude(Exists(named))),
        owner=actor.person_id,
        status=Status.ACTIVE,
        stage__in=BUILDING,
        stage_since__lte=until,
    )
    return [_item(project) for project in own.order_by("stage_since", "pk")[:MOST]]


def _item(project: Project) -> DueItem:
    return DueItem(
        on=project.stage_since,
        kind="specialists",
        key=str(project.pk),
        title=_("请各部门指派专员：%(project)s") % {"project": project.name},
        detail=_("项目已到建设阶段，还有部门没有指派专员"),
        url=f"{reverse('projects:detail', args=[project.public_id])}?tab=specialists",
    )


def specialists_tab(project: Project) -> dict[str, Any]:
    """What the tab of the record shows; three queries."""
    lines = specialist_lines(project)
    return {
        "specialist_lines": lines,
        "former_specialists": former_specialists(project),
        "building": is_building(project),
        "lacking": [line.department for line in lines if line.asked and line.present is None],
    }
