"""A draft of thresholds, and a round that proposes the officer's grade."""

from kpi import actions
from projects.models import Project
from staff.models import Account, Role
from tests.factories.rewards import open_round, terms_of_grades
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    hr = make_account(Role.HR)
    assert officer.person is not None
    found = open_round(hr, manager, {officer.person: "85"}, year=2024)
    draft = actions.draft_grade_rule(actor=hr, terms=terms_of_grades())
    return {
        "kpi:grade-decide": found.proposals.get(person=officer.person),
        "kpi:grade-renew": found,
        "kpi:grade-submit": found,
        "kpi:grade-approve": found,
        "kpi:grade-apply": found,
        "kpi:grade-rule-*": draft,
        "kpi:person-grades": officer.person,
    }
