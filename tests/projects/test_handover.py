"""Handing a project over: asked for, accepted, approved by a second person; custody stays until then."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.actions.ledger import post_credit
from kpi.models import LedgerLine
from projects.actions import (
    accept_handover,
    add_task,
    approve_handover,
    cancel_handover,
    hand_over_all,
    propose_handover,
    reject_handover,
    share_credit,
)
from projects.actions.secrecy import make_secret
from projects.models import (
    CreditShare,
    FirstReception,
    Handover,
    HandoverBatch,
    HandoverItem,
    Project,
    ServiceTask,
    StageChange,
)
from projects.queries.custody import custody_of
from promotion.errors import Conflict, NotAllowed, NotFound, Outcome, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Appointment, Person, Team
from tests.factories.kpi import make_run, make_scheme
from tests.factories.projects import make_company, make_project, make_recognised, make_share

TODAY = timezone.localdate()


@pytest.fixture
def project(officer: Account) -> Project:
    made = make_project(officer, next_step="回访", next_step_on=TODAY)
    make_share(made, officer.person)
    return made


@pytest.fixture
def asked(officer: Account, colleague: Account, project: Project) -> Handover:
    return propose_handover(actor=officer, project=project, receiver=colleague.person, reason="轮岗")


def holder(project: Project) -> tuple[Person, Team]:
    project.refresh_from_db()
    return project.owner, project.team


@pytest.mark.django_db
def test_custody_moves_only_when_a_second_person_approves(
    officer: Account,
    outsider: Account,
    manager: Account,
    project: Project,
    first_team: Team,
    second_team: Team,
) -> None:
    FirstReception.objects.create(
        company=project.company, person=officer.person, team=first_team, protected_until=TODAY
    )
    add_task(actor=officer, project=project, title="走访", due_on=TODAY, person=officer.person)
    shares = list(CreditShare.objects.values())

    asked = propose_handover(
        actor=officer,
        project=project,
        receiver=outsider.person,
        reason="产业归口",
        note="政策兑现要盯",
        seen=1,
    )
    accepted = accept_handover(actor=outsider, handover=asked, seen=1)
    assert holder(project) == (officer.person, first_team)
    approved = approve_handover(actor=manager, handover=accepted, note="同意", seen=2)

    assert holder(project) == (outsider.person, second_team)
    assert (approved.state, approved.decided_by, approved.decision_note) == ("approved", manager, "同意")
    assert asked.contents["tasks"] == [f"走访（{TODAY}）"]
    assert asked.contents["next_step"] == [f"回访 {TODAY}"]
    assert ServiceTask.objects.get().person is None
    assert FirstReception.objects.get().person == outsider.person
    assert list(CreditShare.objects.values()) == shares
    assert StageChange.objects.count() == 0
    verbs = AuditEntry.objects.filter(verb__startswith="handover").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "handover.propose",
        "handover.accept",
        "handover.approve",
    ]
    assert outsider.notices.count() == 2


@pytest.mark.django_db
def test_leader_assigns_within_the_team_in_one_step_but_not_what_he_asked_for(
    leader: Account, colleague: Account, manager: Account, asked: Handover, project: Project
) -> None:
    approve_handover(actor=leader, handover=asked)
    assert holder(project)[0] == colleague.person

    own = propose_handover(actor=leader, project=project, receiver=asked.giver, reason="轮岗")
    with pytest.raises(NotAllowed, match="不能是提出人"):
        approve_handover(actor=leader, handover=own)
    approve_handover(actor=manager, handover=own)
    assert holder(project)[0] == asked.giver


@pytest.mark.django_db
def test_a_secret_project_is_named_by_its_code_and_its_contents_are_counted(
    client_as: Callable[[Account], Client],
    officer: Account,
    colleague: Account,
    manager: Account,
    leader: Account,
    project: Project,
) -> None:
    project = make_secret(actor=manager, project=project, code_name="青松", reason="上市公司要求")
    assert colleague.person
    asked = propose_handover(actor=officer, project=project, receiver=colleague.person, reason="调岗")

    page = client_as(colleague).get(f"/handovers/{asked.public_id}/").content.decode()
    assert "共 1 项" in page
    assert "回访" not in page
    told = client_as(colleague).get(f"/api/handovers/{asked.public_id}/").json()
    assert told["contents"]["next_step"] == ["共 1 项"]
    assert "回访" in client_as(officer).get(f"/handovers/{asked.public_id}/").content.decode()
    reject_handover(actor=colleague, handover=asked, reason="手上已满")

    notices = list(Notice.objects.filter(text__contains="移交").values_list("text", flat=True))
    assert len(notices) >= 2
    assert all("青松" in text and project.name not in text for text in notices)


def test_key_project_needs_the_receiver_and_a_manager(
    leader: Account, colleague: Account, manager: Account, asked: Handover, project: Project
) -> None:
    Project.objects.filter(pk=project.pk).update(project_class="strategic")

    with pytest.raises(NotAllowed, match="由分管领导批准"):
        approve_handover(actor=leader, handover=asked)
    with pytest.raises(Refused, match="还没有确认接收"):
        approve_handover(actor=manager, handover=asked)
    accept_handover(actor=colleague, handover=asked)

    assert approve_handover(actor=manager, handover=asked).state == "approved"


@pytest.mark.django_db
def test_between_teams_the_receiver_agrees_first_and_a_leader_of_one_does_not_decide(
    officer: Account, leader: Account, outsider: Account, manager: Account, project: Project
) -> None:
    asked = propose_handover(actor=officer, project=project, receiver=outsider.person, reason="归口")

    with pytest.raises(NotAllowed, match="两边团队"):
        approve_handover(actor=leader, handover=asked)
    with pytest.raises(Refused, match="还没有确认接收"):
        approve_handover(actor=manager, handover=asked)
    with pytest.raises(NotAllowed, match="只有接收人"):
        accept_handover(actor=leader, handover=asked)


@pytest.mark.django_db
def test_requests_that_cannot_be_are_refused(
    officer: Account,
    colleague: Account,
    leader: Account,
    auditor: Account,
    outsider: Account,
    project: Project,
) -> None:
    given: dict[str, Any] = {"project": project, "receiver": colleague.person, "reason": "轮岗"}

    with pytest.raises(NotFound):
        propose_handover(actor=outsider, **given)
    with pytest.raises(NotAllowed):
        propose_handover(actor=colleague, **given)
    with pytest.raises(Refused, match="已经是服务专员"):
        propose_handover(actor=leader, **{**given, "receiver": officer.person})
    with pytest.raises(Refused, match="没有任职"):
        propose_handover(actor=leader, **{**given, "receiver": auditor.person})
    with pytest.raises(Refused, match="写明移交的理由"):
        propose_handover(actor=leader, **{**given, "reason": " "})
    propose_handover(actor=leader, **given)
    with pytest.raises(Conflict, match="已有一份移交申请在办"):
        propose_handover(actor=officer, **given)
    assert Handover.objects.count() == 1


@pytest.mark.django_db
def test_rejected_and_cancelled_requests_leave_the_project(
    officer: Account, colleague: Account, asked: Handover, project: Project
) -> None:
    with pytest.raises(Refused, match="写明理由"):
        reject_handover(actor=colleague, handover=asked, reason="")
    reject_handover(actor=colleague, handover=asked, reason="手上项目已满")
    with pytest.raises(Conflict, match="现在是“已驳回”"):
        cancel_handover(actor=officer, handover=asked, reason="不移交了")

    again = propose_handover(actor=officer, project=project, receiver=colleague.person, reason="轮岗")
    with pytest.raises(NotAllowed, match="由提出人或分管领导撤销"):
        cancel_handover(actor=colleague, handover=again, reason="不接")
    assert cancel_handover(actor=officer, handover=again, reason="不移交了").state == "cancelled"
    assert holder(project)[0] == officer.person


@pytest.mark.django_db
def test_receiver_who_lost_the_post_does_not_receive(leader: Account, asked: Handover) -> None:
    Appointment.objects.filter(person=asked.receiver).update(ends_on=TODAY)

    with pytest.raises(Refused, match="已不在项目攻坚一队任职"):
        approve_handover(actor=leader, handover=asked)


@pytest.mark.django_db
def test_shares_follow_only_when_asked_for_and_only_from_that_day(
    leader: Account, officer: Account, colleague: Account, project: Project
) -> None:
    share_credit(
        actor=leader,
        project=project,
        weights={"introduction": Decimal(70), "landing": Decimal(30)},
        shares=[
            (officer.person, "introduction", Decimal(100)),
            (officer.person, "landing", Decimal(60)),
            (colleague.person, "landing", Decimal(40)),
        ],
        on=TODAY - timedelta(10),
    )
    asked = propose_handover(
        actor=officer, project=project, receiver=colleague.person, reason="轮岗", shares_follow=True
    )
    approve_handover(actor=leader, handover=asked)

    held = CreditShare.objects.filter(holds_until=None).order_by("role")
    assert list(held.values_list("person", "role", "weight", "share", "percent", "holds_from")) == [
        (officer.person_id, "introduction", 70, 100, 70, TODAY),
        (colleague.person_id, "landing", 30, 100, 30, TODAY),
    ]


@pytest.mark.django_db
def test_request_is_worked_in_the_browser(
    officer: Account,
    colleague: Account,
    manager: Account,
    outsider: Account,
    project: Project,
    client_as: Callable[[Account], Client],
) -> None:
    url = f"/projects/{project.public_id}/hand-over/"
    typed = {"receiver": colleague.person.public_id, "reason": "轮岗", "note": "对方法务难缠", "seen": "1"}
    wrong = client_as(officer).post(url, {**typed, "reason": ""})
    assert (wrong.status_code, "对方法务难缠" in wrong.content.decode()) == (422, True)

    page = client_as(officer).post(url, typed, follow=True)
    asked = Handover.objects.get()
    assert "撤销移交" in page.content.decode()
    assert client_as(outsider).get(f"/handovers/{asked.public_id}/").status_code == 404
    assert (
        client_as(colleague).post(f"/handovers/{asked.public_id}/accept/", {"seen": "1"}).status_code == 302
    )
    late = client_as(manager).post(f"/handovers/{asked.public_id}/approve/", {"seen": "1"})
    assert (late.status_code, "刚刚已由他人办理" in late.content.decode()) == (422, True)
    assert client_as(manager).post(f"/handovers/{asked.public_id}/approve/", {"seen": "2"}).status_code == 302
    assert holder(project)[0] == colleague.person


@pytest.mark.django_db
def test_list_costs_the_same_queries_for_more_rows(
    officer: Account, colleague: Account, manager: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(manager)

    def ask(count: int) -> None:
        for _number in range(count):
            propose_handover(
                actor=officer, project=make_project(officer), receiver=colleague.person, reason="轮岗"
            )

    ask(1)
    client.get("/handovers/")
    with CaptureQueriesContext(connection) as one:
        client.get("/handovers/")
    ask(2)
    with CaptureQueriesContext(connection) as three:
        client.get("/handovers/")
    assert len(one) == len(three)


@pytest.mark.django_db(transaction=True)
def test_of_approve_and_cancel_at_once_one_wins(
    leader: Account, officer: Account, colleague: Account, project: Project
) -> None:
    asked = propose_handover(actor=officer, project=project, receiver=colleague.person, reason="轮岗")

    def approve() -> None:
        approve_handover(actor=leader, handover=asked)

    def cancel() -> None:
        cancel_handover(actor=officer, handover=asked, reason="不移交了")

    outcomes = at_once(approve, cancel)

    asked.refresh_from_db()
    assert sorted(outcomes) == ["Conflict", "done"]
    assert (asked.state == "approved") == (holder(project)[0] == colleague.person)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_shares_at_once_one_wins(
    leader: Account, manager: Account, officer: Account, colleague: Account, project: Project
) -> None:
    def settle(actor: Account, person: Person | None) -> Callable[[], None]:
        def run() -> None:
            share_credit(
                actor=actor, project=project, shares=[(person, "introduction", Decimal(100))], seen=1
            )

        return run

    outcomes = at_once(settle(leader, officer.person), settle(manager, colleague.person))

    assert sorted(outcomes) == ["Conflict", "done"]
    assert CreditShare.objects.filter(holds_until=None).count() == 1
    assert CreditShare.objects.count() == 2


def at_once(*performers: Callable[[], None]) -> list[str]:
    """Each on a connection of its own, let go together; gives what came of each."""
    barrier, outcomes = threading.Barrier(len(performers)), []

    def run(perform: Callable[[], None]) -> None:
        barrier.wait()
        try:
            perform()
            outcomes.append("done")
        except Outcome as outcome:
            outcomes.append(type(outcome).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(perform,)) for perform in performers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


# Everything of somebody who leaves


@pytest.fixture
def estate(officer: Account, leader: Account, manager: Account, first_team: Team) -> dict[str, Any]:
    """Two projects with credit earned, a task in a colleague's project, and a claim without a project."""
    scheme = make_scheme(2026)
    projects = [make_project(officer, name=name, stage="signed") for name in ("甲", "乙")]
    for one in projects:
        make_share(one, officer.person)
        make_recognised(one, officer, manager, happened_on=date(2026, 3, 1))
    post_credit(run=make_run(scheme, year=2026), year=2026)
    other = make_project(leader)
    task = add_task(actor=leader, project=other, title="核对用地", due_on=TODAY, person=officer.person)
    claim = FirstReception.objects.create(
        company=make_company(officer), person=officer.person, team=first_team, protected_until=TODAY
    )
    return {"projects": projects, "task": task, "claim": claim, "scheme": scheme}


