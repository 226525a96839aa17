"""A settled year made public once more: after a reopening, or when what its final list counted was corrected."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kpi.actions.closing import ask_reopening, reopen_year
from kpi.actions.publicity import announce_publicity, draft_publicity, withdraw_publicity
from kpi.actions.publicity_final import finalise_publicity
from kpi.models import Publicity, Run, Target
from kpi.queries.closing import checks_of
from kpi.queries.closing.check import Check
from kpi.queries.course import decisive_run
from kpi.queries.publicity import final_publicity, shown_publicity
from kpi.queries.seal import chain_faults, content_faults
from promotion.errors import Conflict, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.closing import make_closed
from tests.factories.publicity import YEAR, assess, calculate, pass_window, publicise, sign_for

pytestmark = pytest.mark.django_db
HERE = f"/year/publicity/?year={YEAR}"


@pytest.fixture
def settled(officer: Account, outsider: Account, hr: Account, manager: Account) -> Publicity:
    assess(officer, outsider, manager=manager)
    return settle(hr, manager)


def settle(hr: Account, manager: Account) -> Publicity:
    """The present result made public, and its final list."""
    return finalise_publicity(actor=manager, publicity=pass_window(publicise(hr, manager)))


def reopen(hr: Account, manager: Account) -> None:
    """The year closed by its two persons and opened again."""
    make_closed(hr, manager)
    reopen_year(actor=manager, request=ask_reopening(actor=hr, year=YEAR, reason="漏计一条签约"))


def check(code: str) -> Check:
    return next(one for one in checks_of(YEAR) if one.code == code)


def correct(officer: Account, manager: Account) -> Run:
    """A signing that was left out is counted."""
    sign_for(officer, manager)
    return calculate()


def test_after_a_reopening_a_new_final_list_takes_the_place_of_the_former(
    settled: Publicity, hr: Account, manager: Account, officer: Account
) -> None:
    former = settled.final_run
    reopen(hr, manager)
    later = correct(officer, manager)
    assert (check("publicity").stops, check("publicity").open) == (False, 1)
    assert "请另行公示" in check("publicity").sentence

    drafted = draft_publicity(actor=hr, year=YEAR)
    assert (decisive_run(YEAR), shown_publicity(hr, YEAR)) == (former, drafted)
    found = pass_window(announce_publicity(actor=manager, publicity=drafted))
    assert (decisive_run(YEAR), check("publicity").stops) == (former, True)
    final = finalise_publicity(actor=manager, publicity=found)

    settled.refresh_from_db()
    assert (settled.state, settled.final_run, settled.is_settled) == ("replaced", former, True)
    assert (final_publicity(YEAR), decisive_run(YEAR), shown_publicity(officer, YEAR)) == (
        final,
        later,
        final,
    )
    assert (
        AuditEntry.objects.filter(verb="publicity.finalise").latest("pk").detail["replaces"]
        == settled.public_id
    )
    assert (check("publicity").open, check("unchanged").open) == (0, 0)
    with pytest.raises(Refused, match="已经定案"):
        draft_publicity(actor=hr, year=YEAR)
    again = make_closed(hr, manager)
    assert (again.run, "publicities" in again.changed) == (later, True)
    assert [*chain_faults(), *content_faults(YEAR)] == []


def test_until_then_the_former_list_decides(
    settled: Publicity, hr: Account, manager: Account, officer: Account
) -> None:
    former = settled.final_run
    reopen(hr, manager)
    correct(officer, manager)
    withdraw_publicity(actor=hr, publicity=publicise(hr, manager), reason="再核对")
    settled.refresh_from_db()
    assert (settled.state, decisive_run(YEAR)) == ("final", former)
    assert make_closed(hr, manager).run == former


def test_without_a_reopening_a_settled_year_is_made_public_again_only_for_what_was_corrected(
    settled: Publicity, hr: Account, manager: Account, officer: Account
) -> None:
    correct(officer, manager)
    with pytest.raises(Refused, match="已经定案"):
        draft_publicity(actor=hr, year=YEAR)
    # A corrected target is not what the final list counted: the year cannot be closed on it.
    Target.objects.filter(person=officer.person).update(amount=Decimal(2))
    assert (check("unchanged").stops, "定案之后有变动" in check("unchanged").sentence) == (True, True)
    calculate()
    assert check("unchanged").stops
    settle(hr, manager)
    assert check("unchanged").open == 0


def test_a_replaced_list_stays_as_it_was(
    settled: Publicity, hr: Account, manager: Account, officer: Account
) -> None:
    reopen(hr, manager)
    later = correct(officer, manager)
    settle(hr, manager)
    settled.refresh_from_db()
    with pytest.raises(Conflict, match="已被取代"):
        withdraw_publicity(actor=manager, publicity=settled, reason="作废")
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Publicity.objects.filter(pk=settled.pk).update(run=later)
    with pytest.raises(IntegrityError, match="publicity_final_is_whole"), transaction.atomic():
        Publicity.objects.filter(pk=settled.pk).update(final_run=None)
    with pytest.raises(IntegrityError, match="one_final_publicity"), transaction.atomic():
        Publicity.objects.filter(pk=settled.pk).update(state="final")


def test_the_page_offers_it_and_shows_both_lists(
    client_as: Client, settled: Publicity, hr: Account, manager: Account, officer: Account
) -> None:
    def shown(account: Account, address: str = HERE) -> str:
        return client_as(account).get(address).content.decode()  # type: ignore[operator]

    offer = "/year/publicity/draft/"
    assert offer not in shown(hr)
    make_closed(hr, manager)
    assert offer not in shown(hr)
    reopen_year(actor=manager, request=ask_reopening(actor=hr, year=YEAR, reason="漏计"))
    correct(officer, manager)
    assert (offer in shown(hr), offer in shown(officer)) == (True, False)
    settle(hr, manager)
    former = shown(officer, f"/year/publicity/{settled.public_id}/")
    assert ("已由新的定案取代" in former, "期满未提出异议" in former) == (True, True)
    assert settled.public_id in shown(officer)
    told = client_as(hr).get(f"/api/publicities/?year={YEAR}").json()  # type: ignore[operator]
    assert {one["state"] for one in told["results"]} == {"final", "replaced"}
    assert date.fromisoformat(str(Run.objects.latest("pk").as_of)) == date(YEAR, 12, 31)
