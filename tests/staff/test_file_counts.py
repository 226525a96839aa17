"""Lists and pages of the staff file cost the same number of statements with one row and with three."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staff.actions.sealed import open_sealed, write_sealed
from staff.models import Absence, Account, Departure, Team
from tests.factories.contracts import make_contract
from tests.factories.staff import make_appointment, make_person

pytestmark = pytest.mark.django_db


def add_row(hr: Account, team: Team) -> None:
    """One person more with a contract, days away, a departure and a sealed record that was opened."""
    person = make_person()
    make_appointment(person, team)
    make_contract(person, drafted_by=hr, team=team)
    Absence.objects.create(person=person, kind="sick", starts_on=date(2020, 1, 1), written_by=hr)
    Departure.objects.create(
        person=person, kind="resigned", ends_on=date(2030, 1, 1), reason="辞职", opened_by=hr
    )
    record = write_sealed(actor=hr, person=person, subject="post", text="科员", starts_on=date(2021, 1, 1))
    open_sealed(actor=hr, sealed=record, reason="档案核查")


def test_lists_cost_the_same_with_one_row_and_with_three(
    hr: Account, first_team: Team, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(hr)
    addresses = [
        "/teams/contracts/", "/teams/contracts/export.xlsx", "/teams/absences/", "/teams/departures/", "/teams/sealed/",
        "/teams/", f"/teams/{first_team.public_id}/", "/api/contracts/", "/api/absences/", "/api/departures/",
    ]  # fmt: skip

    def counted() -> dict[str, int]:
        found = {}
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(address).status_code == 200
            found[address] = len(captured)
        return found

    add_row(hr, first_team)
    one = counted()
    for _ in range(2):
        add_row(hr, first_team)

    assert counted() == one
