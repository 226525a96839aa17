"""The five money lines in several currencies, and partial recognition: what is recognised never exceeds what was reported."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import recognise_achievement, report_achievement
from projects.models import Achievement, Project
from projects.queries import listed_achievements
from projects.queries.facts import recognised_facts
from projects.queries.money import money_lines, money_tables
from promotion.errors import Refused
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_achievement, make_project, make_recognised

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, stage="registered", capital_source="foreign")


def report(officer: Account, project: Project, **fields: Any) -> Achievement:
    return report_achievement(
        actor=officer,
        **{
            "kind": "paid_in",
            "project": project,
            "happened_on": DAY,
            "amount": Decimal(100_000_000),
            "certificate": "FDI-1",
            "evidence": [make_pdf()],
            **fields,
        },
    )


def yen(officer: Account, project: Project, **fields: Any) -> Achievement:
    given = {
        "currency": "JPY",
        "exchange_rate": Decimal("0.04780000"),
        "rate_on": DAY,
        "usd_rate": Decimal("7.17"),
    }
    return report(officer, project, **{**given, **fields})


def test_yen_is_counted_in_dollars_of_its_day(officer: Account, manager: Account, project: Project) -> None:
    made = yen(officer, project)
    assert made.amount_cny == Decimal("4780000.00")

    recognise_achievement(actor=manager, achievement=made)

    (fact,) = recognised_facts(2026)
    assert fact["recognised_usd"] == Decimal("666666.67")
    (listed,) = listed_achievements(manager)
    assert listed.recognised_usd == Decimal("666666.67")
    table = next(each for each in money_tables(officer, project) if each.kind == "paid_in")
    assert (table.total, table.dollars) == (Decimal("4780000.00"), Decimal("666666.67"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"usd_rate": None}, "usd_rate"),
        ({"usd_rate": Decimal(717)}, "usd_rate"),
        ({"exchange_rate": Decimal("4.78")}, "exchange_rate"),
        ({"exchange_rate": None}, "exchange_rate"),
    ],
)
def test_rates_that_cannot_be_are_refused(
    officer: Account, project: Project, fields: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(Refused) as refusal:
        yen(officer, project, **fields)
    assert list(refusal.value.fields) == [wrong]


def test_announced_is_an_entry_with_its_source_and_the_latest_holds(
    officer: Account, manager: Account, project: Project
) -> None:
    with pytest.raises(Refused) as refusal:
        report(officer, project, kind="announced", certificate="")
    assert list(refusal.value.fields) == ["source"]
    (planned, *_rest) = money_lines(project, [])
    assert (planned.label, planned.amount) == ("计划总投资", project.planned_investment)

    for day, amount in ((date(2026, 2, 1), 300_000_000), (date(2026, 5, 1), 500_000_000)):
        made = report(
            officer, project, kind="announced", happened_on=day, amount=Decimal(amount), source="新华日报"
        )
        recognise_achievement(actor=manager, achievement=made)
    waiting = report(officer, project, kind="announced", amount=Decimal(900_000_000), source="公司公告")

    (line, *_rest) = money_lines(project, list(project.achievements.all()))
    assert (line.label, line.amount, line.detail) == ("公布总投资", Decimal(500_000_000), "26-05-01")
    (table, *_tables) = money_tables(officer, project)
    assert [(entry.counted, entry.running) for entry in table.entries] == [
        (Decimal(300_000_000), Decimal(300_000_000)),
        (None, Decimal(300_000_000)),
        (Decimal(500_000_000), Decimal(500_000_000)),
    ]
    assert table.entries[1].achievement == waiting
    project.refresh_from_db()
    assert project.planned_investment == Decimal(100_000_000)


def test_tab_shows_every_entry_with_running_totals(
    officer: Account, manager: Account, project: Project, client_as: Any
) -> None:
    for amount in (1_000_000, 2_000_000):
        make_recognised(project, officer, manager, kind="paid_in", amount_cny=Decimal(amount))
    make_achievement(project, officer, kind="fixed_asset", state="withdrawn", certificate="不显示")

    text = client_as(officer).get(reverse("projects:detail", args=[project.public_id]) + "?tab=money")

    shown = text.content.decode()
    assert "300.00" in shown
    assert "不显示" not in shown


AMOUNTS = st.decimals(min_value="0.01", max_value="9999999999", places=2)
PARTS = st.one_of(st.none(), st.decimals(min_value="-5", max_value="99999999999", places=4))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reported=st.lists(st.tuples(AMOUNTS, PARTS, st.booleans()), min_size=1, max_size=4))
def test_recognised_never_exceeds_reported_and_lines_sum(
    officer: Account, manager: Account, reported: list[tuple[Decimal, Decimal | None, bool]]
) -> None:
    project = make_project(officer, stage="registered")
    for amount, part, foreign in reported:
        money: dict[str, Any] = (
            {"currency": "USD", "exchange_rate": Decimal("7.1203"), "rate_on": DAY} if foreign else {}
        )
        made = report(officer, project, amount=amount, **money)
        try:
            recognise_achievement(actor=manager, achievement=made, recognised_amount=part, note="核减")
        except Refused:
            assert part is not None
            assert part.quantize(Decimal("0.01")) <= 0 or part > amount - Decimal("0.01")
            continue
        made.refresh_from_db()
        assert made.recognised_amount is not None
        assert 0 < made.recognised_amount <= amount
        assert made.recognised_cny is not None
        assert made.amount_cny is not None
        assert made.recognised_cny <= made.amount_cny
        assert (made.recognised_cny == made.amount_cny) or made.recognised_amount < amount
    kept = project.achievements.filter(state="recognised")
    total = kept.aggregate(total=Sum("recognised_cny"))["total"] or Decimal(0)
    table = next(each for each in money_tables(manager, project) if each.kind == "paid_in")
    assert table.total == total == sum((entry.counted or 0 for entry in table.entries), Decimal(0))
    line = money_lines(project, list(project.achievements.all()))[3]
    assert (line.amount or 0) == total or not kept.exists()


def test_less_than_reported_needs_a_reason(officer: Account, manager: Account, project: Project) -> None:
    made = report(officer, project)
    with pytest.raises(Refused) as refusal:
        recognise_achievement(actor=manager, achievement=made, recognised_amount=Decimal(1), note=" ")
    assert list(refusal.value.fields) == ["note"]
