"""The invented history of the demo holds together: nothing is paid in that was not registered, nothing signed above the plan."""

from datetime import date
from decimal import Decimal

import pytest

from projects.demo.plan import Cast, plan_projects
from staff.demo.organisation import TEAMS
from staff.models import Account, Role, TeamKind
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(manager: Account, deputy: Account, administrator: Account) -> Cast:
    ranked = [plan for plan in TEAMS if plan.kind in (TeamKind.TASK_FORCE, TeamKind.STATIONED)]
    teams = {plan.code: make_team(code=plan.code, name=plan.name, kind=plan.kind) for plan in ranked}
    officers = {}
    for code, team in teams.items():
        accounts = [make_account(Role.OFFICER, team=team) for _ in range(3)]
        officers[code] = [(account.person, account) for account in accounts]
    return Cast(officers, teams, (manager, deputy), administrator)  # type: ignore[arg-type]


def test_money_of_each_project_stays_within_what_was_registered_and_planned(cast: Cast) -> None:
    plans = plan_projects(cast, date(2026, 11, 27))
    receipts = 0
    for plan in plans:
        sums: dict[str, Decimal] = {}
        for fact in plan.achievements:
            amount = (fact.amount or Decimal(0)) * (fact.exchange_rate or 1)
            sums[fact.kind] = sums.get(fact.kind, Decimal(0)) + amount
        receipts += "paid_in" in sums
        assert sums.get("paid_in", 0) <= sums.get("registered", 0), plan.name
        assert sums.get("signed", 0) <= (plan.planned_investment or 0), plan.name
        assert sums.get("fixed_asset", 0) <= (plan.planned_investment or 0), plan.name

    assert len(plans) > 300
    assert receipts > 20
