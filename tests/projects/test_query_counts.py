"""Lists, board, record, companies, search and map cost the same number of statements with five rows and with fifty."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.models import FollowUp, Project
from promotion.actions import save_view
from staff.models import Account
from tests.factories.projects import make_achievement, make_company, make_project, make_share

pytestmark = pytest.mark.django_db
STAGES = ("lead", "negotiation", "admission", "signed")
FEW, MANY = 5, 50


def work(officer: Account, record: Project, numbers: range) -> None:
    """As many projects with companies, shares, reports and views, and as many entries on the one record."""
    for number in numbers:
        company = make_company(officer, name=f"江苏云栖第{number}有限公司")
        project = make_project(
            officer,
            name=f"云栖{number}号",
            company=company,
            stage=STAGES[number % len(STAGES)],
            park="main",
            industry="new_energy",
            planned_investment=100_000_000,
        )
        assert officer.person is not None
        make_share(project, officer.person)
        make_achievement(project, officer)
        FollowUp.objects.create(
            project=record, kind="note", happened_at=timezone.now(), text="记事", written_by=officer
        )
        save_view(actor=officer, name=f"视图{number}", url_name="projects:list", query=f"q={number}")


@pytest.mark.parametrize("role", ["officer", "leader", "manager"])
def test_pages_cost_the_same_with_few_rows_and_with_many(
    role: str, request: pytest.FixtureRequest, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client, record = client_as(request.getfixturevalue(role)), make_project(officer, name="云栖零号")
    pages = {
        "list": reverse("projects:list"),
        "board": reverse("projects:board"),
        "record": reverse("projects:detail", args=[record.public_id]),
        "company": reverse("projects:company", args=[record.company.public_id]),
        "companies": reverse("projects:companies"),
        "search": f"{reverse('search')}?q=云栖",
        "map": reverse("projects:map"),
        "homes": reverse("projects:map-homes"),
        "views": reverse("views"),
        "achievements": reverse("projects:achievements"),
    }

    def costs() -> dict[str, int]:
        counted = {}
        for name, url in pages.items():
            assert client.get(url).status_code == 200, name
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            counted[name] = len(captured)
        return counted

    work(officer, record, range(FEW))
    few = costs()
    work(officer, record, range(FEW, MANY))

    assert costs() == few


def test_a_preview_of_a_bulk_change_reads_its_page_at_a_constant_price(
    officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(officer)
    made: list[Project] = []

    def cost(many: int) -> int:
        made.extend(make_project(officer) for _each in range(many - len(made)))
        rows = {"row": [project.pk for project in made]}
        client.post(reverse("projects:bulk"), rows)
        with CaptureQueriesContext(connection) as captured:
            assert client.post(reverse("projects:bulk"), rows).status_code == 200
        return len(captured)

    assert cost(FEW) == cost(MANY)
