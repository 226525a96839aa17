"""Everything that a person holds moves with a handover, and no new column that names somebody is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from projects.actions import (
    add_task,
    approve_handover,
    hand_over_all,
    open_arbitration,
    plan_next_step,
    propose_handover,
)
from projects.actions.conditions import Condition
from projects.actions.custody import GOES_ALONG, TAKERS
from projects.actions.drive import start_drive
from projects.actions.joint_review import open_joint_review
from projects.actions.promise import add_promise
from projects.actions.review_opinion import give_opinion
from projects.actions.secrecy import make_secret
from projects.models import (
    Arbitration,
    Drive,
    FirstReception,
    GateCondition,
    Handover,
    HandoverBatch,
    ItemKind,
    Project,
    ProjectReader,
    Promise,
    ServiceTask,
)
from projects.queries.custody import HOLDINGS, custody_of
from promotion.errors import Conflict, Refused
from staff.models import Account, Person, Team
from tests.factories.departments import make_department
from tests.factories.projects import make_company, make_project, make_share
from tests.projects.test_evidence_api import SCOPES, Caller

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)

# Why a column that names a person or an account does not move when that person leaves. A column that names who did something
# (`…_by`) is history and needs no line. A new column needs a line here, or a place in HOLDINGS or GOES_ALONG.
STAYS = {
    "kpi.AwardDecision.person": "whose award it was",
    "kpi.Card.person": "whose card it was",
    "kpi.GradeProposal.person": "whose grade it was",
    "kpi.PayLine.person": "who was paid",
    "projects.Achievement.person": "whose win it was",
    "projects.CreditShare.person": "earned credit stays with whoever earned it",
    "projects.Handover.giver": "the course of a handover; an open one stops the batch",
    "projects.Handover.receiver": "an open request is rejected by the batch, the others are history",
    "projects.HandoverBatch.person": "who handed over",
    "projects.HandoverItem.receiver": "who received",
    "projects.NextStepEntry.person": "the course of past steps",
    "projects.ProjectReader.person": "named reading ends when somebody leaves and is not inherited",
    "projects.CalendarFeed.account": "the own calendar",
    "projects.Mention.account": "who was named in a text",
    "projects.ProjectView.account": "who read a secret project",
    "projects.Reminder.account": "what was said to whom",
    "projects.ReminderSetting.account": "the own wishes",
    "staff.Account.person": "the log-in of the person",
    "staff.Appointment.person": "posts are ended by HR",
    "staff.ApiToken.account": "keys go with the account",
    "staff.Absence.person": "who was away",
    "staff.Application.person": "who applied",
    "staff.Contract.person": "the own contract ends with the leaving",
    "staff.Delegation.delegate": "what is lent ends with the leaving",
    "staff.Delegation.principal": "what is lent ends with the leaving",
    "staff.Departure.person": "who left",
    "staff.Enrolment.person": "the own seat in a course",
    "staff.Interview.person": "who was heard",
    "staff.Invitation.account": "the way into the own log-in",
    "staff.Panelist.account": "a judge is not replaced by whoever takes the projects; HR names another",
    "staff.PersonField.person": "what somebody knows",
    "staff.PersonLanguage.person": "what somebody speaks",
    "staff.SealedRecord.person": "whose archive it is",
    "staff.SessionJudge.account": "as the panel",
    "staff.TrainingCredit.person": "earned by whoever attended",
    "staff.TrainingPlanLine.person": "what somebody was to learn",
    "kpi.BonusShare.person": "the own part of a bonus, earned or to come",
    "kpi.AssessmentInput.person": "who was assessed",
    "kpi.LedgerLine.person": "earned credit stays with whoever earned it",
    "kpi.Standing.person": "results stay",
    "kpi.Target.person": "what somebody was to reach",
    "promotion.AuditEntry.actor": "who did something",
    "promotion.IdempotencyKey.account": "the first answer to a request",
    "promotion.Notice.recipient": "what was said to whom",
    "promotion.SavedView.owner": "the own views",
}


def naming_columns() -> set[str]:
    """Every column of the house that names a person or an account, but not those that say who did something."""
    named = {Person, Account}
    found = set()
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in ("projects", "staff", "kpi", "promotion") or model._meta.auto_created:
            continue
        if hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            forward = isinstance(field, (models.ForeignKey, models.OneToOneField, models.ManyToManyField))
            if forward and field.related_model in named and not field.name.endswith("_by"):
                found.add(f"{app}.{model.__name__}.{field.name}")
    return found


def test_every_column_that_names_somebody_is_decided_on() -> None:
    decided = {*HOLDINGS, *GOES_ALONG, *STAYS}

    assert naming_columns() - decided == set(), "a new column: moves (HOLDINGS, GOES_ALONG) or stays (STAYS)?"
    assert decided - naming_columns() == set(), "decided on, but gone"


def test_every_kind_of_thing_that_is_found_can_be_taken_over() -> None:
    assert set(TAKERS) == set(ItemKind) - {ItemKind.STEP, ItemKind.REQUEST}


@pytest.fixture
def estate(
    officer: Account, leader: Account, outsider: Account, manager: Account, first_team: Team
) -> Project:
    """One of everything, in the leaver's own project, which is given, and in the leader's."""
    person = officer.person
    own, other = make_project(officer, name="甲"), make_project(leader, name="乙")
    make_share(other, person)
    department = make_department()
    for project, actor in ((own, officer), (other, leader)):
        add_task(actor=actor, project=project, title=f"走访{project.name}", due_on=SOON, person=person)
        add_promise(
            actor=actor, project=project, direction="zone", subject="land", text=f"供地{project.name}",
            due_on=SOON, person=person,
        )  # fmt: skip
        review = open_joint_review(actor=actor, project=project, subject="用地", departments=[department])
        give_opinion(
            actor=actor, review=review, department=department, opinion="conditional", text="须补",
            conditions=[Condition(f"补环评{project.name}", person, SOON)],
        )  # fmt: skip
    for company in (own.company, make_company(officer, name="丙公司")):
        FirstReception.objects.create(company=company, person=person, team=first_team, protected_until=SOON)
    plan_next_step(actor=officer, project=own, next_step="回访甲", next_step_on=SOON)
    plan_next_step(
        actor=leader, project=other, next_step="回访乙", next_step_on=SOON, next_step_person=person
    )
    start_drive(actor=manager, name="攻坚", leader=person, starts_on=TODAY, ends_on=SOON)
    ProjectReader.objects.create(
        project=other, person=person, reads_from=TODAY, reason="协办", granted_by=manager
    )
    return own


def settle(manager: Account, officer: Account, receiver: Account, **fields: Any) -> HandoverBatch:
    receivers = dict.fromkeys(custody_of(officer.person).keys, receiver.person)
    given = {"kind": "leave", "last_day": TODAY, "reason": "离职", "receivers": receivers, **fields}
    return hand_over_all(actor=manager, person=officer.person, **given)


@pytest.mark.django_db
def test_nothing_open_is_left_with_whoever_leaves(
    officer: Account, colleague: Account, leader: Account, manager: Account, estate: Project
) -> None:
    kinds = [one.kind for one in custody_of(officer.person).held]
    assert kinds == ["task", "reception", "condition", "promise", "drive"]

    batch = settle(manager, officer, colleague)

    left, receiver = officer.person, colleague.person
    assert custody_of(left).is_empty
    assert not ServiceTask.objects.filter(person=left).exists()
    assert {one.person for one in FirstReception.objects.all()} == {receiver}
    assert {one.owner for one in GateCondition.objects.all()} == {receiver}
    assert {(one.person, one.version) for one in Promise.objects.all()} == {(receiver, 2)}
    assert Drive.objects.get().leader == receiver
    assert not Project.objects.filter(next_step_person=left).exists()
    assert ProjectReader.objects.get().reads_until == TODAY
    assert [(one.kind, one.title, one.receiver) for one in batch.items.all()] == [
        ("task", "走访乙", receiver),
        ("reception", "丙公司", receiver),
        ("condition", "补环评乙", receiver),
        ("promise", "供地乙", receiver),
        ("drive", "攻坚", receiver),
        ("step", "回访乙", leader.person),
    ]
    assert [one.text for one in leader.notices.filter(text__contains="整体交接")] == [
        f"{left.name}整体交接：您接收 1 项，请与其当面核对。"
    ]


@pytest.mark.django_db
def test_who_moves_keeps_what_he_was_named_to_read(
    officer: Account, colleague: Account, manager: Account, estate: Project
) -> None:
    settle(manager, officer, colleague, kind="move")

    assert ProjectReader.objects.get().reads_until is None


@pytest.mark.django_db
def test_a_dispute_goes_with_the_reception_or_by_itself(
    officer: Account,
    colleague: Account,
    outsider: Account,
    manager: Account,
    first_team: Team,
    second_team: Team,
) -> None:
    held, claimed = (
        FirstReception.objects.create(
            company=make_company(one), person=one.person, team=team, protected_until=SOON
        )
        for one, team in ((officer, first_team), (outsider, second_team))
    )
    open_arbitration(actor=outsider, reception=held, grounds="更早接触")
    open_arbitration(actor=officer, reception=claimed, grounds="更早接触")
    assert [one.kind for one in custody_of(officer.person).held] == ["reception", "case"]

    with pytest.raises(Conflict, match="申请人和被申请人"):
        settle(manager, officer, outsider)
    settle(manager, officer, colleague)

    answered, asked = Arbitration.objects.order_by("pk")
    assert (answered.respondent, answered.respondent_team) == (colleague.person, first_team)
    assert (asked.claimant, asked.claimant_team) == (colleague.person, first_team)


@pytest.mark.django_db
def test_requests_that_waited_for_the_leaver_are_rejected(
    officer: Account, colleague: Account, leader: Account, manager: Account
) -> None:
    project = make_project(leader)
    request = propose_handover(actor=leader, project=project, receiver=officer.person, reason="归口")

    settle(manager, officer, colleague)

    request.refresh_from_db()
    project.refresh_from_db()
    assert (request.state, project.owner) == ("rejected", leader.person)
    assert request.decision_note == f"接收人{officer.person.name}离职，请另选接收人。"
    assert not Handover.objects.filter(state="proposed").exists()


@pytest.mark.django_db
def test_a_task_is_not_given_to_somebody_who_does_not_see_its_project(
    officer: Account, outsider: Account, manager: Account, estate: Project
) -> None:
    with pytest.raises(Refused, match="看不到“走访乙”所在的项目"):
        settle(manager, officer, outsider)

    assert not HandoverBatch.objects.exists()


@pytest.mark.django_db
def test_what_was_closed_meanwhile_stops_the_whole(
    officer: Account, colleague: Account, manager: Account, estate: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the custody and the writing somebody closes the drive."""
    looked = custody_of(officer.person)
    Drive.objects.update(closed_on=TODAY, closed_by=manager, result="完成")
    monkeypatch.setattr("projects.actions.handover_batch.custody_of", lambda _person: looked)

    with pytest.raises(Conflict, match="“攻坚”刚刚已办结"):
        settle(manager, officer, colleague, receivers=dict.fromkeys(looked.keys, colleague.person))

    assert not HandoverBatch.objects.exists()
    assert Promise.objects.filter(person=officer.person).count() == 2


