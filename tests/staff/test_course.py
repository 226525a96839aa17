"""Moves, secondments and days away: one post a day, home again by itself, and why somebody is away stays with HR."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff.actions.absence import change_absence, write_absence
from staff.actions.move import change_secondment_end, move_person, second_person
from staff.models import Absence, Account, Appointment, Person, Team
from staff.queries.absence import days_away
from staff.queries.people import team_on
from tests.factories.staff import make_appointment, make_person, make_team

pytestmark = pytest.mark.django_db
Span = tuple[str, str, bool, date, date | None]


def posts(person: Person) -> list[Span]:
    rows = Appointment.objects.filter(person=person).select_related("team").order_by("starts_on")
    return [(row.team.code, row.kind, row.is_leader, row.starts_on, row.ends_on) for row in rows]


@pytest.fixture
def person(first_team: Team) -> Person:
    found = make_person(name="陆知远")
    make_appointment(found, first_team, is_leader=True)
    return found


def test_a_move_ends_one_post_and_begins_the_other(hr: Account, person: Person, second_team: Team) -> None:
    move_person(actor=hr, person=person, team=second_team, starts_on=date(2026, 3, 1), reason="加强攻坚二队")

    assert posts(person) == [
        ("GJ1", "regular", True, date(2021, 1, 1), date(2026, 3, 1)),
        ("GJ2", "regular", False, date(2026, 3, 1), None),
    ]
    entry = AuditEntry.objects.get(verb="appointment.move")
    assert (entry.reason, entry.detail["from"], entry.detail["to"]) == ("加强攻坚二队", "GJ1", "GJ2")


def test_a_secondment_comes_back_by_itself_and_a_day_counts_for_its_team(
    hr: Account, person: Person, first_team: Team
) -> None:
    office = make_team(code="LL1", kind="liaison")
    second_person(
        actor=hr,
        person=person,
        team=office,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 9, 1),
        reason="驻点",
    )

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [team.code for day in days if (team := team_on(person, day))] == ["GJ1", "LL1", "LL1", "GJ1"]
    assert posts(person) == [
        ("GJ1", "regular", True, date(2021, 1, 1), date(2026, 3, 1)),
        ("LL1", "seconded", False, date(2026, 3, 1), date(2026, 9, 1)),
        ("GJ1", "regular", True, date(2026, 9, 1), None),
    ]


@pytest.mark.parametrize("ends_on", [date(2026, 6, 1), date(2026, 12, 1)])
def test_a_secondment_ends_earlier_or_later(hr: Account, person: Person, ends_on: date) -> None:
    office = make_team(code="LL1", kind="liaison")
    lent = second_person(
        actor=hr,
        person=person,
        team=office,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 9, 1),
        reason="驻点",
    )

    change_secondment_end(actor=hr, appointment=lent, ends_on=ends_on, reason="项目变化")

    assert [(span[0], span[3], span[4]) for span in posts(person)[1:]] == [
        ("LL1", date(2026, 3, 1), ends_on),
        ("GJ1", ends_on, None),
    ]


def test_what_cannot_be_is_refused_and_nothing_changes(
    hr: Account, manager: Account, person: Person, first_team: Team, second_team: Team
) -> None:
    before = posts(person)
    day = date(2026, 3, 1)
    asked: list[tuple[type[Exception], dict[str, Any]]] = [
        (NotAllowed, {"actor": manager}),
        (Refused, {"reason": " "}),
        (Refused, {"team": first_team, "is_leader": True}),
        (Refused, {"starts_on": date(2019, 1, 1)}),
        (Refused, {"team": make_team(founded_on=date(2027, 1, 1))}),
    ]
    for kind, change in asked:
        with pytest.raises(kind):
            move_person(
                **{
                    "actor": hr,
                    "person": person,
                    "team": second_team,
                    "starts_on": day,
                    "reason": "调整",
                    **change,
                }
            )
    assert posts(person) == before

    second_person(
        actor=hr, person=person, team=second_team, starts_on=day, ends_on=date(2026, 9, 1), reason="驻点"
    )
    with pytest.raises(Refused, match="借调在"):
        move_person(actor=hr, person=person, team=make_team(), starts_on=date(2026, 4, 1), reason="调整")
    with pytest.raises(Conflict, match="另有"):
        move_person(actor=hr, person=person, team=make_team(), starts_on=date(2026, 2, 1), reason="调整")


def test_who_is_away_is_seen_by_few_and_why_by_fewer(
    hr: Account,
    officer: Account,
    colleague: Account,
    leader: Account,
    manager: Account,
    client_as: Callable[..., Client],
) -> None:
    assert officer.person is not None
    write_absence(
        actor=hr, person=officer.person, kind="maternity", starts_on=date(2026, 1, 1), note="预产期二月"
    )
    shown = {}
    for name, actor in (
        ("hr", hr),
        ("own", officer),
        ("mate", colleague),
        ("leader", leader),
        ("manager", manager),
    ):
        page = client_as(actor).get(f"/teams/people/{officer.person.public_id}/").content.decode()
        listed = client_as(actor).get("/teams/absences/").content.decode()
        team = (
            client_as(actor)
            .get(f"/teams/{officer.person.appointments.get().team.public_id}/")
            .content.decode()
        )
        shown[name] = ("离岗" in team, "产假" in page + listed, "2026-01-01" in listed)

    assert shown == {
        "hr": (True, True, True),
        "own": (True, True, True),
        "mate": (False, False, False),
        "leader": (True, False, True),
        "manager": (True, False, True),
    }
    said = str(
        [(entry.reason, entry.detail) for entry in AuditEntry.objects.filter(verb__startswith="absence")]
    )
    assert "maternity" not in said
    assert "预产期" not in said


def test_only_hr_writes_and_two_absences_never_overlap(hr: Account, manager: Account) -> None:
    person = make_person()
    given = {"kind": "study", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    with pytest.raises(NotAllowed):
        write_absence(actor=manager, person=person, **given)  # type: ignore[arg-type]
    absence = write_absence(actor=hr, person=person, **given)  # type: ignore[arg-type]

    with pytest.raises(Conflict, match="已登记离岗"):
        write_absence(actor=hr, person=person, kind="sick", starts_on=date(2026, 1, 31))
    with pytest.raises(Refused):
        write_absence(
            actor=hr, person=person, kind="sick", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 1)
        )
    change_absence(
        actor=hr, absence=absence, kind="study", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 16), seen=1
    )
    with pytest.raises(Conflict, match="没有丢失"):
        change_absence(actor=hr, absence=absence, kind="study", starts_on=date(2026, 1, 1), seen=1)

    assert Absence.objects.count() == 1
    assert days_away([person.pk], date(2026, 1, 6), date(2026, 12, 31)) == {person.pk: 10}
