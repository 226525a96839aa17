"""Specialists of departments in the projects that are built: named when building began, one replaced, some still lacking."""

from datetime import timedelta

from projects.access import departments_visible_to, projects_visible_to
from projects.actions import name_specialist
from projects.demo.world import World
from projects.models import Department, Project
from projects.queries.specialist import BUILDING
from projects.workflow import Stage, Status

# How many projects have specialists; every third lacks its last department.
BUILT = 12
ABOUT = (Stage.SIGNED, Stage.REGISTERED, *BUILDING)


def tell(world: World) -> str:
    """Name them as the officers did."""
    manager = world.accounts["manager"]
    asked = list(
        departments_visible_to(manager).filter(names_specialist=True, is_open=True).order_by("position")
    )
    built = projects_visible_to(manager).filter(status=Status.ACTIVE, stage__in=BUILDING, is_secret=False)
    officer = world.accounts["officer"].person
    # The officer's are about to be built; the others are.
    own = list(
        projects_visible_to(manager)
        .filter(status=Status.ACTIVE, is_secret=False, owner=officer, stage__in=ABOUT)
        .order_by("pk")[:3]
    )
    projects = [*own, *built.exclude(owner=officer).order_by("pk")[: BUILT - len(own)]]
    count = 0
    for number, project in enumerate(projects):
        departments = asked[:-1] if number % 3 == 1 else asked
        count += len(departments)
        for department in departments:
            _named(project, department, world)
    _replaced(world, projects)
    return f"{count} specialists in {len(projects)} projects"


def _named(project: Project, department: Department, world: World) -> None:
    contact = department.contacts.filter(is_active=True).order_by("pk").first()
    if contact is not None:
        day = min(max(project.stage_since, project.reported_on), world.today)
        name_specialist(actor=project.created_by, project=project, contact=contact, on=day)


def _replaced(world: World, projects: list[Project]) -> None:
    """The power company sent somebody else last week."""
    for project in projects:
        present = project.specialists.filter(ends_on=None, department__code="power").first()
        day = world.today - timedelta(7)
        if present is None or present.starts_on > day:
            continue
        other = present.department.contacts.filter(is_active=True).exclude(pk=present.contact_id).first()
        if other is not None:
            name_specialist(
                actor=project.created_by, project=project, contact=other, on=day, reason="客户经理轮岗"
            )
            return
