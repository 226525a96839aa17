"""Real connections meet in a publicity: no final list is drawn over an objection that arrives at that moment."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kpi.actions.publicity import announce_publicity, confirm_result, draft_publicity
from kpi.actions.publicity_final import finalise_publicity
from kpi.models import Acknowledgement, Publicity, ScoreObjection
from staff.models import Account
from tests.factories.publicity import YEAR, assess, object_to, pass_window, publicise, standing_of
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def assessed(officer: Account, manager: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.actions.run.wake_worker", lambda _run: None)
    assess(officer, manager=manager)


def test_an_objection_that_arrives_while_the_list_is_drawn(
    hr: Account, manager: Account, officer: Account
) -> None:
    public = publicise(hr, manager)
    yesterday = timezone.localdate() - timedelta(days=1)

    def draw() -> None:
        """The last day passes, and the list is drawn in the same breath."""
        with transaction.atomic():
            Publicity.objects.filter(pk=public.pk).update(opens_on=yesterday, closes_on=yesterday)
            finalise_publicity(actor=manager, publicity=public)

    said = at_once(draw, lambda: object_to(public, officer))

    public.refresh_from_db()
    is_open = ScoreObjection.objects.filter(state="open").exists()
    assert (said.count("done"), public.state == "final") == (1, not is_open)


def test_two_draw_the_final_list(hr: Account, manager: Account, deputy: Account) -> None:
    public = pass_window(publicise(hr, manager))
    said = at_once(
        lambda: finalise_publicity(actor=manager, publicity=public),
        lambda: finalise_publicity(actor=deputy, publicity=public),
    )
    assert sorted(said) == ["Conflict", "done"]


def test_two_draft_and_two_announce(hr: Account, manager: Account, deputy: Account) -> None:
    drafted = at_once(
        lambda: draft_publicity(actor=hr, year=YEAR), lambda: draft_publicity(actor=hr, year=YEAR)
    )
    assert (drafted, Publicity.objects.count()) == (["done", "done"], 1)
    public = Publicity.objects.get()
    announced = at_once(
        lambda: announce_publicity(actor=manager, publicity=public),
        lambda: announce_publicity(actor=deputy, publicity=public),
    )
    assert sorted(announced) == ["Conflict", "done"]


def test_one_confirms_twice(hr: Account, manager: Account, officer: Account) -> None:
    public = publicise(hr, manager)
    mine = standing_of(public, officer)
    said = at_once(
        lambda: confirm_result(actor=officer, publicity=public, standing=mine),
        lambda: confirm_result(actor=officer, publicity=public, standing=mine),
    )
    assert (said, Acknowledgement.objects.count()) == (["done", "done"], 1)
