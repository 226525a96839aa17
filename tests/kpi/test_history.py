"""Ranks over the runs of a year: movement, ties, years before, and each run opening as it was."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpi.actions.run import execute_run, request_run
from kpi.models import Run, Target
from kpi.queries.history import history_of, years_of
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

SignIn = Callable[[Account], Client]


def run_once(year: int = 2025) -> Run:
    run = execute_run(run_id=request_run(actor=None, year=year).pk)
    assert run is not None
    return run


def sign(account: Account, manager: Account, year: int = 2025) -> None:
    project = make_project(account, reported_on=date(year, 1, 1))
    make_share(project, account.person, holds_from=date(year, 1, 1))  # type: ignore[arg-type]
    make_recognised(project, account, manager, happened_on=date(year, 3, 1))


@pytest.fixture
def runs(officer: Account, outsider: Account, manager: Account) -> list[Run]:
    """The officer leads, is caught up with, and is passed; the year before he was alone ahead."""
    for year in (2024, 2025):
        make_scheme(year)
        for account in (officer, outsider):
            Target.objects.create(year=year, indicator="signings", person=account.person, amount=10)
    sign(officer, manager, 2024)
    run_once(2024)
    sign(officer, manager)
    found = [run_once()]
    for _turn in range(2):
        sign(outsider, manager)
        found.append(run_once())
    return found


def test_rank_total_movement_and_ties_of_every_run(
    runs: list[Run], officer: Account, outsider: Account
) -> None:
    middle = runs[1].standings.get(person=officer.person)

    found = history_of(outsider, middle)

    assert [(one.standing.rank, one.standing.total, one.tied, one.is_current) for one in found] == [
        (1, 5, False, False),
        (1, 5, True, False),
        (2, 5, False, True),
    ]
    assert [one.standing.places_gained for one in found] == [None, 0, -1]
    assert [one.run.year for one in years_of(outsider, middle)] == [2025, 2024]


def test_the_page_links_each_run_and_year_and_costs_the_same_for_more_runs(
    runs: list[Run], officer: Account, outsider: Account, client_as: SignIn
) -> None:
    client = client_as(outsider)
    standing = runs[0].standings.get(person=officer.person)
    address = reverse("kpi:standing-history", args=[standing.pk])
    page = client.get(address).content.decode()
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for _turn in range(2):
        run_once()

    with CaptureQueriesContext(connection) as after:
        client.get(address)

    assert len(after) == len(before)
    assert "并列" in page
    for run in runs:
        assert reverse("kpi:standing", args=[run.standings.get(person=officer.person).pk]) in page
        assert f"?run={run.public_id}&amp;group=officers" in page


def test_a_past_run_opens_as_it_was_with_a_banner(
    runs: list[Run], officer: Account, outsider: Account, client_as: SignIn
) -> None:
    client = client_as(outsider)
    past, now = runs[0].standings.get(person=officer.person), runs[-1].standings.get(person=officer.person)
    ranking = reverse("kpi:ranking")

    standing = client.get(reverse("kpi:standing", args=[past.pk])).content.decode()
    ranked = client.get(f"{ranking}?run={runs[0].public_id}&group=officers").content.decode()
    current = client.get(f"{ranking}?year=2025&group=officers").content.decode()

    assert "按当时的样子" in standing
    assert reverse("kpi:standing", args=[now.pk]) in standing
    assert "按当时的样子" in ranked
    assert reverse("kpi:standing", args=[past.pk]) in ranked
    assert "按当时的样子" not in current
    assert client.get(f"{ranking}?run=missing").status_code == 404
