"""A result to confirm and objections to decide stand among what is due, and cost one question while nothing is public."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.actions.publicity import confirm_result
from kpi.actions.score_objection import withdraw_score_objection
from kpi.models import Publicity
from kpi.queries.publicity_due import publicities_due
from projects.queries.due import due_items
from staff.models import Account
from tests.factories.publicity import assess, object_to, pass_window, publicise, standing_of

pytestmark = pytest.mark.django_db

FAR = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def public(officer: Account, leader: Account, manager: Account, hr: Account) -> Publicity:
    assess(officer, leader, manager=manager)
    return publicise(hr, manager)


def titles(account: Account, until: date = FAR) -> list[str]:
    return [item.kind for item in due_items(account, until) if item.kind in ("publicity", "objection")]


def test_what_is_not_answered_is_due_until_it_is_confirmed_or_objected_to(
    public: Publicity, officer: Account, leader: Account, manager: Account
) -> None:
    assert titles(officer) == ["publicity"]
    assert titles(leader) == ["publicity", "publicity"]
    assert titles(officer, timezone.localdate()) == []
    (item,) = publicities_due(officer, FAR)
    assert (item.on, item.url) == (public.closes_on, f"/year/publicity/{public.public_id}/")
    made = object_to(public, officer)
    assert (titles(officer), titles(manager)) == ([], ["objection"])
    withdraw_score_objection(actor=officer, objection=made)
    assert (titles(officer), titles(manager)) == (["publicity"], [])
    confirm_result(actor=officer, publicity=public, standing=standing_of(public, officer))
    assert titles(officer) == []


def test_after_the_last_day_only_what_waits_for_a_decision_is_left(
    public: Publicity, officer: Account, leader: Account, manager: Account
) -> None:
    object_to(public, officer)
    pass_window(public)
    assert (titles(leader), titles(manager)) == ([], ["objection"])


def test_nothing_public_costs_one_question(officer: Account) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert publicities_due(officer, FAR) == []
    assert len(asked) == 1
