"""Reporting, recognising, returning, withdrawing, reversing: what succeeds and what is refused, side by side."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from projects import queries
from projects.actions import (
    attach_document,
    recognise_achievement,
    report_achievement,
    resubmit_achievement,
    return_achievement,
    reverse_achievement,
    withdraw_achievement,
)
from projects.models import Achievement, Project, StageChange
from projects.workflow import Stage, Status
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.files import PDF, make_pdf
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, stage=Stage.REGISTERED)


def paid_in(actor: Account, project: Project | None, **fields: Any) -> Achievement:
    return report_achievement(
        **{
            "actor": actor,
            "kind": "paid_in",
            "project": project,
            "happened_on": DAY,
            "amount": Decimal(10_000_000),
            "certificate": "FDI-2026-001",
            "evidence": [make_pdf()],
            **fields,
        }
    )


# Reporting.


def test_report_keeps_the_amount_the_evidence_and_an_audit_entry(officer: Account, project: Project) -> None:
    made = paid_in(officer, project)

    made.refresh_from_db()
    assert (made.state, made.amount, made.amount_cny, made.currency) == (
        "submitted",
        Decimal("10000000.00"),
        Decimal("10000000.00"),
        "CNY",
    )
    assert [(d.title, d.project_id) for d in made.documents.all()] == [("合同盖章页.pdf", project.pk)]
    entry = AuditEntry.objects.get(verb="achievement.report")
    assert (entry.actor_id, entry.target_id, entry.detail["amount_cny"]) == (
        officer.pk,
        str(made.pk),
        "10000000.00",
    )


def test_dollars_become_yuan_at_the_stated_rate_half_rounded_up(officer: Account, project: Project) -> None:
    made = paid_in(
        officer,
        project,
        amount=Decimal("1000000.05"),
        currency="USD",
        exchange_rate=Decimal("7.1203"),
        rate_on=DAY,
    )

    assert made.amount_cny == Decimal("7120300.36")  # 7120300.356015
    assert (made.amount, made.exchange_rate, made.rate_on) == (
        Decimal("1000000.05"),
        Decimal("7.120300"),
        DAY,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"happened_on": None}, "happened_on"),
        ({"happened_on": date(2999, 1, 1)}, "happened_on"),
        ({"happened_on": date(1999, 12, 31)}, "happened_on"),
        ({"happened_on": date(2026, 1, 4)}, "happened_on"),
        ({"amount": None}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e30")}, "amount"),
        ({"certificate": "  "}, "certificate"),
        ({"currency": "XYZ"}, "currency"),
        ({"currency": "USD", "rate_on": DAY}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": Decimal("7.1")}, "rate_on"),
        ({"currency": "USD", "exchange_rate": Decimal("712.03"), "rate_on": DAY}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": Decimal(0), "rate_on": DAY}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": Decimal("7.1"), "rate_on": date(2999, 1, 1)}, "rate_on"),
        ({"evidence": []}, "evidence"),
    ],
)
def test_report_that_cannot_be_true_is_refused_beside_its_field(
    officer: Account, project: Project, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        paid_in(officer, project, **change)

    assert list(refusal.value.fields) == [field]
    assert Achievement.objects.count() == 0


def test_report_of_today_is_accepted(officer: Account, project: Project) -> None:
    assert paid_in(officer, project, happened_on=timezone.localdate()).happened_on == timezone.localdate()


def test_report_needs_a_part_in_the_project(
    officer: Account,
    outsider: Account,
    colleague: Account,
    auditor: Account,
    hr: Account,
    project: Project,
) -> None:
    with pytest.raises(NotFound):
        paid_in(outsider, project)
    for reader in (colleague, auditor, hr):
        with pytest.raises(NotAllowed):
            paid_in(reader, project)

    make_share(project, officer.person, percent=80)
    make_share(project, colleague.person, percent=20)
    assert paid_in(colleague, project).submitted_by == colleague


def test_lost_project_takes_no_reports(officer: Account, project: Project) -> None:
    project.status = Status.LOST
    project.save()

    with pytest.raises(Refused, match="已终止"):
        paid_in(officer, project)


def test_win_belongs_to_the_own_person_and_names_its_level(officer: Account, colleague: Account) -> None:
    win = {"actor": officer, "kind": "win", "happened_on": DAY, "title": "省级试点", "level": "provincial"}

    made = report_achievement(**win)

    assert (made.person, made.project, made.level) == (officer.person, None, "provincial")
    with pytest.raises(NotAllowed):
        report_achievement(**win, person=colleague.person)
    with pytest.raises(Refused) as refusal:
        report_achievement(**{**win, "level": "", "title": ""})
    assert set(refusal.value.fields) == {"level", "title"}


def test_money_without_a_project_is_refused(officer: Account) -> None:
    with pytest.raises(Refused, match="属于一个项目"):
        paid_in(officer, None)


def test_incident_is_recorded_by_leaders_and_managers_with_its_reason(
    officer: Account, leader: Account, manager: Account, outsider: Account, project: Project
) -> None:
    incident = {"kind": "incident", "happened_on": DAY, "incident_reason": "late_report"}

    assert report_achievement(actor=leader, project=project, **incident).incident_reason == "late_report"
    assert report_achievement(actor=leader, person=officer.person, **incident).person == officer.person
    assert report_achievement(actor=manager, person=outsider.person, **incident).person == outsider.person
    with pytest.raises(NotAllowed):
        report_achievement(actor=officer, project=project, **incident)
    with pytest.raises(NotAllowed):
        report_achievement(actor=leader, person=outsider.person, **incident)
    with pytest.raises(NotAllowed):
        report_achievement(actor=leader, person=leader.person, **incident)
    with pytest.raises(Refused, match="扣分事由"):
        report_achievement(actor=leader, project=project, kind="incident", happened_on=DAY)


def test_milestone_of_a_later_stage_is_reported_by_advancing(officer: Account, project: Project) -> None:
    with pytest.raises(Refused, match="推进"):
        report_achievement(
            actor=officer, kind="started", project=project, happened_on=DAY, evidence=[make_pdf()]
        )

    assert Achievement.objects.count() == 0


def test_same_milestone_twice_is_a_conflict(officer: Account, project: Project) -> None:
    make_achievement(project, officer, kind="signed")

    with pytest.raises(Conflict, match="同一里程碑已经申报过"):
        report_achievement(
            actor=officer,
            kind="signed",
            project=project,
            happened_on=DAY,
            amount=Decimal(1000),
            evidence=[make_pdf()],
        )

    assert Achievement.objects.filter(kind="signed").count() == 1


def test_managers_hear_of_a_report_and_the_submitter_of_the_decision(
    officer: Account,
    manager: Account,
    deputy: Account,
    project: Project,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = paid_in(officer, project)
    with django_capture_on_commit_callbacks(execute=True):
        return_achievement(actor=manager, achievement=made, reason="缺验资报告")

    told = [(n.recipient, n.url) for n in Notice.objects.order_by("id")]
    url = queries.address_of(made)
    assert told == [(manager, url), (deputy, url), (officer, url)]
    assert "缺验资报告" in Notice.objects.get(recipient=officer).text


# Deciding.


def test_recognition_in_whole_takes_what_was_reported(
    officer: Account, manager: Account, project: Project
) -> None:
    made = paid_in(officer, project)

    recognise_achievement(actor=manager, achievement=made, seen=1)

    made.refresh_from_db()
    assert (made.state, made.recognised_amount, made.recognised_cny, made.recognised_on, made.version) == (
        "recognised",
        made.amount,
        made.amount_cny,
        timezone.localdate(),
        2,
    )
    assert made.decided_by == manager


def test_half_recognition_keeps_both_amounts(officer: Account, manager: Account, project: Project) -> None:
    made = paid_in(
        officer,
        project,
        amount=Decimal(3_000_000),
        currency="USD",
        exchange_rate=Decimal("7.1203"),
        rate_on=DAY,
    )

    recognise_achievement(
        actor=manager, achievement=made, recognised_amount=Decimal(1_500_000), note="半数为借款"
    )

    made.refresh_from_db()
    assert (made.amount, made.amount_cny) == (Decimal(3_000_000), Decimal("21360900.00"))
    assert (made.recognised_amount, made.recognised_cny) == (Decimal(1_500_000), Decimal("10680450.00"))
    assert made.decision_note == "半数为借款"


@pytest.mark.parametrize(
    ("amount", "note", "field"),
    [
        (Decimal(10_000_001), "多给", "recognised_amount"),
        (Decimal(0), "不给", "recognised_amount"),
        (Decimal(-1), "不给", "recognised_amount"),
        (Decimal(5), "", "note"),
    ],
)
def test_recognition_of_an_impossible_amount_is_refused(
    officer: Account, manager: Account, project: Project, amount: Decimal, note: str, field: str
) -> None:
    made = paid_in(officer, project)

    with pytest.raises(Refused) as refusal:
        recognise_achievement(actor=manager, achievement=made, recognised_amount=amount, note=note)

    assert list(refusal.value.fields) == [field]
    made.refresh_from_db()
    assert (made.state, made.version) == ("submitted", 1)


@pytest.mark.parametrize("on", [date(2026, 5, 31), date(2999, 1, 1)])
def test_recognition_on_an_impossible_day_is_refused(
    officer: Account, manager: Account, project: Project, on: date
) -> None:
    with pytest.raises(Refused, match="认定日期"):
        recognise_achievement(actor=manager, achievement=paid_in(officer, project), on=on)


def test_submitter_cannot_recognise_in_code_nor_in_the_database(manager: Account, officer: Account) -> None:
    made = make_achievement(make_project(officer), manager)

    with pytest.raises(NotAllowed, match="自己的申报"):
        recognise_achievement(actor=manager, achievement=made)
    with pytest.raises(IntegrityError, match="second_person_recognises"), transaction.atomic():
        Achievement.objects.filter(pk=made.pk).update(
            state="recognised", decided_by=manager, recognised_on=DAY, recognised_cny=1
        )
    made.refresh_from_db()
    assert made.state == "submitted"


def test_only_managers_decide(
    officer: Account,
    colleague: Account,
    leader: Account,
    hr: Account,
    auditor: Account,
    administrator: Account,
) -> None:
    made = make_achievement(make_project(officer), officer)

    for reader in (colleague, leader, hr, auditor, administrator):
        with pytest.raises(NotAllowed):
            recognise_achievement(actor=reader, achievement=made)
        with pytest.raises(NotAllowed):
            return_achievement(actor=reader, achievement=made, reason="不清楚")
        with pytest.raises(NotAllowed):
            reverse_achievement(actor=reader, achievement=made, reason="不清楚")


def test_second_manager_to_decide_learns_who_was_first(
    officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    made = paid_in(officer, project)
    recognise_achievement(actor=manager, achievement=made, seen=1)

    with pytest.raises(Conflict, match=manager.display_name):
        return_achievement(actor=deputy, achievement=made, reason="缺材料", seen=1)
    with pytest.raises(Conflict, match=manager.display_name):
        recognise_achievement(actor=deputy, achievement=made)

    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("recognised", manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_deciding_at_once_exactly_one_decides(
    officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    made = make_achievement(project, officer)
    start, outcomes = threading.Barrier(2), []

    def decide(actor: Account) -> None:
        start.wait()
        try:
            recognise_achievement(actor=actor, achievement=Achievement.objects.get(pk=made.pk), seen=1)
            outcomes.append("recognised")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in (manager, deputy)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made.refresh_from_db()
    assert sorted(outcomes) == ["conflict", "recognised"]
    assert (made.state, made.version) == ("recognised", 2)


def test_return_needs_a_reason_and_keeps_the_stage(
    officer: Account, manager: Account, project: Project
) -> None:
    made = make_achievement(project, officer, kind="registered")

    with pytest.raises(Refused, match="退回的原因"):
        return_achievement(actor=manager, achievement=made, reason=" ")
    return_achievement(actor=manager, achievement=made, reason="缺营业执照")

    made.refresh_from_db()
    project.refresh_from_db()
    assert (made.state, made.decision_note, project.stage) == ("returned", "缺营业执照", Stage.REGISTERED)


def test_returned_report_is_mended_by_its_submitter(
    officer: Account, colleague: Account, manager: Account, project: Project
) -> None:
    made = paid_in(officer, project)
    with pytest.raises(Conflict, match="被退回"):
        resubmit_achievement(actor=officer, achievement=made, amount=Decimal(9_000_000))
    return_achievement(actor=manager, achievement=made, reason="金额与凭证不符")

    with pytest.raises(NotAllowed):
        resubmit_achievement(actor=colleague, achievement=made)
    with pytest.raises(Conflict):
        resubmit_achievement(actor=officer, achievement=made, seen=1)
    with pytest.raises(Refused):
        resubmit_achievement(actor=officer, achievement=made, amount=Decimal(0))
    mended = resubmit_achievement(
        actor=officer,
        achievement=made,
        seen=2,
        amount=Decimal(9_000_000),
        evidence=[make_pdf(content=PDF + b"% 2\n")],
    )

    mended.refresh_from_db()
    assert (mended.state, mended.amount_cny, mended.certificate, mended.version) == (
        "submitted",
        Decimal(9_000_000),
        "FDI-2026-001",
        3,
    )
    assert (mended.decided_by, mended.decision_note, mended.documents.count()) == (None, "", 2)


def test_resubmitting_beside_a_new_report_is_a_conflict(officer: Account, project: Project) -> None:
    old = make_achievement(project, officer, kind="signed", state="returned")
    make_achievement(project, officer, kind="signed")

    with pytest.raises(Conflict, match="同一里程碑"):
        resubmit_achievement(actor=officer, achievement=old, evidence=[make_pdf()])


def test_withdrawn_milestone_takes_the_project_back_one_stage(
    officer: Account, colleague: Account, project: Project
) -> None:
    made = make_achievement(project, officer, kind="registered")

    with pytest.raises(NotAllowed):
        withdraw_achievement(actor=colleague, achievement=made)
    withdraw_achievement(actor=officer, achievement=made, seen=1)

    project.refresh_from_db()
    made.refresh_from_db()
    change = StageChange.objects.get(project=project)
    assert (made.state, project.stage) == ("withdrawn", Stage.SIGNED)
    assert (change.from_stage, change.to_stage) == (Stage.REGISTERED, Stage.SIGNED)
    with pytest.raises(Conflict, match="已撤回"):
        withdraw_achievement(actor=officer, achievement=made)


def test_reversal_needs_a_reason_and_takes_the_stage_back(
    officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    made = make_recognised(project, officer, manager, kind="registered")

    with pytest.raises(Refused, match="冲销的原因"):
        reverse_achievement(actor=deputy, achievement=made, reason="")
    reverse_achievement(actor=deputy, achievement=made, reason="执照系伪造")

    made.refresh_from_db()
    project.refresh_from_db()
    assert (made.state, made.reversed_on, made.recognised_cny) == (
        "reversed",
        timezone.localdate(),
        Decimal(100_000_000),
    )
    assert project.stage == Stage.SIGNED
    assert AuditEntry.objects.get(verb="achievement.reverse").reason == "执照系伪造"
    with pytest.raises(Conflict, match="已冲销"):
        reverse_achievement(actor=deputy, achievement=made, reason="再来一次")


def test_reversed_signing_of_a_project_further_on_is_reported_anew(
    officer: Account, manager: Account, project: Project
) -> None:
    signing = make_recognised(project, officer, manager, kind="signed")
    make_recognised(project, officer, manager, kind="registered")
    reverse_achievement(actor=manager, achievement=signing, reason="合同额有误")

    again = report_achievement(
        actor=officer,
        kind="signed",
        project=project,
        happened_on=DAY,
        amount=Decimal(90_000_000),
        evidence=[make_pdf()],
    )

    project.refresh_from_db()
    assert (project.stage, again.state) == (Stage.REGISTERED, "submitted")


def test_achievement_of_another_team_does_not_exist(officer: Account, outsider: Account) -> None:
    made = make_achievement(make_project(officer), officer)

    with pytest.raises(NotFound):
        withdraw_achievement(actor=outsider, achievement=made)


# Reading.


def test_facts_of_a_year_are_what_was_recognised_or_reversed(
    officer: Account, manager: Account, project: Project
) -> None:
    whole = make_recognised(
        project,
        officer,
        manager,
        kind="paid_in",
        currency="USD",
        exchange_rate=Decimal(7),
        rate_on=DAY,
        amount=Decimal(1_000_000),
        amount_cny=Decimal(7_000_000),
    )
    back = make_recognised(project, officer, manager, kind="signed", state="reversed", reversed_on=DAY)
    make_achievement(project, officer, kind="registered")
    make_recognised(project, officer, manager, kind="tax", happened_on=date(2025, 12, 31))

    facts = list(queries.recognised_facts(2026))

    assert [(f["id"], f["state"], f["recognised_cny"], f["recognised_usd"], f["project"]) for f in facts] == [
        (whole.pk, "recognised", Decimal(7_000_000), Decimal(1_000_000), project.pk),
        (back.pk, "reversed", Decimal(100_000_000), Decimal(0), project.pk),
    ]
    assert facts[0]["project__industry"] == "new_energy"


def test_credited_list_sums_by_the_shares_of_the_day(
    officer: Account, colleague: Account, manager: Account, outsider: Account, project: Project
) -> None:
    change = date(2026, 7, 1)
    make_share(project, officer.person, percent=100, holds_until=change)
    make_share(project, officer.person, percent=60, holds_from=change)
    make_share(project, colleague.person, percent=40, holds_from=change)
    before = make_recognised(project, officer, manager, kind="paid_in", happened_on=date(2026, 6, 30))
    after = make_recognised(project, officer, manager, kind="paid_in", happened_on=change)
    alone = make_recognised(
        None, officer, manager, kind="win", person=officer.person, level="city", happened_on=DAY
    )

    def credited(**subject: Any) -> list[tuple[int, Decimal, Decimal]]:
        listed = queries.listed_achievements(manager, **subject).order_by("pk")
        return [(a.pk, a.credited_percent, a.credited_cny) for a in listed]

    assert credited(person=officer.person) == [
        (before.pk, Decimal(100), Decimal(100_000_000)),
        (after.pk, Decimal(60), Decimal(60_000_000)),
        (alone.pk, Decimal(100), Decimal(100_000_000)),
    ]
    assert credited(person=colleague.person) == [(after.pk, Decimal(40), Decimal(40_000_000))]
    assert [a for a, _p, _c in credited(team=project.team)] == [before.pk, after.pk, alone.pk]
    assert credited(person=outsider.person) == []


def test_hints_point_at_what_deserves_a_second_look(officer: Account, manager: Account) -> None:
    company = make_company(officer)
    first = make_project(
        officer, company=company, stage=Stage.SIGNED, planned_investment=Decimal(1_000_000_000)
    )
    second = make_project(officer, company=company, stage=Stage.SIGNED)
    long_ago = date(2026, 1, 10)
    far = make_achievement(first, officer, kind="signed", happened_on=long_ago)
    near = make_achievement(second, officer, kind="signed", happened_on=date(2026, 10, 1))
    late = [
        make_achievement(second, officer, kind="tax", happened_on=date(2025, 12, 25) + timedelta(days=n))
        for n in range(3)
    ]

    attach_document(actor=officer, achievement=near, upload=make_pdf())

    hints = queries.recognition_hints([far, near, *late], date(2026, 11, 1))

    words = {pk: [hint.word for hint in found] for pk, found in hints.items()}
    assert words == {
        far.pk: ["缺佐证", "金额悬殊", "久签未注册", "同企业再签约"],
        near.pk: ["同企业再签约"],
        **{one.pk: ["缺佐证", "年末集中"] for one in late},
    }