def keys_of(estate: dict[str, Any], person: Person) -> dict[str, Person]:
    return {
        **{f"project-{one.public_id}": person for one in estate["projects"]},
        f"task-{estate['task'].public_id}": person,
        f"reception-{estate['claim'].pk}": person,
    }


def settle(actor: Account, person: Person, receivers: dict[str, Person], **fields: Any) -> HandoverBatch:
    return hand_over_all(
        actor=actor,
        person=person,
        receivers=receivers,
        **{"last_day": TODAY, "kind": "leave", "reason": "离职", **fields},
    )


@pytest.mark.django_db
def test_everything_moves_at_once_and_the_past_stays(
    officer: Account, colleague: Account, manager: Account, estate: dict[str, Any]
) -> None:
    lines, shares = list(LedgerLine.objects.values()), list(CreditShare.objects.values())
    stages = list(Project.objects.order_by("pk").values_list("stage", "stage_since"))
    assert sorted(custody_of(officer.person).keys) == sorted(keys_of(estate, colleague.person))

    batch = settle(manager, officer.person, keys_of(estate, colleague.person))
    post_credit(run=make_run(estate["scheme"], year=2026), year=2026)

    assert custody_of(officer.person).keys == []
    assert {one.owner for one in Project.objects.filter(name__in="甲乙")} == {colleague.person}
    assert ServiceTask.objects.get().person == colleague.person
    assert FirstReception.objects.get().person == colleague.person
    assert (batch.handovers.count(), batch.items.count()) == (2, 2)
    assert list(LedgerLine.objects.values()) == lines
    assert list(CreditShare.objects.values()) == shares
    assert list(Project.objects.order_by("pk").values_list("stage", "stage_since")) == stages
    assert StageChange.objects.count() == 0
    assert AuditEntry.objects.get(verb="handover.batch").detail["receivers"] == {colleague.person.name: 4}
    assert colleague.notices.get().url == f"/handover-batches/{batch.public_id}/"


