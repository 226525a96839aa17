"""Facts of earlier years and amounts at the scheme's exchange rate: counted where the rule asks, undecided where they are unknown."""

from datetime import date
from decimal import Decimal

import pytest

from kpi import actions
from kpi.actions import InputRow
from kpi.models import AssessmentYear, Item, Run
from kpi.scoring.document import parse_scheme
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

PLAIN = """
scheme: before
title: 上年
year: 2024
groups: {officers: {title: 招商专员, subjects: [officer]}}
indicators:
  - code: signed
    title: 签约
    measures: {signed: {title: 签约, facts: [signed], aggregate: count}}
    rule: {kind: amount, of: signed}
"""
GROWTH = """
scheme: growth
title: 增长
year: 2025
groups: {officers: {title: 招商专员, subjects: [officer]}}
indicators:
  - code: growth
    title: 签约额增长
    measures:
      now: {title: 本年签约额, facts: [signed], aggregate: sum, unit: 亿元}
      before: {title: 上年签约额, facts: [signed], aggregate: sum, unit: 亿元, period: last_year}
    rule: {kind: ratio_times_points, of: now, base: before, growth: true, points: 100}
  - code: cards
    title: 两年签约
    measures:
      both: {title: 两年签约, facts: [signed], aggregate: count, where: [{attribute: "on", operator: gte, value: "2024-01-01"}]}
      now: {title: 本年签约, facts: [signed], aggregate: count}
    rule:
      kind: per_project
      part: {kind: count_times_points, terms: [{of: both, each: 1}, {of: now, each: 10}]}
"""
RATE = """
scheme: rates
title: 汇率
year: 2025
exchange: {rate: day}
groups: {officers: {title: 招商专员, subjects: [officer]}}
indicators:
  - code: paid
    title: 到账
    measures: {paid: {title: 到账, facts: [paid_in], aggregate: sum, unit: 万元}}
    rule: {kind: amount, of: paid}
  - code: cards
    title: 大项目
    measures: {paid: {title: 到账, facts: [paid_in], aggregate: sum, unit: 万元}, count: {title: 笔数, facts: [paid_in], aggregate: count}}
    rule:
      kind: per_project
      part: {kind: count_times_points, terms: [{of: paid, each: 0.01}, {of: count, each: 1}]}
"""


def fact(officer: Account, manager: Account, on: date, **fields: object) -> None:
    project = make_project(officer, reported_on=date(2020, 1, 1))
    assert officer.person is not None
    make_share(project, officer.person, 100, holds_from=date(2020, 1, 1))
    make_recognised(project, officer, manager, happened_on=on, **fields)


def run_of(year: int) -> Run:
    found = actions.execute_run(run_id=actions.request_run(actor=None, year=year).pk)
    assert found is not None
    return found


def items(run: Run) -> dict[str, tuple[Decimal | None, str]]:
    found = Item.objects.filter(standing__run=run)
    return {item.indicator: (item.points, item.explanation) for item in found}


def test_last_years_facts_are_those_of_its_last_calculation(officer: Account, manager: Account) -> None:
    make_scheme(2024, PLAIN)
    make_scheme(2025, GROWTH)
    fact(officer, manager, date(2024, 4, 1), amount_cny=Decimal(200_000_000), amount=Decimal(200_000_000))
    fact(officer, manager, date(2025, 4, 1), amount_cny=Decimal(300_000_000), amount=Decimal(300_000_000))

    unread = items(run_of(2025))
    assert unread["growth"] == (None, "缺少“上年签约额”的数据，本项无法计算；请补录。")
    assert unread["cards"] == (None, "缺少“两年签约”的数据，本项无法计算；请补录。")

    run_of(2024)
    first = run_of(2025)
    assert items(first)["growth"] == (50, "(3 − 2)÷2×100 = 50")
    assert items(first)["cards"][0] == 12

    # A fact of last year that was recognised later counts once last year is calculated again.
    fact(officer, manager, date(2024, 5, 1), amount_cny=Decimal(100_000_000), amount=Decimal(100_000_000))
    again = run_of(2025)
    assert (again.fingerprint, items(again)["growth"][0]) == (first.fingerprint, 50)
    run_of(2024)
    changed = run_of(2025)
    assert items(changed)["growth"][0] == 0
    assert changed.fingerprint != first.fingerprint


