"""A gold award of the officer that is approved, and the award it is of."""

from types import SimpleNamespace

from kpi.actions import approve_awards, decide_award, submit_awards
from projects.models import Project
from staff.models import Account, Role
from tests.factories.awards import YEAR, make_candidate, make_year
from tests.factories.staff import make_account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    assert officer.person
    make_candidate(make_year(), "gold", officer.person)
    named = {"year": YEAR, "award": "gold"}
    hr = make_account(Role.HR)
    decide_award(actor=hr, subject=officer.person, outcome="granted", **named)  # type: ignore[arg-type]
    submit_awards(actor=hr, **named)  # type: ignore[arg-type]
    [held] = approve_awards(actor=make_account(Role.MANAGER), approve=True, **named)  # type: ignore[arg-type]
    spot = SimpleNamespace(kind="person", public_id=officer.person.public_id, pk=0, **named)
    return {
        "kpi:award-*": spot,
        "kpi:award-decision": held,
        "kpi:award-drop": held,
        "kpi:award-revoke": held,
        "kpi:award-certificate": held,
        "kpi:person-awards": officer.person,
        "kpi:team-awards": officer.person.appointments.get().team,
    }