@pytest.mark.django_db
def test_the_wizard_names_no_secret_project(
    officer: Account, manager: Account, deputy: Account, client_as: Callable[[Account], Client]
) -> None:
    project = make_project(officer, name="深空探测", next_step="回访深空探测", next_step_on=SOON)
    make_secret(actor=manager, project=project, code_name="青松", reason="上市公司要求")

    words = client_as(deputy).get(f"/people/{officer.person.public_id}/hand-over/").content.decode()

    assert ("「青松」" in words, "深空探测" in words, project.company.name in words) == (True, False, False)
    assert (
        project.company.name
        not in Caller(deputy, SCOPES)
        .get(f"/api/handover-batches/custody/?person={officer.person.staff_number}")
        .content.decode()
    )


@pytest.mark.django_db
def test_the_wizard_lists_every_kind_and_the_sheet_too(
    officer: Account,
    colleague: Account,
    manager: Account,
    estate: Project,
    client_as: Callable[[Account], Client],
) -> None:
    client, url = client_as(manager), f"/people/{officer.person.public_id}/hand-over/"
    typed = {"kind": "leave", "last_day": TODAY.isoformat(), "reason": "离职"}
    keys = dict.fromkeys(custody_of(officer.person).keys, colleague.person.public_id)

    shown = client.get(url).content.decode()
    looked = client.post(url, {**typed, **keys, "step": "preview"}).content.decode()
    sheet = client.post(url, {**typed, **keys, "step": "confirm"}, follow=True).content.decode()

    for words in ("1 个项目 · 5 件其他事项", "补环评乙", "供地乙", "攻坚", "回访乙", "交回项目的服务专员"):
        assert words in shown
    assert "<dd>离职</dd>" in looked
    for words in ("附加条件", "督查牵头", "下一步", leader_of(estate).name):
        assert words in sheet


def leader_of(estate: Project) -> Person:
    return Project.objects.exclude(pk=estate.pk).get().owner


@pytest.mark.django_db
def test_a_single_handover_takes_promises_conditions_and_the_next_step_along(
    officer: Account, colleague: Account, leader: Account, estate: Project
) -> None:
    request = propose_handover(actor=officer, project=estate, receiver=colleague.person, reason="轮岗")
    approve_handover(actor=leader, handover=request)

    estate.refresh_from_db()
    assert [one.person for one in estate.promises.all()] == [colleague.person]
    assert [one.owner for one in estate.gate_conditions.all()] == [colleague.person]
    assert (estate.owner, estate.next_step_person) == (colleague.person, None)
    assert Promise.objects.filter(person=officer.person).count() == 1