@pytest.mark.django_db
def test_nothing_is_half_done(
    officer: Account,
    colleague: Account,
    outsider: Account,
    manager: Account,
    auditor: Account,
    estate: dict[str, Any],
) -> None:
    whole = keys_of(estate, colleague.person)
    first = f"project-{estate['projects'][0].public_id}"

    for receivers, sentence in (
        ({key: value for key, value in whole.items() if key != first}, "还有 1 项没有选接收人"),
        ({**whole, first: auditor.person}, "今天没有任职"),
        ({**whole, first: officer.person}, "不能是交出人本人"),
    ):
        with pytest.raises(Refused, match=sentence):
            settle(manager, officer.person, receivers)
    with pytest.raises(Conflict, match="1 项已不在其名下"):
        settle(manager, officer.person, {**whole, "project-gone": colleague.person})

    propose_handover(actor=officer, project=estate["projects"][0], receiver=colleague.person, reason="轮岗")
    with pytest.raises(Refused, match="“甲”另有移交申请在办"):
        settle(manager, officer.person, whole)

    assert not HandoverBatch.objects.exists()
    assert not HandoverItem.objects.exists()
    assert {one.owner for one in Project.objects.filter(name__in="甲乙")} == {officer.person}


@pytest.mark.django_db
def test_who_settles_for_whom(
    officer: Account,
    colleague: Account,
    leader: Account,
    outsider: Account,
    hr: Account,
    manager: Account,
    estate: dict[str, Any],
) -> None:
    whole = keys_of(estate, colleague.person)

    for stranger in (officer, colleague, outsider):
        with pytest.raises(NotAllowed):
            settle(stranger, officer.person, whole)
    with pytest.raises(Refused, match="不在您的团队"):
        settle(leader, officer.person, keys_of(estate, outsider.person))
    with pytest.raises(Refused, match="仍是项目攻坚一队队长"):
        settle(hr, leader.person, {f"project-{estate['task'].plan.project.public_id}": colleague.person})
    Project.objects.filter(pk=estate["projects"][0].pk).update(project_class="major")
    for actor in (leader, hr):
        with pytest.raises(NotAllowed, match="要由分管领导确认"):
            settle(actor, officer.person, whole)

    assert settle(manager, officer.person, whole).handovers.count() == 2


