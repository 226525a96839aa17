"""Rates of fulfilment: each with numerator and denominator, the list behind it sums to it, everybody sees his own set."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Project
from projects.queries.fulfilment import fulfilment, grouping_of, signed_projects
from staff.models import Account
from tests.factories.projects import make_project, make_recognised

pytestmark = pytest.mark.django_db


def signed(
    owner: Account, manager: Account, *facts: tuple[str, int], on: date = date(2026, 3, 1), **fields: Any
) -> Project:
    project = make_project(owner, **fields)
    for kind, amount in (("signed", 1000), *facts):
        make_recognised(
            project,
            owner,
            manager,
            kind=kind,
            happened_on=on,
            amount=Decimal(amount),
            amount_cny=Decimal(amount),
        )
    return project


@pytest.fixture
def three(officer: Account, outsider: Account, manager: Account) -> list[Project]:
    return [
        signed(
            officer,
            manager,
            ("registered", 200),
            ("paid_in", 50),
            ("paid_in", 50),
            ("started", 1),
            ("fixed_asset", 300),
        ),
        signed(officer, manager, ("paid_in", 400), channel="fund"),
        signed(outsider, manager, ("registered", 100), on=date(2025, 7, 1)),
    ]


def told(row: Any) -> dict[str, tuple[Decimal, Decimal]]:
    return {figure.rate.key: (figure.numerator, figure.denominator) for figure in row.figures}


def test_rates_of_all_and_of_groups(three: list[Project], manager: Account, officer: Account) -> None:
    rows, total = fulfilment(manager, grouping_of("officer"))

    assert (total.signed, total.contract) == (3, 3000)
    assert told(total) == {
        "registration": (2, 3),
        "start": (1, 3),
        "production": (0, 3),
        "fulfilment": (1, 3),
        "paid_in": (100, 300),
        "paid_in_contract": (500, 3000),
        "fixed_asset": (300, 3000),
    }
    assert [(row.label, row.signed) for row in rows] == [
        (officer.display_name, 2),
        (three[2].owner.name, 1),
    ]
    channels, _all = fulfilment(manager, grouping_of("channel"))
    assert {row.label: row.signed for row in channels} == {"驻点": 2, "基金": 1}


def test_period_is_that_of_signing_and_a_rate_without_denominator_is_empty(
    three: list[Project], manager: Account
) -> None:
    rows, total = fulfilment(manager, grouping_of("team"), start=date(2025, 7, 1), end=date(2025, 7, 1))
    assert (len(rows), total.signed) == (1, 1)
    _rows, none = fulfilment(manager, grouping_of("team"), start=date(2027, 1, 1))
    assert [figure.ratio for figure in none.figures] == [None] * 7


def test_everybody_sees_the_rates_of_his_own_set(
    three: list[Project], officer: Account, outsider: Account
) -> None:
    for account, count in ((officer, 2), (outsider, 1)):
        _rows, total = fulfilment(account, grouping_of("team"))
        assert total.signed == count


def test_every_figure_opens_the_list_that_sums_to_it(
    three: list[Project], manager: Account, client_as: Any
) -> None:
    client = client_as(manager)
    rows, total = fulfilment(manager, grouping_of("team"), start=date(2026, 1, 1))

    for row in (*rows, total):
        for figure in row.figures:
            listing = client.get(figure.url).context["list"]
            if figure.rate.is_money:
                name = figure.rate.numerator
                assert (listing.filtered.aggregate(t=listing_total(name))["t"] or 0) == figure.numerator
            else:
                assert listing.total_count == figure.numerator


def listing_total(name: str) -> Any:
    return Sum(name)


def test_pages_answer_wrong_input_and_cost_the_same(
    officer: Account, manager: Account, client_as: Any
) -> None:
    client, counts = client_as(manager), []
    for number in range(3):
        signed(officer, manager, ("registered", 10))
        if number in (0, 2):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("projects:fulfilment")).status_code == 200
                assert client.get(reverse("projects:fulfilment-projects")).status_code == 200
            counts.append(len(captured))
    assert counts[0] == counts[1]
    wrong = client.get(reverse("projects:fulfilment") + "?from=2026-13-01&group=nothing")
    assert wrong.status_code == 422


def test_workbook_has_numerators_and_denominators(
    three: list[Project], manager: Account, client_as: Any
) -> None:
    answer = client_as(manager).get(reverse("projects:fulfilment-workbook") + "?group=channel")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(row for row in values if "注册率" in row)
    last = values[-1]
    place = heading.index("注册率")
    assert last[place + 1 : place + 3] == [2, 3]


def test_facts_that_were_not_recognised_do_not_count(officer: Account, manager: Account) -> None:
    project = signed(officer, manager)
    make_recognised(project, officer, manager, kind="registered", state="reversed")

    (found,) = signed_projects(manager)

    assert (found.has_registered, found.capital, found.paid_in) == (False, None, Decimal(0))
