"""The board: figures and cards of the visible set, filters, more cards, moves from it, constant queries."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.access import projects_visible_to
from projects.actions import change_project
from projects.models import Achievement
from projects.queries.board import Mark, board_columns, mark_of
from projects.queries.clock import clock_book
from projects.queries.drawn import drawn_projects
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised, make_share

ClientAs = Callable[[Account], Client]
YI = Decimal(100_000_000)


def figures(actor: Account) -> dict[str, tuple[int, Decimal, list[str]]]:
    columns = board_columns(actor, projects_visible_to(actor))
    return {c.stage: (c.count, c.amount, [card.project.name for card in c.cards]) for c in columns if c.count}


def queries_of(client: Client, url: str, **headers: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url, headers=headers).status_code == 200
    return len(captured)


def test_columns_count_and_sum_what_is_visible(officer: Account, outsider: Account, manager: Account) -> None:
    make_project(officer, name="甲", planned_investment=2 * YI)
    make_project(officer, name="乙", planned_investment=5 * YI)
    make_project(officer, name="丙", planned_investment=None)
    make_project(outsider, name="丁", stage="signed", planned_investment=YI)

    assert figures(officer) == {"lead": (3, 7 * YI, ["乙", "甲", "丙"])}
    assert figures(outsider) == {"signed": (1, YI, ["丁"])}
    assert figures(manager) == {"lead": (3, 7 * YI, ["乙", "甲", "丙"]), "signed": (1, YI, ["丁"])}


def test_column_shows_the_first_cards_and_how_many_are_left(officer: Account) -> None:
    for _n in range(3):
        make_project(officer)

    column = board_columns(officer, projects_visible_to(officer), limit=2)[0]

    assert (column.count, len(column.cards), column.rest) == (3, 2, 1)


@pytest.mark.parametrize(
    ("fields", "state", "expected"),
    [
        ({"next_step": "来访", "next_step_on": 3}, None, Mark("0 天", "plain")),
        (
            {"next_step": "来访", "next_step_on": -3, "stage_since": -400},
            "submitted",
            Mark("逾期 3 天", "alarm"),
        ),
        ({"next_step": ""}, None, Mark("缺下一步", "alarm")),
        ({"next_step": "来访"}, "submitted", Mark("待认定", "accent")),
        ({"next_step": "来访", "stage_since": -15}, None, Mark("停留 15 天", "attention")),
        ({"next_step": "来访", "next_step_on": -3}, "returned", Mark("被退回", "alarm")),
        ({"next_step": "", "stage": "produced"}, None, Mark("0 天", "plain")),
    ],
)
def test_card_carries_the_worst_mark(
    officer: Account, fields: dict[str, object], state: str | None, expected: Mark
) -> None:
    today = timezone.localdate()
    days = {name: today + timedelta(days=value) for name, value in fields.items() if isinstance(value, int)}
    project = make_project(officer, **{"stage_since": today, **fields, **days})
    if state:
        make_achievement(project, officer, state=state)

    assert mark_of(drawn_projects([project.pk])[project.pk], today, clock_book(today)) == expected


def test_moves_are_offered_to_those_who_may(officer: Account, colleague: Account, leader: Account) -> None:
    project = make_project(officer, stage="negotiation")

    def offered(actor: Account) -> list[tuple[str, bool]]:
        columns = board_columns(actor, projects_visible_to(actor))
        return [(move.stage, move.asks) for column in columns for card in column.cards for move in card.moves]

    assert offered(officer) == [("admission", False), ("lead", False)]
    assert offered(leader) == offered(officer)
    assert offered(colleague) == []
    assert colleague.person is not None
    make_share(project, colleague.person)
    assert offered(colleague) == offered(officer)


def test_board_costs_the_same_with_one_project_and_with_three(officer: Account, client_as: ClientAs) -> None:
    client = client_as(officer)
    make_achievement(make_project(officer, stage="signed"), officer)
    client.get("/projects/")
    one = queries_of(client, "/projects/")

    make_project(officer)
    make_project(officer, stage="produced", company=make_company(officer))

    assert queries_of(client, "/projects/") == one


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"电池", "芯片", "药厂"}),
        ("min_amount=3", {"电池"}),
        ("industry=biomedicine", {"药厂"}),
        ("channel=fund&channel=online", {"芯片", "药厂"}),
        ("mine=1", {"电池", "芯片"}),
        ("awaiting=1", {"芯片"}),
        ("stalled=1", {"电池"}),
        ("step=missing", {"电池", "药厂"}),
        ("reached=signed", {"芯片"}),
        ("q=池", {"电池"}),
        ("q=xinpian", {"芯片"}),
        ("q=yc", {"药厂"}),
        ("q=常青", {"药厂"}),
        ("status=lost", {"旧事"}),
        ("status=any&stage=lead", {"电池", "药厂", "旧事"}),
    ],
)
def test_board_and_list_are_narrowed_alike(
    officer: Account, colleague: Account, client_as: ClientAs, query: str, expected: set[str]
) -> None:
    today = timezone.localdate()
    make_project(officer, name="电池", planned_investment=4 * YI, stage_since=today - timedelta(days=90))
    chip = make_project(
        officer,
        name="芯片",
        stage="signed",
        channel="fund",
        stage_since=today,
        next_step="注册",
        next_step_on=today,
    )
    make_achievement(chip, officer)
    company = make_company(colleague, name="常青医药有限公司")
    make_project(
        colleague, name="药厂", company=company, industry="biomedicine", channel="online", stage_since=today
    )
    make_project(officer, name="旧事", status="lost")

    client = client_as(officer)
    columns = client.get(f"/projects/?{query}").context["columns"]
    listed = client.get(f"/projects/list/?{query}").context["list"]

    assert {card.project.name for column, _cards in columns for card in column.cards} == expected
    assert {row.name for row in listed.page.object_list} == expected


def test_more_cards_come_as_a_fragment_and_without_script_as_the_list(
    officer: Account, client_as: ClientAs
) -> None:
    for _n in range(3):
        make_project(officer)
    client = client_as(officer)

    fragment = client.get("/projects/columns/lead/?offset=2", headers={"HX-Request": "true"})
    plain = client.get("/projects/columns/lead/?offset=2")
    unknown = client.get("/projects/columns/filed/")

    assert fragment.content.decode().count("data-card") == 1
    assert (plain.status_code, plain["Location"]) == (302, "/projects/list/?stage=lead")
    assert unknown.status_code == 404


def test_drop_that_lacks_nothing_moves_at_once(officer: Account, client_as: ClientAs) -> None:
    project = make_project(officer)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/projects/?mine=1"}

    reply = client_as(officer).post(
        f"/projects/{project.public_id}/advance/?seen=1",
        {"to": "negotiation", "dropped": "1"},
        headers=headers,
    )

    project.refresh_from_db()
    assert (reply.status_code, reply.content, project.stage) == (200, b"", "negotiation")
    assert '"board:moved"' in reply["HX-Trigger"]
    assert "to=lead&seen=2" in reply["HX-Trigger"]


def test_drop_that_lacks_something_opens_the_panel_and_moves_nothing(
    officer: Account, client_as: ClientAs
) -> None:
    project = make_project(officer, stage="admission")

    reply = client_as(officer).post(
        f"/projects/{project.public_id}/advance/?seen=1",
        {"to": "signed", "dropped": "1"},
        headers={"HX-Request": "true"},
    )

    project.refresh_from_db()
    body = reply.content.decode()
    assert (reply.status_code, project.stage, Achievement.objects.count()) == (200, "admission", 0)
    assert all(f'name="{name}"' in body for name in ("admission_note", "happened_on", "amount", "evidence"))
    assert 'name="credit_code"' not in body


def test_drop_that_comes_too_late_says_who_was_first(
    officer: Account, leader: Account, client_as: ClientAs
) -> None:
    project = make_project(officer)
    change_project(actor=leader, project=project, seen=1, next_step="电话")

    reply = client_as(officer).post(
        f"/projects/{project.public_id}/advance/?seen=1",
        {"to": "negotiation", "dropped": "1"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/projects/"},
    )

    project.refresh_from_db()
    assert project.stage == "lead"
    assert '"board:moved"' in reply["HX-Trigger"]
    assert '"level": "error"' in reply["HX-Trigger"]


def test_panel_without_script_is_a_page_and_leads_to_the_record(
    officer: Account, client_as: ClientAs
) -> None:
    project = make_project(officer)
    client = client_as(officer)
    url = f"/projects/{project.public_id}/advance/"

    assert client.get(f"{url}?to=negotiation").status_code == 200
    reply = client.post(url, {"to": "negotiation", "seen": "1", "happened_on": "2026-02-01", "note": ""})

    assert (reply.status_code, reply["Location"]) == (302, f"/projects/{project.public_id}/")


def test_list_totals_and_workbook_hold_the_visible_set(
    officer: Account, outsider: Account, client_as: ClientAs
) -> None:
    make_project(officer, planned_investment=2 * YI)
    make_project(outsider, planned_investment=9 * YI)
    client = client_as(officer)

    listed = client.get("/projects/list/").context["list"]
    workbook = client.get("/projects/workbook/")

    assert [cell.text for cell in listed.totals if cell.text] == ["合计", "2.00"]
    assert workbook["Content-Type"].startswith("application/vnd.openxmlformats")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail["rows"]) == ("project.export", 1)


def test_list_costs_the_same_with_one_project_and_with_three(officer: Account, client_as: ClientAs) -> None:
    client = client_as(officer)
    make_project(officer)
    client.get("/projects/list/")
    one = queries_of(client, "/projects/list/")

    make_project(officer)
    make_project(officer, stage="signed")

    assert queries_of(client, "/projects/list/") == one


def test_record_costs_the_same_with_one_fact_and_with_three(
    officer: Account, manager: Account, client_as: ClientAs
) -> None:
    project = make_project(officer, stage="started")
    make_recognised(project, officer, manager)
    client = client_as(officer)
    url = f"/projects/{project.public_id}/"
    client.get(url)
    one = queries_of(client, url)

    make_recognised(project, officer, manager, kind="registered", happened_on=date(2026, 4, 1))
    make_recognised(project, officer, manager, kind="paid_in", happened_on=date(2026, 5, 1))

    assert queries_of(client, url) == one
