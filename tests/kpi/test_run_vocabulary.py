"""Runs of schemes whose rules look at the group, at projects one by one, or only the plain reference measures."""

from datetime import date
from decimal import Decimal

import pytest

from kpi.actions.run import execute_run, request_run
from kpi.models import Item, Run
from kpi.queries.explain import explain_item
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

SCHEME = """
scheme: vocabulary
title: 各类规则
year: 2025
groups:
  officers: {title: 招商专员, subjects: [officer]}
indicators:
  - code: relative
    title: 相对计分
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: power_coefficient, part: {kind: amount, of: signed}, bottom: 60, top: 100}
  - code: cards
    title: 单项目计分
    measures:
      signed: {title: 签约额, facts: [signed], aggregate: sum, unit: 亿元, share: none}
    rule:
      kind: per_project
      cap: 5
      part: {kind: count_times_points, terms: [{of: signed, each: 2}]}
  - code: quarterly
    title: 每季度一次
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count, at_most: {each: quarter, count: 1}}
    rule: {kind: amount, of: signed}
  - code: doubtful
    title: 不足两个不适用
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule:
      kind: when
      if: {of: signed, operator: gte, than: 2}
      part: {kind: amount, of: signed}
      otherwise: {kind: not_applicable}
"""


def sign(account: Account, manager: Account, amount: str) -> str:
    project = make_project(account)
    assert account.person
    make_share(project, account.person, 100, holds_from=date(2025, 1, 1))
    make_recognised(
        project,
        account,
        manager,
        happened_on=date(2025, 3, 1),
        amount=Decimal(amount),
        amount_cny=Decimal(amount),
    )
    return str(project.code)


@pytest.fixture
def run(officer: Account, outsider: Account, manager: Account) -> Run:
    """The officer has signed projects of 2 and of 4 亿元, the outsider one of 1 亿元."""
    make_scheme(2025, SCHEME)
    for account, amounts in ((officer, ("200000000", "400000000")), (outsider, ("100000000",))):
        for amount in amounts:
            sign(account, manager, amount)
    found = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert found is not None
    return found


def points(run: Run, account: Account) -> dict[str, Decimal | None]:
    items = Item.objects.filter(standing__run=run, standing__person=account.person)
    return dict(items.values_list("indicator", "points"))


def test_run_compares_the_group_and_looks_at_projects_one_by_one(
    run: Run, officer: Account, outsider: Account
) -> None:
    assert run.state == "done"
    assert {key: points(run, officer)[key] for key in ("cards", "quarterly", "doubtful")} == {
        "cards": 9,
        "quarterly": 1,
        "doubtful": 2,
    }
    assert points(run, officer)["relative"] == 100
    assert points(run, outsider)["cards"] == 2
    assert points(run, outsider)["doubtful"] is None


def test_explanation_of_such_items_opens_and_names_projects_by_number(run: Run, officer: Account) -> None:
    items = Item.objects.filter(standing__run=run, standing__person=officer.person)
    for item in items:
        assert explain_item(officer, item.pk).counted
    shown = items.get(indicator="cards").explanation
    codes = [
        line.line.project.code for line in explain_item(officer, items.get(indicator="cards").pk).counted
    ]
    assert len(codes) == 2
    assert all(code in shown for code in codes)
