"""Two at once on real connections: one approval and one number, one decision a subject, never both approved and withdrawn."""

import pytest

from kpi.actions import approve_awards, decide_award, drop_award_decision, submit_awards
from kpi.models import AwardDecision
from staff.models import Account, Role
from tests.factories.awards import YEAR, make_candidate, make_year
from tests.factories.staff import make_account, make_person
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def submitted(hr: Account) -> None:
    run = make_year()
    for place in (1, 2):
        person = make_person()
        make_candidate(run, "gold", person, place=place)
        decide_award(actor=hr, year=YEAR, award="gold", subject=person, outcome="granted")
    submit_awards(actor=hr, year=YEAR, award="gold")


def test_two_managers_approve_at_once(hr: Account, manager: Account, deputy: Account) -> None:
    submitted(hr)
    said = at_once(
        *(
            lambda actor=actor: approve_awards(actor=actor, year=YEAR, award="gold", approve=True)
            for actor in (manager, deputy)
        )
    )

    assert sorted(said) == ["Refused", "done"]
    assert sorted(AwardDecision.objects.values_list("serial", flat=True)) == [1, 2]


def test_one_approves_while_another_returns(hr: Account, manager: Account, deputy: Account) -> None:
    submitted(hr)
    said = at_once(
        lambda: approve_awards(actor=manager, year=YEAR, award="gold", approve=True),
        lambda: approve_awards(actor=deputy, year=YEAR, award="gold", approve=False, reason="再议"),
    )

    assert sorted(said) == ["Refused", "done"]
    assert len(set(AwardDecision.objects.values_list("state", flat=True))) == 1


def test_two_decide_about_one_subject(hr: Account) -> None:
    person, other = make_person(), make_account(Role.HR)
    make_candidate(make_year(), "gold", person)
    said = at_once(
        *(
            lambda actor=actor: decide_award(
                actor=actor, year=YEAR, award="gold", subject=person, outcome="granted"
            )
            for actor in (hr, other)
        )
    )

    assert said == ["done", "done"]
    assert AwardDecision.objects.count() == 1


def test_a_draft_is_dropped_while_it_is_submitted(hr: Account) -> None:
    person, other = make_person(), make_account(Role.HR)
    make_candidate(make_year(), "gold", person)
    held = decide_award(actor=hr, year=YEAR, award="gold", subject=person, outcome="granted")
    said = at_once(
        lambda: submit_awards(actor=hr, year=YEAR, award="gold"),
        lambda: drop_award_decision(actor=other, decision=held),
    )

    assert sorted(said) == ["Refused", "done"]
