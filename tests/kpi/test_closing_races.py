"""On real connections: a close beside somebody who writes, a run, a recognition, a second manager; what is sealed is what is there."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from kpi.actions import request_run, set_target
from kpi.actions.closing import close_year, prepare_closing
from kpi.models import AssessmentYear, CreditDue, Run, Target, YearRequest, YearSeal
from kpi.queries.seal import chain_faults, content_faults
from projects.actions import reverse_achievement
from projects.models import Achievement
from promotion.errors import Refused
from staff.models import Account, Role, Team
from tests.factories.closing import YEAR, make_year
from tests.factories.staff import make_account
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def request_waiting(
    monkeypatch: pytest.MonkeyPatch,
    officer: Account,
    outsider: Account,
    manager: Account,
    hr: Account,
    first_team: Team,
    second_team: Team,
) -> YearRequest:
    # Nobody works here but the test.
    monkeypatch.setattr("kpi.actions.run.wake_worker", lambda _run: None)
    make_year(officer, outsider, manager, (first_team, second_team))
    return prepare_closing(actor=hr, year=YEAR)


def past_the_actions(officer: Account) -> None:
    """What a program would write that knows no actions."""
    try:
        Target.objects.filter(person=officer.person).update(amount=9)
    except IntegrityError as error:
        raise Refused(str(error)) from error


def is_closed() -> bool:
    return AssessmentYear.objects.filter(year=YEAR, closed_at__isnull=False).exists()


def test_a_target_set_meanwhile(
    request_waiting: YearRequest, hr: Account, manager: Account, officer: Account
) -> None:
    said = at_once(
        lambda: close_year(actor=manager, request=request_waiting),
        lambda: set_target(actor=hr, year=YEAR, code="signings", person=officer.person, amount=Decimal(7)),
    )

    assert said.count("done") == 1
    assert is_closed() != Target.objects.filter(person=officer.person, amount=7).exists()
    assert list(content_faults(YEAR)) == []


def test_a_run_asked_for_meanwhile(request_waiting: YearRequest, hr: Account, manager: Account) -> None:
    said = at_once(
        lambda: close_year(actor=manager, request=request_waiting),
        lambda: request_run(actor=hr, year=YEAR),
    )

    assert said.count("done") == 1
    assert is_closed() != Run.objects.filter(year=YEAR, state="queued").exists()


def test_a_row_written_past_the_actions_meanwhile(
    request_waiting: YearRequest, manager: Account, officer: Account
) -> None:
    said = at_once(
        lambda: close_year(actor=manager, request=request_waiting),
        lambda: past_the_actions(officer),
    )

    assert said.count("done") == 1
    assert list(content_faults(YEAR)) == []


def test_a_fact_taken_back_meanwhile(request_waiting: YearRequest, manager: Account) -> None:
    fact = Achievement.objects.get(state="recognised")

    said = at_once(
        lambda: close_year(actor=manager, request=request_waiting),
        lambda: reverse_achievement(actor=make_account(Role.MANAGER), achievement=fact, reason="重复申报"),
    )

    assert said[1] == "done"
    assert is_closed() == (said[0] == "done")
    assert CreditDue.objects.filter(year=YEAR).exists()
    assert list(content_faults(YEAR)) == []


def test_two_managers_at_once(request_waiting: YearRequest, manager: Account) -> None:
    other = make_account(Role.MANAGER)

    said = at_once(
        lambda: close_year(actor=manager, request=request_waiting),
        lambda: close_year(actor=other, request=request_waiting),
    )

    assert said.count("done") == 1
    assert YearSeal.objects.count() == 1
    assert list(chain_faults()) == []
