"""Service to the end in the demo: templates, plans with progress, a handover that waits and one of everything that is done."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.access import projects_visible_to
from projects.actions import (
    add_task,
    adopt_starters,
    finish_task,
    hand_over_all,
    propose_handover,
    skip_task,
    start_plan,
)
from projects.demo.papers import paper
from projects.demo.world import World
from projects.models import Project, ServiceTask, TaskState
from projects.queries.custody import custody_of
from projects.workflow import KEY_CLASSES
from staff.models import Account

# How many key projects beside the officer's own have a plan; the others show on the page of 四个一 as lacking one.
KEY_PLANS = 12
OWN_TASKS = ("陪同企业对接银行授信", "协调员工公寓", "走访上游供应商")


def tell(world: World) -> str:
    """Managers adopt the starters, officers work their plans, one project is on its way to a colleague, one officer moved."""
    officer, manager = world.accounts["officer"], world.accounts["manager"]
    templates = adopt_starters(actor=manager, on=date(world.today.year - 2, 1, 1))
    own = list(_active(officer).filter(owner=officer.person).order_by("pk"))
    for number, project in enumerate(own):
        start_plan(actor=officer, project=project)
        _work(officer, project, number, world.today)
    key = _active(manager).filter(project_class__in=KEY_CLASSES).exclude(owner=officer.person)
    for project in key.order_by("pk")[:KEY_PLANS]:
        start_plan(actor=manager, project=project)
    colleague = next(
        person for person, account in world.cast.officers["GJ1"] if account and person != officer.person
    )
    propose_handover(
        actor=officer,
        project=own[-1],
        receiver=colleague,
        reason="企业总部所在地由其负责联络，便于跟到底。",
        note="企业最关心供电接入时间，已口头答应月底前给答复。",
    )
    moved = _move_one(world, manager)
    return f"{len(templates)} templates, {ServiceTask.objects.count()} service tasks, {moved} projects handed over"


def _active(actor: Account):  # type: ignore[no-untyped-def]
    return projects_visible_to(actor).filter(status="active")


def _work(officer: Account, project: Project, number: int, today: date) -> None:
    """A task of one's own, and the first ones ticked off."""
    add_task(
        actor=officer,
        project=project,
        title=OWN_TASKS[number % len(OWN_TASKS)],
        due_on=today + timedelta(number - 2),
    )
    tasks = ServiceTask.objects.filter(plan__project=project, state=TaskState.OPEN).order_by("position")
    for place, task in enumerate(tasks[: 1 + number % 3]):
        if place == 2:
            skip_task(actor=officer, task=task, reason="企业已自行办妥。")
            continue
        files = []
        if task.needs_evidence:
            content = paper("service", task.pk, today, 0)
            files = [SimpleUploadedFile(f"{task.title}.pdf", content, "application/pdf")]
        finish_task(actor=officer, task=task, files=files)


def _move_one(world: World, manager: Account) -> int:
    """An officer of the eighth task force goes to a stationed team; colleagues take over what was his."""
    team = [person for person, _account in world.cast.officers["GJ8"]]
    leaver, *others = reversed(team)
    custody = custody_of(leaver)
    if not custody.keys:
        return 0
    hand_over_all(
        actor=manager,
        person=leaver,
        kind="move",
        last_day=world.today,
        reason="调往驻点招商攻坚队，项目由本队同事接续。",
        receivers={key: others[place % len(others)] for place, key in enumerate(custody.keys)},
    )
    return len(custody.projects)
