"""Drafts of scale and rule, and a draft sheet that pays the officer, with one line of it."""

from datetime import date
from types import SimpleNamespace

from kpi import actions
from projects.models import Project
from staff.models import Account, Role
from tests.factories.rewards import SCALE_ROWS, pay_terms, release_pay
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    hr = make_account(Role.HR)
    release_pay(hr, manager)
    scale = actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2024, 2, 1), rows=SCALE_ROWS)
    rule = actions.draft_pay_rule(actor=hr, terms=pay_terms())
    sheet = actions.make_pay_sheet(actor=hr, year=2024, month=1)
    assert officer.person is not None
    line = SimpleNamespace(public_id=sheet.public_id, person=officer.person.public_id, key="none")
    return {
        "kpi:pay-scale-*": scale,
        "kpi:pay-rule-*": rule,
        "kpi:pay-*": sheet,
        "kpi:pay-line": line,
        "kpi:pay-uncorrect": line,
        "kpi:pay-slip": sheet.lines.get(person=officer.person),
    }
