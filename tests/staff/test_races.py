"""Two at once on real connections: days away and sealed records of one person that would overlap."""

from datetime import date

import pytest

from staff.actions.absence import write_absence
from staff.actions.sealed import write_sealed
from staff.models import Absence, Account, SealedRecord
from tests.factories.staff import make_person
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_write_overlapping_days_away(hr: Account) -> None:
    person = make_person()

    said = at_once(
        lambda: write_absence(actor=hr, person=person, kind="sick", starts_on=date(2026, 3, 1)),
        lambda: write_absence(
            actor=hr,
            person=person,
            kind="study",
            starts_on=date(2026, 3, 5),
            ends_on=date(2026, 3, 9),
        ),
    )

    assert sorted(said) == ["Conflict", "done"]
    assert Absence.objects.count() == 1


def test_two_seal_the_same_matter_of_one_day(hr: Account) -> None:
    person = make_person()

    said = at_once(
        *(
            lambda text=text: write_sealed(
                actor=hr, person=person, subject="wage", text=text, starts_on=date(2020, 1, 1)
            )
            for text in ("二级主任科员", "一级主任科员")
        )
    )

    assert sorted(said) == ["Conflict", "done"]
    assert SealedRecord.objects.count() == 1
