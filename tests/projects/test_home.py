"""The workbench: what is due, for whom, and what it costs."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import advance_project, write_follow_up
from projects.queries.home import Todo, lately, stage_shares, todo_groups
from staff.models import Account
from tests.factories.projects import make_achievement, make_project

ClientAs = Callable[[Account], Client]


def todos_of(actor: Account) -> list[Todo]:
    """Everything to do, in the order of the groups."""
    return [todo for group in todo_groups(actor) for todo in group.todos]


def due(actor: Account) -> list[tuple[str, str]]:
    return [(todo.title, todo.mark) for todo in todos_of(actor)]


def test_officer_reads_what_is_returned_due_and_missing_in_that_order(
    officer: Account, colleague: Account
) -> None:
    today = timezone.localdate()
    missing = make_project(officer, name="没有下一步")
    now = make_project(officer, name="今天", next_step="来访", next_step_on=today)
    late = make_project(officer, name="逾期", next_step="来访", next_step_on=today - timedelta(days=2))
    later = make_project(officer, name="以后", next_step="来访", next_step_on=today + timedelta(days=2))
    make_project(colleague, name="同事的", next_step="来访", next_step_on=today)
    make_project(officer, name="已终止", status="lost")
    returned = make_project(
        officer, name="被退回的", stage="signed", next_step="补页", next_step_on=today + timedelta(days=9)
    )
    make_achievement(returned, officer, state="returned", decision_note="缺盖章页")

    assert [
        (group.key, [(todo.detail, todo.mark) for todo in group.todos]) for group in todo_groups(officer)
    ] == [
        ("decisions", [("补：缺盖章页", "被退回")]),
        ("late", [(f"逾期 · {late.company.name}", "逾期 2 天")]),
        ("today", [(f"今天 · {now.company.name}", "今天")]),
        ("missing", [(missing.company.name, "缺下一步")]),
        ("week", [(f"以后 · {later.company.name}", f"{today + timedelta(days=2):%m-%d}")]),
    ]


def test_leader_reads_the_teams_steps_and_whose_they_are(
    officer: Account, outsider: Account, leader: Account
) -> None:
    today = timezone.localdate()
    make_project(officer, name="队员的", next_step="来访", next_step_on=today)
    make_project(outsider, name="别队的", next_step="来访", next_step_on=today)

    todos = todos_of(leader)

    assert [todo.detail.split(" · ")[0] for todo in todos] == ["队员的"]
    assert todos[0].detail.endswith(str(officer.person))


def test_manager_reads_what_waits_for_a_second_person(officer: Account, manager: Account) -> None:
    make_achievement(make_project(officer, name="待认定的", stage="signed"), officer)
    make_achievement(make_project(officer, name="自己报的", stage="signed"), manager)
    make_achievement(make_project(officer, name="退回去的", stage="signed"), officer, state="returned")

    assert due(manager) == [("待认定的", "待认定")]


def test_overseers_have_nothing_to_do_here(auditor: Account, officer: Account) -> None:
    make_project(officer)

    assert due(auditor) == []


def test_projects_by_stage_lead_to_lists_that_sum_to_them(
    officer: Account, colleague: Account, client_as: ClientAs
) -> None:
    make_project(officer, planned_investment=Decimal(100))
    make_project(officer, planned_investment=Decimal(200))
    make_project(colleague, planned_investment=Decimal(400))

    share = stage_shares(officer)[0]
    listed = client_as(officer).get(share.url).context["list"]

    assert (share.count, share.amount) == (2, Decimal(300))
    assert (listed.total_count, listed.figures["total_investment"]) == (2, Decimal(300))


def test_lately_shows_only_what_one_sees(officer: Account, outsider: Account) -> None:
    project = make_project(officer)
    advance_project(actor=officer, project=project, to="negotiation")
    write_follow_up(actor=officer, project=project, kind="call", text="确认来访")

    assert [event.text for event in lately(officer)] == ["电话：确认来访", "移到「洽谈」"]
    assert lately(outsider) == []


def test_workbench_costs_the_same_with_one_project_and_with_three(
    officer: Account, client_as: ClientAs
) -> None:
    client = client_as(officer)
    make_achievement(make_project(officer), officer, state="returned")
    make_project(officer, next_step="来访", next_step_on=timezone.localdate())
    client.get("/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    one = queries()
    make_achievement(make_project(officer, stage="signed"), officer, state="returned")
    make_project(officer, next_step="来访", next_step_on=timezone.localdate())

    assert queries() == one


def test_empty_workbench_teaches_the_next_step(officer: Account, client_as: ClientAs) -> None:
    body = client_as(officer).get("/").content.decode()

    assert "今天没有到期的事" in body
    assert "记线索" in body


def test_what_is_folded_away_comes_when_it_is_opened_and_has_a_page_of_its_own(
    officer: Account, client_as: ClientAs
) -> None:
    today = timezone.localdate()
    for number in range(11):
        make_project(officer, name=f"第{number:02}号", next_step="来访", next_step_on=today)
    make_project(officer, name="没有下一步")
    client = client_as(officer)

    folded = client.get("/").content.decode()
    rest = client.get("/todos/?group=today", headers={"HX-Request": "true"}).content.decode()
    whole = client.get("/todos/?group=today").content.decode()
    everything = client.get("/todos/").content.decode()

    assert ("还有 3 件" in folded, "第07号" in folded, "第08号" in folded) == (True, True, False)
    assert [f"第{number:02}号" in rest for number in (7, 8, 9, 10)] == [False, True, True, True]
    assert "<h2" not in rest
    assert all(f"第{number:02}号" in whole for number in range(11))
    assert ("没有下一步" in whole, "没有下一步" in everything) == (False, True)
    assert "这些事已经办完" in client.get("/todos/?group=late").content.decode()