def test_amounts_count_at_the_recorded_rate_of_the_day(
    officer: Account, manager: Account, hr: Account
) -> None:
    make_scheme(2025, RATE)
    fact(
        officer, manager, date(2025, 4, 1), kind="paid_in", currency="USD", amount=Decimal(1_000_000),
        amount_cny=Decimal(7_000_000), exchange_rate=Decimal(7), rate_on=date(2025, 4, 1),
        recognised_amount=Decimal(1_000_000),
    )  # fmt: skip
    fact(
        officer, manager, date(2025, 4, 1), kind="paid_in", amount=Decimal(10_000), amount_cny=Decimal(10_000)
    )
    assert items(run_of(2025)) == {
        "paid": (None, "缺少“到账”的数据，本项无法计算；请补录。"),
        "cards": (None, "缺少“到账”的数据，本项无法计算；请补录。"),
    }
    rows = [
        InputRow("rate", "USD", value=Decimal(value), holds_from=day)
        for value, day in (("7.1", date(2025, 3, 1)), ("7.3", date(2025, 5, 1)))
    ]
    actions.confirm_inputs(actor=manager, inputs=actions.record_inputs(actor=hr, year=2025, rows=rows))
    found = items(run_of(2025))
    assert (found["paid"][0], found["cards"][0]) == (711, Decimal("9.11"))


def test_a_fixed_rate_needs_none_recorded(officer: Account, manager: Account) -> None:
    make_scheme(2025, RATE.replace("{rate: day}", "{rate: fixed, fixed: {USD: 6.5}}"))
    fact(
        officer, manager, date(2025, 4, 1), kind="paid_in", currency="USD", amount=Decimal(1_000_000),
        amount_cny=Decimal(7_000_000), exchange_rate=Decimal(7), rate_on=date(2025, 4, 1),
        recognised_amount=Decimal(1_000_000),
    )  # fmt: skip
    assert items(run_of(2025))["paid"][0] == 650


@pytest.mark.parametrize(
    ("where", "since"),
    [
        ([{"attribute": "on", "operator": "gte", "value": "2025-01-01"}], None),
        ([{"attribute": "on", "operator": "gte", "value": "2023-06-01"}], date(2023, 6, 1)),
        ([{"attribute": "on", "operator": "lt", "value": "2025-01-01"}], date.min),
        ([{"attribute": "on", "operator": "ne", "value": "2024-01-01"}], None),
        (
            [
                {"attribute": "on", "operator": "gte", "value": "2023-06-01"},
                {"attribute": "on", "operator": "gt", "value": "2024-02-01"},
            ],
            date(2024, 2, 1),
        ),
    ],
)
def test_how_far_back_a_measure_looks(where: list[dict[str, str]], since: date | None) -> None:
    document = {
        "scheme": "s",
        "title": "s",
        "year": 2025,
        "groups": {"officers": {"title": "专员", "subjects": ["officer"]}},
        "indicators": [
            {
                "code": "a",
                "title": "a",
                "measures": {"m": {"title": "m", "facts": ["signed"], "aggregate": "count", "where": where}},
                "rule": {"kind": "amount", "of": "m"},
            }
        ],
    }
    assert parse_scheme(document).indicators[0].measures["m"].since == since


def test_an_earlier_year_without_a_ledger_is_not_asked_for_its_run(officer: Account) -> None:
    make_scheme(2025, GROWTH)
    AssessmentYear.objects.create(year=2024)
    assert items(run_of(2025))["growth"][0] is None
