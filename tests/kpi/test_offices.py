"""Liaison offices: what is earned in one counts there, each figure is what its list sums to, and who looks into which."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi.actions import TargetRow, set_targets
from kpi.models import AssessmentYear
from kpi.queries.ledger import last_line
from kpi.queries.offices import Goal, offices_of
from staff.models import Account, Role, Team
from tests.factories.kpi import make_run, make_scheme, post
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
YEAR = 2025


@pytest.fixture
def office(first_team: Team) -> Team:
    return make_team(code="LL1", name="驻上海联络处", kind="liaison", parent=first_team)


@pytest.fixture
def envoy(office: Team) -> Account:
    return make_account(Role.OFFICER, team=office)


@pytest.fixture
def earned(office: Team, envoy: Account, officer: Account, manager: Account, hr: Account) -> Any:
    """A signing of 1 亿元 shared 40 : 60 between the office and the team above, foreign capital, and a run that posted them."""
    scheme = make_scheme(YEAR)
    project = make_project(officer, reported_on=date(2024, 1, 1))
    for account, percent in ((envoy, 40), (officer, 60)):
        make_share(project, account.person, percent, holds_from=date(2024, 1, 1))  # type: ignore[arg-type]
    make_recognised(project, officer, manager, kind="signed", happened_on=date(2025, 3, 1))
    make_recognised(
        project, officer, manager, kind="paid_in", happened_on=date(2025, 4, 1), currency="USD",
        amount=Decimal(1_000_000), amount_cny=Decimal(7_200_000), exchange_rate=Decimal("7.2"), rate_on=date(2025, 4, 1),
    )  # fmt: skip
    set_targets(actor=hr, year=YEAR, rows=[TargetRow("signings", Decimal(2), team=office)])
    run = make_run(scheme)
    post(run)
    run.last_line = last_line(YEAR)
    run.save()
    AssessmentYear.objects.update_or_create(year=YEAR, defaults={"current_run": run})
    return run


def test_what_is_earned_in_an_office_counts_there(earned: Any, hr: Account, office: Team) -> None:
    run, [one] = offices_of(hr, YEAR)
    assert (run, one.team, one.people) == (earned, office, 1)
    assert (one.signed, one.signed_amount, one.paid_in_usd) == (Decimal("0.4"), 40_000_000, 400_000)
    [goal] = one.goals
    assert (goal.title, goal.target, goal.actual, goal.progress) == (
        "签约任务",
        2,
        Decimal("0.4"),
        Decimal("0.2"),
    )
    assert one.progress == Decimal("0.2")
    more = [Goal("a", "甲", "个", Decimal(1), Decimal(30)), Goal("b", "乙", "个", Decimal(2), Decimal(1))]
    assert replace(one, goals=more).progress == Decimal("0.75")


def test_every_figure_is_what_its_list_sums_to(
    earned: Any, hr: Account, auditor: Account, client_as: SignIn
) -> None:
    _run, [one] = offices_of(hr, YEAR)
    client = client_as(auditor)
    signed = client.get(one.signed_url).context["list"].figures
    assert (signed["total_rows"], signed["total_credited"]) == (1, one.signed_amount)
    assert client.get(one.paid_in_url).context["list"].total_count == 1


def test_lines_after_the_run_do_not_count(
    earned: Any, hr: Account, officer: Account, envoy: Account, manager: Account
) -> None:
    late = make_project(officer, reported_on=date(2024, 1, 1))
    make_share(late, envoy.person, holds_from=date(2024, 1, 1))  # type: ignore[arg-type]
    make_recognised(late, officer, manager, kind="signed", happened_on=date(2025, 5, 1))
    post(earned)
    _run, [one] = offices_of(hr, YEAR)
    assert one.signed == Decimal("0.4")


def test_offices_are_ordered_by_what_they_reached_and_closed_ones_are_gone(
    earned: Any, hr: Account, first_team: Team
) -> None:
    make_team(code="LL2", name="驻北京联络处", kind="liaison", parent=first_team)
    make_team(code="LL3", name="驻深圳联络处", kind="liaison", parent=first_team, closed_on=date(2025, 6, 1))
    _run, found = offices_of(hr, YEAR)
    assert [(one.team.code, one.progress) for one in found] == [("LL1", Decimal("0.2")), ("LL2", None)]


def test_who_looks_into_an_office(
    earned: Any,
    envoy: Account,
    leader: Account,
    outsider: Account,
    manager: Account,
    auditor: Account,
    client_as: SignIn,
) -> None:
    readers = (envoy, leader, manager, auditor, outsider)
    seen = ["驻上海联络处" in client_as(one).get(f"/year/offices/?year={YEAR}").text for one in readers]
    assert seen == [True, True, True, True, False]


def test_the_page_costs_the_same_with_one_and_with_three_offices(
    earned: Any, hr: Account, first_team: Team, client_as: SignIn
) -> None:
    client, counts = client_as(hr), []
    for more in (0, 2):
        for place in range(more):
            make_team(code=f"LX{place}", name=f"驻外联络处{place}", kind="liaison", parent=first_team)
        client.get(f"/year/offices/?year={YEAR}")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/year/offices/?year={YEAR}").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_year_without_a_run_shows_the_people(office: Team, envoy: Account, hr: Account) -> None:
    run, [one] = offices_of(hr, YEAR)
    assert (run, one.people, one.signed, one.goals) == (None, 1, 0, [])


def test_the_api_tells_the_same(earned: Any, hr: Account, outsider: Account, client_as: SignIn) -> None:
    [row] = client_as(hr).get(f"/api/offices/?year={YEAR}").json()
    assert (row["team"], row["signed"], row["signed_amount"], row["paid_in_usd"]) == (
        "LL1",
        "0.400000",
        "40000000.0000",
        "400000.0000",
    )
    assert row["targets"] == [
        {
            "code": "signings",
            "title": "签约任务",
            "unit": "个",
            "target": "2.0000",
            "actual": "0.400000",
            "progress": "0.2000",
        }
    ]
    assert client_as(outsider).get(f"/api/offices/?year={YEAR}").json() == []
