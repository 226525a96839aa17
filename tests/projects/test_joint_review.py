"""Gates of a class, and the joint review with its countersigned record."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from projects.actions import add_department, recognise_achievement
from projects.actions.admission import apply_for_admission, decide_admission
from projects.actions.coaching import open_coaching, record_coaching
from projects.actions.conditions import Condition, close_condition
from projects.actions.diligence import (
    conclude_diligence,
    confirm_diligence,
    open_diligence,
    record_finding,
)
from projects.actions.gates import adopt_gate_defaults
from projects.actions.joint_review import (
    decide_joint_review,
    open_joint_review,
    withdraw_joint_review,
)
from projects.actions.review_opinion import give_opinion
from projects.models import Department, GateCondition, JointReview, Project
from projects.queries.gates import passed_gates
from promotion.errors import Conflict, NotAllowed, Outcome, Refused
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_achievement, make_project


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, project_class="strategic", stage="signed")


@pytest.fixture
def departments(manager: Account) -> list[Department]:
    return [
        add_department(actor=manager, code=code, name=name)
        for code, name in (("planning", "规划建设局"), ("power", "供电公司"))
    ]


def opened(officer: Account, project: Project, departments: list[Department]) -> JointReview:
    return open_joint_review(
        actor=officer, project=project, subject="供地和用能方案", departments=departments
    )


def test_signing_needs_the_gates_of_its_class_from_the_day_of_the_rule(
    officer: Account, manager: Account, project: Project
) -> None:
    adopt_gate_defaults(actor=manager, on=date(2026, 6, 1))
    before = make_achievement(project, officer, happened_on=date(2026, 5, 31))
    recognise_achievement(actor=manager, achievement=before, exception_reason="试")

    other = make_project(officer, project_class="strategic", stage="signed")
    after = make_achievement(other, officer, happened_on=date(2026, 6, 1))
    with pytest.raises(Refused, match="项目准入决定、尽职调查、联审会签"):
        recognise_achievement(actor=manager, achievement=after, exception_reason="试")

    ordinary = make_project(officer, stage="signed")
    free = make_achievement(ordinary, officer, happened_on=date(2026, 6, 2))
    assert recognise_achievement(actor=manager, achievement=free, exception_reason="试").state == "recognised"


def test_every_gate_can_be_passed(
    officer: Account, manager: Account, project: Project, departments: list[Department]
) -> None:
    adopt_gate_defaults(actor=manager, on=date(2026, 1, 1))
    application = apply_for_admission(actor=officer, project=project, land_area=Decimal(100), jobs=10)
    decide_admission(actor=manager, application=application, decision="admit", reason="符合产业方向")
    inquiry = open_diligence(actor=officer, project=project)
    for item in inquiry.items.all():
        record_finding(actor=officer, diligence=inquiry, item=item, finding="无异常", risk="low")
    conclude_diligence(actor=officer, diligence=inquiry, conclusion="可以合作", risk="low")
    with pytest.raises(NotAllowed):
        confirm_diligence(actor=officer, diligence=inquiry)
    confirm_diligence(actor=manager, diligence=inquiry)
    review = opened(officer, project, departments)
    for each in departments:
        give_opinion(actor=officer, review=review, department=each, opinion="agree")
    decided = decide_joint_review(actor=manager, review=review, outcome="passed", note="同意推进")
    for matter in open_coaching(actor=officer, project=project):
        record_coaching(actor=officer, item=matter, advice="已辅导", done_on=timezone.localdate())

    assert passed_gates(project) == {"admission", "diligence", "joint_review", "coaching", "specialists"}
    assert decided.document is not None
    assert decided.document.file.open("rb").read(5) == b"%PDF-"
    signing = make_achievement(project, officer, happened_on=timezone.localdate())
    assert (
        recognise_achievement(actor=manager, achievement=signing, exception_reason="试").state == "recognised"
    )


def test_review_below_its_quorum_or_against_is_refused_and_an_override_passes_it(
    officer: Account, manager: Account, project: Project, departments: list[Department]
) -> None:
    review = opened(officer, project, departments)
    give_opinion(
        actor=officer, review=review, department=departments[1], opinion="against", text="变电站容量不足"
    )
    with pytest.raises(Refused, match="还缺：规划建设局"):
        decide_joint_review(actor=manager, review=review, outcome="passed", note="同意")
    assert officer.person is not None
    condition = Condition("取得总量指标", officer.person, date(2026, 12, 20))
    with pytest.raises(Refused, match="至少写一条条件"):
        give_opinion(
            actor=officer, review=review, department=departments[0], opinion="conditional", text="须有指标"
        )
    give_opinion(
        actor=officer, review=review, department=departments[0], opinion="conditional", text="须有指标",
        conditions=[condition],
    )  # fmt: skip
    with pytest.raises(Refused, match="供电公司不同意"):
        decide_joint_review(actor=manager, review=review, outcome="passed", note="同意")

    passed = decide_joint_review(
        actor=manager, review=review, outcome="passed", note="同意", override_reason="先行临时接入"
    )
    closed = close_condition(
        actor=officer, condition=GateCondition.objects.get(), note="已取得批复", upload=make_pdf("批复.pdf")
    )

    assert (passed.state, passed.override_reason, closed.closed_by) == ("passed", "先行临时接入", officer)
    with pytest.raises(Conflict):
        give_opinion(actor=officer, review=review, department=departments[0], opinion="agree")


def test_second_round_keeps_the_first(
    officer: Account, project: Project, departments: list[Department]
) -> None:
    first = opened(officer, project, departments)
    with pytest.raises(Conflict, match="还没有结束"):
        opened(officer, project, departments)
    withdraw_joint_review(actor=officer, review=first, reason="方案有调整")

    second = opened(officer, project, departments)

    assert [second.round, JointReview.objects.get(round=1).state] == [2, "withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_two_managers_decide_one_round_and_one_is_told(
    officer: Account, manager: Account, deputy: Account, project: Project, departments: list[Department]
) -> None:
    review = opened(officer, project, departments)
    for each in departments:
        give_opinion(actor=officer, review=review, department=each, opinion="agree")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide(actor: Account, outcome: str) -> None:
        start.wait()
        try:
            outcomes.append(
                decide_joint_review(actor=actor, review=review, outcome=outcome, note="结论").state
            )
        except Outcome as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=args) for args in ((manager, "passed"), (deputy, "failed"))
    ]
    for each_thread in threads:
        each_thread.start()
    for each_thread in threads:
        each_thread.join()

    assert sorted(outcomes) in (["Conflict", "passed"], ["Conflict", "failed"])


@pytest.mark.django_db(transaction=True)
def test_two_people_write_one_opinion_and_the_second_is_told(
    officer: Account, leader: Account, project: Project, departments: list[Department]
) -> None:
    review = opened(officer, project, departments)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def say(actor: Account, opinion: str) -> None:
        start.wait()
        try:
            row = give_opinion(
                actor=actor, review=review, department=departments[0], opinion=opinion, text="理由", seen=1
            )
            outcomes.append(row.opinion)
        except Outcome as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=args) for args in ((officer, "agree"), (leader, "against"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    kept = review.opinions.get(department=departments[0]).opinion
    assert sorted(outcomes) == ["Conflict", kept]
