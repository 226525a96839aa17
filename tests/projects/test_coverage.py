"""Industry by region with the teams of a day: gaps and overlaps in words, on any day, also as a sheet and in the API."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from projects.queries.coverage import coverage_on
from staff.actions import change_team
from staff.models import Account, TeamKind
from tests.factories.projects import make_project
from tests.factories.staff import make_team

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def cells(actor: Account, day: date, industry: str) -> dict[str, list[str]]:
    row = next(row for row in coverage_on(actor, day).rows if row.industry == industry)
    return {cell.region: [team.name for team in cell.teams] for cell in row.cells}


def test_cells_hold_the_teams_of_the_day(hr: Account) -> None:
    department = make_team(name="一部", kind=TeamKind.DEPARTMENT, fields=["集成电路"], region="本部")
    team = make_team(name="一队", parent=department, fields=["集成电路"], region="本部")
    make_team(name="二队", parent=department, fields=["集成电路", "新材料"], region="本部、青阳")
    make_team(name="联络处", kind=TeamKind.LIAISON, parent=team, region="上海")
    change_team(actor=hr, team=team, on=DAY, reason="2号文", fields=["生物医药"])

    assert cells(hr, date(2026, 2, 1), "集成电路") == {
        "本部": ["一队", "二队"],
        "青阳": ["二队"],
        "上海": ["联络处"],
    }
    assert cells(hr, DAY, "集成电路") == {"本部": ["二队"], "青阳": ["二队"], "上海": []}
    assert cells(hr, DAY, "生物医药") == {"本部": ["一队"], "青阳": [], "上海": ["联络处"]}
    matrix = coverage_on(hr, date(2026, 2, 1))
    assert matrix.overlaps == 1
    assert "新能源" in matrix.uncovered


def test_page_sheet_and_api_say_gap_and_overlap(officer: Account, client_as: SignIn) -> None:
    make_project(officer, industry="integrated_circuits")
    for name in ("甲队", "乙队"):
        make_team(name=name, fields=["集成电路"], region="上海")
    client = client_as(officer)

    page = client.get(reverse("projects:coverage")).content.decode()
    sheet = client.get(reverse("projects:coverage"), {"form": "xlsx"})
    body = client.get("/api/coverage/").json()
    row = next(row for row in body["rows"] if row["industry"] == "集成电路")

    assert ["重叠 2 队" in page, "缺口" in page, sheet.content[:2] == b"PK"] == [True, True, True]
    assert (row["projects"], [cell["is_overlap"] for cell in row["cells"]]) == (1, [True])
    assert client.get("/api/coverage/", {"on": "gestern"}).status_code == 422
    assert client.get(reverse("projects:coverage"), {"on": "2019-01-01"}).status_code == 200
