"""Admission, due diligence, pre-coaching and the gates in the browser: each path a person takes, and each refusal."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects.actions.admission import apply_for_admission
from projects.actions.diligence import open_diligence
from projects.actions.gate_rules import add_topic, retire_topic, settle_criterion, settle_review_rule
from projects.actions.gates import adopt_gate_defaults, require_gate
from projects.models import (
    AdmissionApplication,
    AdmissionCriterion,
    ChecklistTopic,
    CoachingItem,
    Diligence,
    GateCondition,
    GateRequirement,
    Project,
)
from projects.queries.gates import criteria_of, rule_of, topics_of
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, project_class="major", stage="admission")


@pytest.fixture
def configured(manager: Account) -> None:
    adopt_gate_defaults(actor=manager)


def tab(client: Client, project: Project) -> str:
    address = reverse("projects:detail", args=[project.public_id])
    return client.get(f"{address}?tab=admission").content.decode()


def test_admission_is_applied_for_and_decided_with_conditions_by_another_person(
    client_as: SignIn, officer: Account, manager: Account, project: Project, configured: None
) -> None:
    typed = {"investment": "5亿", "land_area": "100", "annual_tax": "3000万", "jobs": "150"}
    client_as(officer).post(reverse("projects:admission-new", args=[project.public_id]), typed)
    application = AdmissionApplication.objects.get()
    assert (application.investment, application.annual_tax) == (Decimal(500000000), Decimal(30000000))
    page = client_as(manager).get(reverse("projects:admission", args=[application.public_id]))
    assert "决定准入" in page.content.decode()
    assert page.content.decode().count("缺数据") == 2

    assert officer.person is not None
    decision = {
        "seen": application.version,
        "decision": "conditional",
        "reason": "先补能评",
        "on": timezone.localdate().isoformat(),
        "text_1": "取得能评批复",
        "owner_1": officer.person.public_id,
        "due_1": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    client_as(manager).post(reverse("projects:admission-decide", args=[application.public_id]), decision)
    application.refresh_from_db()
    condition = GateCondition.objects.get()
    assert (application.decision, condition.text, condition.owner) == (
        "conditional",
        "取得能评批复",
        officer.person,
    )
    assert "有条件准入" in tab(client_as(officer), project)

    closing = {"note": "批复已取得", "on": timezone.localdate().isoformat(), "upload": make_pdf("批复.pdf")}
    address = reverse("projects:admission-condition", args=[application.public_id, condition.pk])
    client_as(officer).post(address, closing)
    condition.refresh_from_db()
    assert condition.closed_by == officer


def test_a_condition_that_is_half_written_asks_for_the_rest_and_keeps_what_was_typed(
    client_as: SignIn, officer: Account, manager: Account, project: Project
) -> None:
    application = apply_for_admission(actor=officer, project=project)
    address = reverse("projects:admission-decide", args=[application.public_id])
    typed = {
        "decision": "conditional",
        "reason": "先补能评",
        "on": timezone.localdate().isoformat(),
        "text_1": "能评",
    }

    answer = client_as(manager).post(address, typed)

    assert answer.status_code == 422
    assert "一条条件要写明内容、责任人和期限" in answer.content.decode()
    assert "先补能评" in answer.content.decode()
    none = client_as(manager).post(address, {**typed, "text_1": ""})
    assert "有条件准入请至少写一条条件" in none.content.decode()
    assert AdmissionApplication.objects.get().decision == ""


def test_a_decision_that_somebody_made_meanwhile_is_not_overwritten(
    client_as: SignIn, officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    application = apply_for_admission(actor=officer, project=project)
    address = reverse("projects:admission-decide", args=[application.public_id])
    typed = {"decision": "admit", "reason": "达标", "on": timezone.localdate().isoformat(), "seen": "1"}
    client_as(manager).post(address, typed)

    late = client_as(deputy).post(address, {**typed, "decision": "refuse", "reason": "不行"})

    assert late.status_code in {409, 422}
    assert manager.display_name in late.content.decode()
    assert AdmissionApplication.objects.get().decision == "admit"


def test_officers_do_not_decide_and_outsiders_see_nothing(
    client_as: SignIn, officer: Account, outsider: Account, project: Project
) -> None:
    application = apply_for_admission(actor=officer, project=project)
    typed = {"decision": "admit", "reason": "达标", "on": timezone.localdate().isoformat()}
    address = reverse("projects:admission-decide", args=[application.public_id])

    refused = client_as(officer).post(address, typed)

    assert "准入由分管领导决定" in refused.content.decode()
    assert (
        client_as(outsider).get(reverse("projects:admission", args=[application.public_id])).status_code
        == 404
    )
    assert client_as(outsider).post(address, typed).status_code == 404
    assert (
        application.public_id not in client_as(outsider).get(reverse("projects:admissions")).content.decode()
    )


def test_an_inquiry_runs_from_findings_to_the_second_person(
    client_as: SignIn, officer: Account, leader: Account, project: Project, configured: None
) -> None:
    client = client_as(officer)
    client.post(reverse("projects:diligence-open", args=[project.public_id]))
    inquiry = Diligence.objects.get()
    concluding = reverse("projects:diligence-move", args=[inquiry.public_id, "conclude"])
    early = client.post(concluding, {"conclusion": "可以", "risk": "low"})
    assert "还有事项没有填写" in early.content.decode()
    for item in inquiry.items.all():
        client.post(
            reverse("projects:diligence-item", args=[inquiry.public_id, item.pk]),
            {"finding": "无异常", "risk": "low"},
        )
    client.post(concluding, {"conclusion": "可以合作", "risk": "high"})
    confirming = reverse("projects:diligence-move", args=[inquiry.public_id, "confirm"])
    assert "不能自己复核" in client.post(confirming, {}).content.decode()

    lead = client_as(leader)
    silent = lead.post(confirming, {"note": ""})
    lead.post(reverse("projects:diligence-move", args=[inquiry.public_id, "return"]), {"note": "补审计报告"})

    inquiry.refresh_from_db()
    assert "总体风险为高" in silent.content.decode()
    assert (inquiry.state, inquiry.review_note) == ("open", "补审计报告")
    assert (
        "补审计报告" in client.get(reverse("projects:diligence", args=[inquiry.public_id])).content.decode()
    )
    assert client.get(reverse("projects:diligence-move", args=[inquiry.public_id, "burn"])).status_code == 404


def test_findings_of_two_people_do_not_overwrite_each_other(
    client_as: SignIn, officer: Account, colleague: Account, project: Project, configured: None
) -> None:
    inquiry = open_diligence(actor=officer, project=project)
    item = inquiry.items.first()
    assert item is not None
    address = reverse("projects:diligence-item", args=[inquiry.public_id, item.pk])
    typed = {"finding": "无异常", "risk": "low", "seen": "1"}
    client_as(officer).post(address, typed)

    late = client_as(officer).post(address, {**typed, "finding": "有诉讼"})

    assert late.status_code in {409, 422}
    assert "有诉讼" in late.content.decode()
    item.refresh_from_db()
    assert item.finding == "无异常"


def test_pre_coaching_is_listed_recorded_and_marked_not_needed(
    client_as: SignIn, officer: Account, project: Project, configured: None
) -> None:
    client = client_as(officer)
    client.post(reverse("projects:coaching-open", args=[project.public_id]))
    first, second = CoachingItem.objects.order_by("position")[:2]
    wrong = client.post(reverse("projects:coaching-record", args=[first.pk]), {"is_needed": ""})
    assert "不适用的事项请写明理由" in wrong.content.decode()

    client.post(reverse("projects:coaching-record", args=[first.pk]), {"advice": "租用厂房，不新建"})
    today = timezone.localdate().isoformat()
    done = {"is_needed": "on", "advice": "按意见修改", "advised_on": today, "done_on": today}
    client.post(reverse("projects:coaching-record", args=[second.pk]), done)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_needed, second.done_on) == (False, timezone.localdate())
    assert "已办结 1/9" in tab(client, project)


def test_the_tab_says_which_gates_are_asked_for_and_the_move_what_is_left(
    client_as: SignIn, officer: Account, manager: Account, project: Project, configured: None
) -> None:
    client = client_as(officer)
    shown = tab(client, project)
    require_gate(
        actor=manager, project_class="ordinary", milestone="signed", gate="diligence",
        holds_from=timezone.localdate(),
    )  # fmt: skip
    plain = make_project(officer, stage="admission", admission_note="同意")
    moving = client.get(f"{reverse('projects:advance', args=[plain.public_id])}?to=signed").content.decode()

    assert shown.count("未过不予认定") == 4
    assert "部门项目专员" in shown
    assert "认定前还须完成：尽职调查" in moving


def test_lists_show_what_waits(
    client_as: SignIn, officer: Account, leader: Account, project: Project, configured: None
) -> None:
    apply_for_admission(actor=officer, project=project)
    open_diligence(actor=officer, project=project)
    client = client_as(leader)

    waiting = client.get(reverse("projects:admissions"), {"decision": "waiting"}).content.decode()
    refused = client.get(reverse("projects:admissions"), {"decision": "refuse"}).content.decode()
    inquiries = client.get(reverse("projects:diligences"), {"state": "open"}).content.decode()

    assert project.name in waiting
    assert project.name not in refused
    assert "0/7" in inquiries


def test_configuration_is_adopted_once_and_changed_line_by_line(
    client_as: SignIn, manager: Account, officer: Account
) -> None:
    client = client_as(manager)
    assert "采用建议配置" in client.get(reverse("projects:gates")).content.decode()
    client.post(reverse("projects:gates-adopt"))
    again = client.post(reverse("projects:gates-adopt"))
    assert again.status_code == 422
    line = GateRequirement.objects.filter(gate="joint_review").first()
    assert line is not None
    lifting = reverse("projects:gate-lift", args=[line.pk])
    assert client.post(lifting, {"on": timezone.localdate().isoformat(), "reason": ""}).status_code == 422
    client.post(lifting, {"on": timezone.localdate().isoformat(), "reason": "由管委会会审代替"})
    line.refresh_from_db()
    assert line.holds_until == timezone.localdate()

    typed = {
        "project_class": "ordinary",
        "milestone": "signed",
        "gate": "diligence",
        "stops_move": "on",
        "holds_from": timezone.localdate().isoformat(),
    }
    client.post(reverse("projects:gate-settle", args=["requirement"]), typed)
    assert GateRequirement.objects.get(project_class="ordinary").stops_move
    twice = client.post(reverse("projects:gate-settle", args=["requirement"]), typed)
    assert "已要求这一关口" in twice.content.decode()
    assert client_as(officer).post(reverse("projects:gates-adopt")).status_code == 403
    assert client_as(officer).get(reverse("projects:gate-settle", args=["topic"])).status_code == 403
    assert "停止" not in client_as(officer).get(reverse("projects:gates")).content.decode()


def test_criteria_rules_and_topics_hold_from_their_day(
    manager: Account, officer: Account, project: Project
) -> None:
    today = timezone.localdate()
    adopt_gate_defaults(actor=manager, on=today - timedelta(days=100))
    application = apply_for_admission(
        actor=officer, project=project, investment=Decimal(50000000), land_area=Decimal(10)
    )
    settle_criterion(
        actor=manager, project_class="major", metric="investment_per_mu", direction="at_least",
        threshold=Decimal(700), holds_from=today,
    )  # fmt: skip
    settle_review_rule(actor=manager, project_class="major", working_days=5, quorum=60, holds_from=today)
    added = add_topic(
        actor=manager, project_class="major", checklist="diligence", title="出口管制", holds_from=today
    )

    def verdict(day: date) -> str:
        return next(
            line.verdict for line in criteria_of(application, "major", day) if "投资强度" in line.label
        )

    assert (verdict(today - timedelta(days=1)), verdict(today)) == ("met", "not_met")
    assert (rule_of("major", today - timedelta(days=1)).quorum, rule_of("major", today).quorum) == (80, 60)
    assert topics_of(added.checklist, "major", today)[-1].title == "出口管制"  # type: ignore[arg-type]
    retire_topic(actor=manager, topic=added, on=today, reason="并入资信")
    assert "出口管制" not in [each.title for each in topics_of(added.checklist, "major", today)]  # type: ignore[arg-type]
    assert AdmissionCriterion.objects.filter(project_class="major", metric="investment_per_mu").count() == 2
    with pytest.raises(Refused, match="不能早于它"):
        settle_review_rule(
            actor=manager, project_class="major", working_days=5, quorum=60, holds_from=date(2026, 1, 1)
        )
    with pytest.raises(NotAllowed):
        retire_topic(actor=officer, topic=ChecklistTopic.objects.all()[0], on=today, reason="试")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {
        "gate.settle-criterion",
        "gate.settle-review-rule",
        "gate.add-topic",
        "gate.retire-topic",
    } <= verbs


def test_a_gate_that_stops_the_move_is_refused_at_the_move(
    client_as: SignIn, officer: Account, manager: Account
) -> None:
    require_gate(
        actor=manager, project_class="ordinary", milestone="signed", gate="diligence",
        holds_from=timezone.localdate(), stops_move=True,
    )  # fmt: skip
    plain = make_project(officer, stage="admission", admission_note="同意")

    address = reverse("projects:advance", args=[plain.public_id])
    typed = {
        "to": "signed",
        "happened_on": timezone.localdate().isoformat(),
        "amount": "1亿",
        "currency": "CNY",
    }
    moved = client_as(officer).post(address, typed)

    plain.refresh_from_db()
    assert plain.stage == "admission"
    assert "尽职调查" in moved.content.decode()
