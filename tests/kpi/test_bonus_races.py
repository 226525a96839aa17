"""Two at once on real connections: a confirmation beside a changed plan, an approval beside an objection, one payment, one bonus."""

import pytest
from django.utils import timezone

from kpi.actions.bonus import open_bonus
from kpi.actions.bonus_pay import follow_bonus, pay_bonus
from kpi.actions.bonus_plan import (
    approve_plan,
    confirm_share,
    object_to_share,
    propose_plan,
    submit_plan,
)
from kpi.models import BonusLine, BonusPlan, TeamBonus
from staff.models import Account, Role, Team
from tests.factories.bonus import approve, make_bonus, make_key_project, make_plan, make_rate
from tests.factories.projects import make_recognised
from tests.factories.staff import make_account
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bonus(officer: Account, leader: Account, manager: Account, hr: Account) -> TeamBonus:
    return make_bonus(officer, manager, hr)


def test_a_confirmation_and_a_changed_plan(
    officer: Account, leader: Account, colleague: Account, bonus: TeamBonus
) -> None:
    plan = make_plan(leader, bonus, [(officer, "50"), (colleague, "50")])
    shares = {share.person_id: share for share in plan.shares.all()}
    again = [(share.person, share.percent) for share in plan.shares.all()]

    said = at_once(
        lambda: confirm_share(actor=officer, share=shares[officer.person_id]),
        lambda: confirm_share(actor=colleague, share=shares[colleague.person_id]),
        lambda: propose_plan(actor=leader, bonus=bonus, shares=again),
    )

    assert set(said) <= {"done", "Conflict"}
    live = BonusPlan.objects.get(bonus=bonus, state="open")
    assert (live.number, said[2]) == (2, "done")
    assert {share.answer for share in live.shares.all()} == {"waiting"}


def test_an_approval_and_an_objection(
    officer: Account, leader: Account, manager: Account, bonus: TeamBonus
) -> None:
    plan = make_plan(leader, bonus, [(officer, "50"), (leader, "50")])
    share = plan.shares.get(person=officer.person)
    confirm_share(actor=officer, share=share)
    submit_plan(actor=leader, bonus=bonus)

    said = at_once(
        lambda: approve_plan(actor=manager, bonus=bonus),
        lambda: object_to_share(actor=officer, share=share, reason="落地由我协调"),
    )

    plan.refresh_from_db()
    share.refresh_from_db()
    assert sorted(said) == ["Conflict", "done"]
    assert (plan.state, share.answer) in (("approved", "confirmed"), ("open", "objected"))


def test_two_payments_and_the_night(
    officer: Account, leader: Account, manager: Account, hr: Account, first_team: Team, bonus: TeamBonus
) -> None:
    approve(leader, manager, bonus, [(officer, "33.33"), (leader, "66.67")])
    make_recognised(bonus.project, officer, manager, kind="registered", amount=None, amount_cny=None)
    other, today = make_account(Role.HR), timezone.localdate()

    said = at_once(
        lambda: pay_bonus(actor=hr, bonus=bonus, paid_on=today),
        lambda: pay_bonus(actor=other, bonus=bonus, paid_on=today),
        lambda: follow_bonus(actor=None, bonus=bonus),
    )

    assert sorted(said) == ["Refused", "done", "done"]
    assert (BonusLine.objects.count(), bonus.payouts.count()) == (2, 1)
    assert bonus.payouts.get().total == sum(BonusLine.objects.values_list("amount", flat=True))


def test_two_open_one_bonus(officer: Account, manager: Account, hr: Account, leader: Account) -> None:
    make_rate(manager)
    held = make_key_project(officer, manager)

    said = at_once(
        *(lambda actor=actor: open_bonus(actor=actor, recognition=held) for actor in (hr, manager))
    )

    assert sorted(said) == ["Refused", "done"]
    assert TeamBonus.objects.count() == 1