@pytest.mark.django_db
def test_wizard_fills_previews_and_confirms(
    officer: Account,
    colleague: Account,
    leader: Account,
    first_team: Team,
    estate: dict[str, Any],
    client_as: Callable[[Account], Client],
) -> None:
    client, url = client_as(leader), f"/people/{officer.person.public_id}/hand-over/"
    typed = {"kind": "move", "last_day": TODAY.isoformat(), "reason": "调往驻点", "step": "preview"}

    assert client.get(url).status_code == 200
    lacking = client.post(url, typed)
    assert (lacking.status_code, "还有 4 项没有选接收人" in lacking.content.decode()) == (422, True)
    filled = client.post(url, {**typed, "step": "fill", "spread_over": first_team.public_id})
    chosen = filled.context["form"].receivers()
    counts = [list(chosen.values()).count(one) for one in (colleague.person, leader.person)]
    assert sorted(counts) == [2, 2]
    receivers = {key: person.public_id for key, person in chosen.items()}
    looked = client.post(url, {**typed, **receivers})
    assert "确认交接" in looked.content.decode()
    assert not HandoverBatch.objects.exists()
    result = client.post(url, {**typed, **receivers, "step": "confirm"}, follow=True)

    assert "打印交接单" in result.content.decode()
    assert (HandoverBatch.objects.get().kind, Project.objects.filter(owner=officer.person).count()) == (
        "move",
        0,
    )


@pytest.mark.django_db
def test_custody_card_is_for_those_who_settle(
    officer: Account,
    leader: Account,
    colleague: Account,
    estate: dict[str, Any],
    client_as: Callable[[Account], Client],
) -> None:
    url = f"/people/{officer.person.public_id}/custody/"

    assert "2 个项目" in client_as(leader).get(url).content.decode()
    assert client_as(colleague).get(url).content == b""


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_the_same_leaver_one_wins(
    officer: Account, colleague: Account, manager: Account, deputy: Account, estate: dict[str, Any]
) -> None:
    whole = keys_of(estate, colleague.person)

    outcomes = at_once(
        lambda: settle(manager, officer.person, whole) and None,
        lambda: settle(deputy, officer.person, whole) and None,
    )

    assert sorted(outcomes) == ["Refused", "done"]
    assert (HandoverBatch.objects.count(), Handover.objects.count()) == (1, 2)
