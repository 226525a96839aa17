"""Moving, changing, suspending and handing over a project."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from projects.actions import (
    advance_project,
    change_project,
    lose_project,
    resume_project,
    suspend_project,
)
from projects.credit_code import check_character
from projects.models import Achievement, Project, StageChange
from projects.queries.money import money_lines
from projects.queries.project import stage_ribbon
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_achievement, make_project, make_recognised

CODE = "91320282MA00000000"


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer)


def evidence() -> SimpleUploadedFile:
    return make_pdf("投资协议.pdf")


def signing(**fields: Any) -> dict[str, Any]:
    return {
        "happened_on": date(2026, 3, 1),
        "amount": Decimal(120_000_000),
        "evidence": [evidence()],
        **fields,
    }


def test_advance_moves_one_stage_and_keeps_history(officer: Account, project: Project) -> None:
    moved = advance_project(
        actor=officer, project=project, to="negotiation", seen=1, happened_on=date(2026, 2, 1)
    )

    project.refresh_from_db()
    assert (project.stage, project.stage_since, project.progressed_on, project.version) == (
        "negotiation",
        date(2026, 2, 1),
        date(2026, 2, 1),
        2,
    )
    assert moved.version == 2
    change = StageChange.objects.get()
    assert (change.from_stage, change.to_stage, change.happened_on, change.changed_by) == (
        "lead",
        "negotiation",
        date(2026, 2, 1),
        officer,
    )
    assert AuditEntry.objects.get().verb == "project.advance"


def test_advance_asks_in_the_same_step_for_what_the_gate_misses(officer: Account) -> None:
    project = make_project(officer, stage="negotiation", industry="", planned_investment=None)

    with pytest.raises(Refused) as refusal:
        advance_project(actor=officer, project=project, to="admission")

    assert refusal.value.fields == {"industry": "请选择产业。", "planned_investment": "请填写计划总投资。"}

    details = {"industry": "materials", "planned_investment": Decimal(350_000_000)}
    advance_project(actor=officer, project=project, to="admission", details=details)

    project.refresh_from_db()
    assert (project.stage, project.industry, project.planned_investment) == (
        "admission",
        "materials",
        Decimal(350_000_000),
    )


def test_advance_reports_the_milestone_in_the_same_step(officer: Account) -> None:
    project = make_project(officer, stage="admission")

    advance_project(
        actor=officer,
        project=project,
        to="signed",
        details={"admission_note": "同意准入"},
        milestone=signing(),
    )

    project.refresh_from_db()
    reported = Achievement.objects.get()
    assert (project.stage, project.stage_since, project.admission_note) == (
        "signed",
        date(2026, 3, 1),
        "同意准入",
    )
    assert (reported.kind, reported.state, reported.amount_cny) == (
        "signed",
        "submitted",
        Decimal(120_000_000),
    )


def test_advance_to_a_milestone_says_everything_that_is_missing_and_moves_nothing(officer: Account) -> None:
    project = make_project(officer, stage="admission")

    with pytest.raises(Refused) as refusal:
        advance_project(actor=officer, project=project, to="signed")

    project.refresh_from_db()
    assert set(refusal.value.fields) == {"admission_note", "happened_on", "amount", "evidence"}
    assert (project.stage, Achievement.objects.count(), StageChange.objects.count()) == ("admission", 0, 0)


@pytest.mark.parametrize("code", ["913", "91320282MA00000001"])
def test_advance_to_registration_refuses_a_wrong_credit_code(officer: Account, code: str) -> None:
    project = make_project(officer, stage="signed")

    with pytest.raises(Refused) as refusal:
        advance_project(
            actor=officer,
            project=project,
            to="registered",
            details={"credit_code": code},
            milestone=signing(),
        )

    assert set(refusal.value.fields) == {"credit_code"}


def test_advance_to_registration_gives_the_company_its_code(officer: Account) -> None:
    code = CODE[:-1] + check_character(CODE[:-1])
    project = make_project(officer, stage="signed")

    advance_project(
        actor=officer,
        project=project,
        to="registered",
        details={"credit_code": code.lower()},
        milestone=signing(),
    )

    project.company.refresh_from_db()
    assert (project.company.credit_code, project.company.version) == (code, 2)


@pytest.mark.parametrize(
    ("fields", "to", "sentence"),
    [
        ({"stage": "lead"}, "signed", "不能从「线索」直接跳到「签约」"),
        ({"stage": "signed"}, "admission", "由里程碑决定"),
        ({"stage": "lead"}, "lead", "已经在「线索」"),
        ({"stage": "lead"}, "filed", "没有「filed」这个阶段"),
        ({"stage": "lead", "status": "suspended"}, "negotiation", "项目已暂缓"),
    ],
)
def test_advance_refuses_a_move_outside_the_table(
    officer: Account, fields: dict[str, str], to: str, sentence: str
) -> None:
    project = make_project(officer, **fields)

    with pytest.raises(Refused, match=sentence):
        advance_project(actor=officer, project=project, to=to)


def test_advance_is_blocked_while_the_milestone_is_returned(officer: Account) -> None:
    project = make_project(officer, stage="signed")
    make_achievement(project, officer, state="returned")

    with pytest.raises(Refused, match="被退回，请先补正并重新提交"):
        advance_project(actor=officer, project=project, to="registered")


def test_advance_refuses_a_day_to_come(officer: Account, project: Project) -> None:
    with pytest.raises(Refused) as refusal:
        advance_project(actor=officer, project=project, to="negotiation", happened_on=date(2999, 1, 1))

    assert set(refusal.value.fields) == {"happened_on"}


def test_advance_is_for_those_who_work_on_the_project(
    colleague: Account, leader: Account, outsider: Account, project: Project
) -> None:
    with pytest.raises(NotAllowed):
        advance_project(actor=colleague, project=project, to="negotiation")
    with pytest.raises(NotFound):
        advance_project(actor=outsider, project=project, to="negotiation")

    assert advance_project(actor=leader, project=project, to="negotiation").stage == "negotiation"


def test_second_mover_learns_where_the_project_stands(
    officer: Account, leader: Account, project: Project
) -> None:
    stale = Project.objects.get(pk=project.pk)
    advance_project(actor=leader, project=project, to="negotiation")

    with pytest.raises(Conflict, match=f"{leader.display_name} 刚刚已把这个项目移到「洽谈」"):
        advance_project(actor=officer, project=stale, to="negotiation")
    with pytest.raises(Conflict, match=f"{leader.display_name} 已于 .* 推进项目"):
        advance_project(actor=officer, project=stale, to="negotiation", seen=1)


@pytest.mark.django_db(transaction=True)
def test_two_people_moving_at_once_move_it_once(officer: Account, leader: Account) -> None:
    project = make_project(officer)
    outcomes = run_together(
        lambda: advance_project(
            actor=officer, project=Project(pk=project.pk, stage="lead"), to="negotiation"
        ),
        lambda: advance_project(actor=leader, project=Project(pk=project.pk, stage="lead"), to="negotiation"),
    )

    assert sorted(outcomes) == ["Conflict", "done"]
    assert StageChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_editing_at_once_keep_the_first(officer: Account, leader: Account) -> None:
    project = make_project(officer)
    outcomes = run_together(
        lambda: change_project(actor=officer, project=project, seen=1, next_step="甲"),
        lambda: change_project(actor=leader, project=project, seen=1, next_step="乙"),
    )

    project.refresh_from_db()
    assert sorted(outcomes) == ["Conflict", "done"]
    assert (project.version, project.next_step in ("甲", "乙")) == (2, True)


def run_together(*acts: Callable[[], Any]) -> list[str]:
    """Run each in a thread of its own, started at the same moment; "done" or the name of what was raised."""
    outcomes: list[str] = []
    start = threading.Barrier(len(acts))

    def perform(act: Callable[[], Any]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except (Conflict, Refused) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=perform, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_change_keeps_old_and_new_values(officer: Account, project: Project) -> None:
    change_project(
        actor=officer, project=project, seen=1, name="新名称", planned_investment=Decimal("200000000.00")
    )

    project.refresh_from_db()
    assert (project.name, project.version, project.initials) == ("新名称", 2, "xmc")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail["version"], entry.detail["changes"]["name"][1]) == (
        "project.change",
        2,
        "新名称",
    )
    assert entry.detail["changes"]["planned_investment"] == ["100000000.00", "200000000.00"]


def test_change_of_nothing_is_no_version(officer: Account, project: Project) -> None:
    change_project(actor=officer, project=project, seen=1, name=project.name)

    assert (Project.objects.get().version, AuditEntry.objects.count()) == (1, 0)


def test_change_of_an_older_page_says_who_was_first(
    officer: Account, leader: Account, project: Project
) -> None:
    change_project(actor=leader, project=project, seen=1, next_step="寄送协议文本")

    with pytest.raises(Conflict, match=f"{leader.display_name} 已于 .* 修改项目"):
        change_project(actor=officer, project=project, seen=1, next_step="约访")

    project.refresh_from_db()
    assert project.next_step == "寄送协议文本"


def test_change_refuses_what_cannot_be(officer: Account) -> None:
    project = make_project(officer, stage="admission")
    wrong = {"name": " ", "planned_investment": Decimal(-1), "channel": "telepathy", "industry": ""}

    with pytest.raises(Refused) as refusal:
        change_project(actor=officer, project=project, seen=1, **wrong)
    with pytest.raises(TypeError):
        change_project(actor=officer, project=project, seen=1, stage="produced")

    assert set(refusal.value.fields) == set(wrong)


def test_change_is_refused_to_a_colleague_without_a_share(colleague: Account, project: Project) -> None:
    with pytest.raises(NotAllowed):
        change_project(actor=colleague, project=project, seen=1, name="新名称")


def test_suspended_project_rests_until_resumed(officer: Account, project: Project) -> None:
    suspend_project(actor=officer, project=project, reason="业主等待土地指标", seen=1)
    with pytest.raises(Refused, match="已经是“暂缓”"):
        suspend_project(actor=officer, project=project, reason="再来一次")
    resumed = resume_project(actor=officer, project=project, reason="指标已下达")

    assert (resumed.status, resumed.stage, resumed.version) == ("active", "lead", 3)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "reason")) == [
        ("project.suspend", "业主等待土地指标"),
        ("project.resume", "指标已下达"),
    ]


def test_losing_a_project_needs_a_reason_and_the_right_person(
    officer: Account, colleague: Account, project: Project
) -> None:
    with pytest.raises(Refused) as refusal:
        lose_project(actor=officer, project=project, reason=" ")
    with pytest.raises(NotAllowed):
        lose_project(actor=colleague, project=project, reason="投向外地")

    assert set(refusal.value.fields) == {"reason"}
    assert lose_project(actor=officer, project=project, reason="投向外地").status == "lost"


def edited(project: Project, **fields: str) -> dict[str, str]:
    """What the edit form posts for the project as it stands, with some fields changed."""
    return {
        "name": project.name,
        "planned_investment": "10000",
        "industry": project.industry,
        "capital_source": project.capital_source,
        "project_class": project.project_class,
        "channel": project.channel,
        "version": str(project.version),
        **fields,
    }


def test_edit_page_keeps_what_was_typed_and_shows_what_the_other_changed(
    officer: Account, leader: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(officer), f"/projects/{project.public_id}/edit/"
    typed = edited(project, next_step="我的下一步")
    change_project(actor=leader, project=project, seen=1, name="队长改的名")

    second = client.post(url, typed)
    body = second.content.decode()
    again = client.post(url, {**typed, "version": "2", "name": "队长改的名"})

    project.refresh_from_db()
    assert second.status_code == 409
    assert (leader.display_name in body, "队长改的名" in body, "我的下一步" in body) == (True, True, True)
    assert 'name="version" value="2"' in body
    assert (again.status_code, project.name, project.next_step) == (302, "队长改的名", "我的下一步")


def test_edit_page_says_what_is_wrong_beside_the_field(
    officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    reply = client_as(officer).post(
        f"/projects/{project.public_id}/edit/", edited(project, planned_investment="很多钱")
    )

    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == ["planned_investment"]


def test_edit_page_does_not_empty_what_a_gate_holds(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    project = make_project(officer, stage="admission")

    reply = client_as(officer).post(f"/projects/{project.public_id}/edit/", edited(project, industry=""))

    assert (reply.status_code, list(reply.context["form"].errors)) == (422, ["industry"])


def test_pages_of_a_project_that_one_does_not_see_do_not_exist(
    outsider: Account, auditor: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    names = ("", "advance/", "edit/", "shares/", "hand-over/", "status/lose/")
    urls = [f"/projects/{project.public_id}/{name}" for name in names]
    stranger, reader = client_as(outsider), client_as(auditor)

    assert [stranger.get(url).status_code for url in urls] == [404] * 6
    assert [reader.get(url).status_code for url in urls] == [200] + [403] * 5


def test_status_page_ends_a_project_with_its_reason(
    officer: Account, project: Project, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(officer), f"/projects/{project.public_id}/status/lose/"

    empty = client.post(url, {"reason": "", "seen": "1"})
    done = client.post(url, {"reason": "投向外地", "seen": "1"})

    project.refresh_from_db()
    assert (empty.status_code, done.status_code) == (422, 302)
    assert (project.status, project.status_reason) == ("lost", "投向外地")
    assert client.get(f"/projects/{project.public_id}/status/burn/").status_code == 404


def test_money_lines_show_what_is_recognised_and_say_what_waits(officer: Account, manager: Account) -> None:
    project = make_project(officer, stage="registered", planned_investment=Decimal(400_000_000))
    reported = [
        make_recognised(project, officer, manager),
        make_achievement(project, officer, kind="registered", amount_cny=Decimal(50_000_000)),
        make_recognised(project, officer, manager, kind="paid_in", amount_cny=Decimal(20_000_000)),
        make_achievement(project, officer, kind="paid_in", amount_cny=Decimal(10_000_000)),
        make_achievement(project, officer, kind="fixed_asset", state="returned"),
    ]

    lines = [(line.label, line.amount, line.detail, line.share) for line in money_lines(project, reported)]

    assert lines == [
        ("计划总投资", Decimal(400_000_000), "", Decimal(1)),
        ("合同额", Decimal(100_000_000), "", Decimal("0.25")),
        ("注册资本", Decimal(50_000_000), "待认定", Decimal("0.125")),
        ("到账资金", Decimal(20_000_000), "待认定 0.10", Decimal("0.05")),
        ("固定资产投资", None, "", None),
    ]


def test_ribbon_tells_days_and_recognition(officer: Account, manager: Account) -> None:
    project = make_project(officer, reported_on=date(2026, 1, 5))
    advance_project(actor=officer, project=project, to="negotiation", happened_on=date(2026, 2, 4))
    Project.objects.filter(pk=project.pk).update(stage="signed", stage_since=timezone.localdate())
    project.refresh_from_db()
    signed = make_recognised(project, officer, manager)

    steps = [(step.label, step.detail, step.state) for step in stage_ribbon(project, [signed])]

    assert steps[:4] == [
        ("线索", "26-01-05 · 30 天", "past"),
        ("洽谈", "26-02-04", "past"),
        ("准入审查", "", "past"),
        ("签约", f"{timezone.localdate():%y-%m-%d} · 第 1 天", "current"),
    ]
    assert [state for _label, _detail, state in steps[4:]] == ["future"] * 4
