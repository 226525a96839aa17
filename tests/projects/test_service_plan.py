"""Service plans: what a stage brings, ticking off, and 四个一 at the gate."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import (
    TemplateTask,
    add_task,
    adopt_starters,
    advance_project,
    change_task,
    finish_task,
    move_task,
    reopen_task,
    save_template,
    skip_task,
    start_plan,
)
from projects.models import Department, PlanTemplate, Project, ServicePlan, ServiceTask
from projects.queries.due import due_items
from projects.queries.service import four_ones, progress_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, CalendarCorrection
from staff.models import Account, Appointment
from tests.factories.files import make_pdf
from tests.factories.projects import make_project
from tests.factories.stories import a_paper

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, project_class="major", stage="admission", stage_since=TODAY)


@pytest.fixture
def task(officer: Account, project: Project) -> ServiceTask:
    return add_task(actor=officer, project=project, title="走访企业", due_on=TODAY + timedelta(3))


def template(
    manager: Account, stage: str, *tasks: tuple[str, int], project_class: str = "major"
) -> PlanTemplate:
    return save_template(
        actor=manager,
        project_class=project_class,
        stage=stage,
        tasks=[TemplateTask(title, days) for title, days in tasks],
        on=date(2026, 1, 1),
    )


def titles(project: Project) -> list[str]:
    return list(ServiceTask.objects.filter(plan__project=project).values_list("title", flat=True))


def test_entering_a_stage_brings_the_tasks_of_its_template_once(officer: Account, manager: Account) -> None:
    template(manager, "negotiation", ("来访考察", 10), ("选址方案", 15))
    project = make_project(officer, project_class="major")
    CalendarCorrection.objects.create(day=date(2026, 3, 4), is_working=False, note="临时放假", set_by=manager)

    for to, on in (("negotiation", 2), ("lead", 3), ("negotiation", 9)):
        advance_project(
            actor=officer, project=Project.objects.get(pk=project.pk), to=to, happened_on=date(2026, 3, on)
        )

    rows = ServiceTask.objects.values_list("title", "stage", "due_on", "owner", "source__template__number")
    assert list(rows) == [
        ("来访考察", "negotiation", date(2026, 3, 17), "specialist", 1),
        ("选址方案", "negotiation", date(2026, 3, 24), "specialist", 1),
    ]
    assert ServicePlan.objects.get().edition == 1


def test_new_template_holds_for_those_who_enter_later_and_fills_up_without_duplicates(
    officer: Account, manager: Account, project: Project
) -> None:
    template(manager, "admission", ("报送申请", 5))
    start_plan(actor=officer, project=project)
    template(manager, "admission", ("报送申请", 5), ("联审会签", 15))

    assert titles(project) == ["报送申请"]
    plan = start_plan(actor=officer, project=project)

    assert (titles(project), plan.edition) == (["报送申请", "联审会签"], 2)
    assert list(PlanTemplate.objects.order_by("number").values_list("number", "holds_until")) == [
        (1, date(2026, 1, 1)),
        (2, None),
    ]
    with pytest.raises(Refused, match="没有要补的"):
        start_plan(actor=officer, project=project)


def test_starters_fill_what_has_no_template_and_find_departments_by_name(manager: Account) -> None:
    template(manager, "lead", ("核实", 3))
    Department.objects.create(code="power", name="供电公司")

    assert len(adopt_starters(actor=manager)) == 23
    assert adopt_starters(actor=manager) == []
    held = PlanTemplate.objects.get(project_class="strategic", stage="started").tasks.first()
    assert (held.owner, held.department.name) == ("department", "供电公司")


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        ([], "1 到 40 条"),
        ([TemplateTask("甲", 1), TemplateTask("甲 ", 2)], "同名"),
        ([TemplateTask(" ", 1)], "要有名称"),
        ([TemplateTask("甲", 1000)], "0 到 999"),
        ([TemplateTask("甲", 1, "department")], "要选部门"),
    ],
)
def test_templates_that_cannot_be_are_refused_and_only_managers_keep_them(
    manager: Account, leader: Account, tasks: list[TemplateTask], sentence: str
) -> None:
    given: dict[str, Any] = {"project_class": "major", "stage": "lead", "tasks": tasks}

    with pytest.raises(Refused, match=sentence):
        save_template(actor=manager, **given)
    with pytest.raises(NotAllowed, match="分管领导制定"):
        save_template(actor=leader, **given)
    assert not PlanTemplate.objects.exists()


def test_second_of_two_template_keepers_learns_of_the_first(manager: Account, deputy: Account) -> None:
    given: dict[str, Any] = {
        "project_class": "major",
        "stage": "lead",
        "tasks": [TemplateTask("甲", 1)],
        "seen": 0,
    }
    save_template(actor=manager, **given)

    with pytest.raises(Conflict, match="已更新到 V1"):
        save_template(actor=deputy, **given)


def test_finish_needs_evidence_where_it_is_asked_for(officer: Account, project: Project) -> None:
    task = add_task(actor=officer, project=project, title="归档协议", due_on=TODAY, needs_evidence=True)

    with pytest.raises(Refused) as refusal:
        finish_task(actor=officer, task=task)
    assert set(refusal.value.fields) == {"files"}

    done = finish_task(actor=officer, task=task, files=[make_pdf()], note="已归档")
    assert (done.state, done.closed_on, done.closed_by, done.note, done.documents.count()) == (
        "done",
        TODAY,
        officer,
        "已归档",
        1,
    )
    assert str(progress_of(project)) == "1/1"


def test_skip_needs_a_reason_and_does_not_count_and_reopen_takes_both_back(
    officer: Account, project: Project, task: ServiceTask
) -> None:
    with pytest.raises(Refused, match="不再需要"):
        skip_task(actor=officer, task=task, reason=" ")
    skip_task(actor=officer, task=task, reason="企业已自行办妥")
    assert str(progress_of(project)) == "0/0"
    with pytest.raises(Refused, match="请先恢复"):
        finish_task(actor=officer, task=task)

    again = reopen_task(actor=officer, task=task)
    assert (again.state, again.reason, again.closed_by) == ("open", "", None)
    with pytest.raises(Refused, match="本来就在待办里"):
        reopen_task(actor=officer, task=task)
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "service.add",
        "service.skip",
        "service.reopen",
    ]


def test_two_who_tick_at_once_the_second_learns_of_the_first(
    officer: Account, leader: Account, task: ServiceTask
) -> None:
    finish_task(actor=officer, task=task, seen=1)

    with pytest.raises(Conflict):
        finish_task(actor=leader, task=task, seen=1)


def test_task_goes_to_people_who_see_the_project_and_to_departments(
    officer: Account, colleague: Account, outsider: Account, task: ServiceTask
) -> None:
    power = Department.objects.create(code="power", name="供电公司")
    given: dict[str, Any] = {"actor": officer, "task": task, "owner": "specialist", "due_on": TODAY}

    with pytest.raises(Refused, match="不在责任团队"):
        change_task(person=outsider.person, **given)
    with pytest.raises(Refused, match="请选择职能部门"):
        change_task(**{**given, "owner": "department"})

    assert change_task(person=colleague.person, **given).person == colleague.person
    assert colleague.notices.count() == 1
    changed = change_task(**{**given, "owner": "department"}, department=power)
    assert (changed.person, changed.department) == (None, power)


def test_tasks_change_places_within_their_stage(officer: Account, project: Project) -> None:
    first, second = (add_task(actor=officer, project=project, title=t, due_on=TODAY) for t in ("甲", "乙"))

    move_task(actor=officer, task=second, up=True)
    assert titles(project) == ["乙", "甲"]
    move_task(actor=officer, task=first, up=False)
    assert titles(project) == ["乙", "甲"]


def test_same_task_twice_is_refused(officer: Account, project: Project, task: ServiceTask) -> None:
    with pytest.raises(Conflict, match="已有同名任务"):
        add_task(actor=officer, project=project, title="走访企业", due_on=TODAY)


def test_others_neither_see_nor_work_a_plan(
    outsider: Account, colleague: Account, auditor: Account, task: ServiceTask
) -> None:
    with pytest.raises(NotFound):
        finish_task(actor=outsider, task=task)
    for reader in (colleague, auditor):
        with pytest.raises(NotAllowed):
            finish_task(actor=reader, task=task)


def test_due_tasks_follow_the_office_and_the_person(
    officer: Account, colleague: Account, leader: Account, project: Project
) -> None:
    def due(account: Account) -> list[str]:
        return [
            item.title for item in due_items(account, TODAY + timedelta(7)) if item.kind == "service-task"
        ]

    add_task(actor=officer, project=project, title="甲", due_on=TODAY - timedelta(2))
    add_task(actor=officer, project=project, title="乙", due_on=TODAY, owner="leader")
    add_task(actor=officer, project=project, title="丙", due_on=TODAY, person=colleague.person)
    add_task(actor=officer, project=project, title="丁", due_on=TODAY + timedelta(30))
    assert (due(officer), due(leader), due(colleague)) == (["甲"], ["乙"], ["丙"])

    Project.objects.filter(pk=project.pk).update(owner=colleague.person)
    assert (due(officer), due(colleague)) == ([], ["甲", "丙"])


def signed(officer: Account, project: Project) -> Project:
    return advance_project(
        actor=officer,
        project=project,
        to="signed",
        details={"admission_note": "同意。"},
        milestone={"happened_on": TODAY, "amount": Decimal(100), "evidence": [a_paper("合同.pdf")]},
    )


def test_key_project_is_signed_only_with_the_four(officer: Account, project: Project) -> None:
    with pytest.raises(Refused, match=r"重大项目要先落实“四个一”.*还没有服务方案，请在“服务方案”页签建立"):
        signed(officer, project)
    assert four_ones(project).lacks == ["服务方案"]

    add_task(actor=officer, project=project, title="推进节点计划", due_on=TODAY)
    assert four_ones(project).lacks == []
    assert signed(officer, project).stage == "signed"


def test_key_project_without_people_in_post_is_not_signed(
    manager: Account, officer: Account, project: Project, task: ServiceTask
) -> None:
    Appointment.objects.filter(person=officer.person).update(ends_on=TODAY)

    with pytest.raises(Refused, match=r"今天没有人在岗.*今天不在岗"):
        signed(manager, project)


def test_ordinary_project_is_signed_without(officer: Account) -> None:
    assert signed(officer, make_project(officer, stage="admission", stage_since=TODAY)).stage == "signed"


def test_plan_is_started_ticked_and_shown_on_the_record(
    officer: Account, manager: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    template(manager, "admission", ("报送申请", 5), ("联审会签", 15))
    client, url = client_as(officer), f"/projects/{project.public_id}/"

    assert "建立服务方案" in client.get(f"{url}?tab=service").content.decode()
    assert client.post(f"{url}service/start/").status_code == 302
    first = ServiceTask.objects.first()
    assert first
    ticked = client.post(
        f"/service-tasks/{first.public_id}/finish/",
        {"seen": first.version},
        headers={"HX-Request": "true", "HX-Target": "project-tab"},
    )

    text = ticked.content.decode()
    assert (ticked.status_code, "1/2" in text, 'id="plan-progress"' in text) == (200, True, True)
    assert "V1 · 1/2 已完成" in client.get(url).content.decode()


def test_task_forms_keep_what_was_typed(
    officer: Account, project: Project, task: ServiceTask, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)

    wrong = client.post(
        f"/projects/{project.public_id}/service/add/",
        {"title": "办理外线", "due_on": "2027-01-05", "owner": "department"},
    )
    skipped = client.post(f"/service-tasks/{task.public_id}/skip/", {"reason": ""})

    assert (wrong.status_code, "办理外线" in wrong.content.decode(), skipped.status_code) == (422, True, 422)
    assert titles(project) == ["走访企业"]


@pytest.mark.parametrize("path", ["/projects/tasks/", "/key-projects/"])
def test_lists_cost_the_same_queries_for_more_rows(
    manager: Account,
    officer: Account,
    path: str,
    client_as: Callable[[Account], Client],
) -> None:
    client = client_as(manager)

    def fill(count: int) -> None:
        for number in range(count):
            made = make_project(officer, project_class="strategic")
            add_task(actor=officer, project=made, title=f"任务{number}", due_on=TODAY)

    fill(1)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    fill(2)
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(one) == len(three)


def test_task_list_is_narrowed_by_owner_team_and_lateness(
    officer: Account, outsider: Account, manager: Account, client_as: Callable[[Account], Client]
) -> None:
    for account, title, days in ((officer, "甲任务", -2), (outsider, "乙任务", 2)):
        add_task(actor=account, project=make_project(account), title=title, due_on=TODAY + timedelta(days))

    def shown(account: Account, query: str = "") -> list[str]:
        text = client_as(account).get(f"/projects/tasks/{query}").content.decode()
        return [title for title in ("甲任务", "乙任务") if title in text]

    assert shown(officer) == ["甲任务"]
    assert shown(manager) == ["甲任务", "乙任务"]
    assert shown(manager, "?overdue=1") == ["甲任务"]
    assert shown(manager, f"?owner={outsider.person.public_id}") == ["乙任务"]
    assert shown(manager, "?state=done") == []


def test_key_project_page_says_what_is_lacking(
    officer: Account, leader: Account, manager: Account, client_as: Callable[[Account], Client]
) -> None:
    make_project(officer, name="缺方案的项目", project_class="strategic")
    whole = make_project(officer, name="齐全的项目", project_class="major")
    add_task(actor=officer, project=whole, title="走访", due_on=TODAY)
    make_project(officer, name="一般的项目")

    lacking = client_as(manager).get("/key-projects/?lacks=any").content.decode()

    assert ["缺方案的项目" in lacking, "齐全的项目" in lacking, "一般的项目" in lacking] == [
        True,
        False,
        False,
    ]
    assert client_as(leader).get("/key-projects/").status_code == 200
    assert client_as(officer).get("/key-projects/").status_code == 403


def test_templates_are_kept_on_their_page(
    manager: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    url = "/service-templates/major/lead/"
    typed = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-title": "核实主体",
        "form-0-owner": "specialist",
        "form-0-due_days": "3",
        "form-1-title": "",
        "on": TODAY.isoformat(),
        "seen": "0",
    }
    client = client_as(manager)

    assert client.post(url, {**typed, "form-0-due_days": ""}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert client_as(officer).post(url, typed).status_code == 403
    assert "核实主体" in client_as(officer).get(url).content.decode()
    assert list(PlanTemplate.objects.values_list("number", "tasks__title")) == [(1, "核实主体")]
