"""People, teams, appointments and accounts for tests."""

import itertools
from datetime import date
from typing import Any

from staff.language_words import read_languages
from staff.models import Account, Appointment, Grade, Person, Role, Team, TeamKind

_number = itertools.count(1)


def make_team(**fields: Any) -> Team:
    n = next(_number)
    return Team.objects.create(
        **{
            "code": f"T{n:03}",
            "name": f"项目攻坚{n}队",
            "kind": TeamKind.TASK_FORCE,
            "founded_on": date(2020, 1, 1),
            "position": n,
            **fields,
        }
    )


def make_person(*, languages: str = "", **fields: Any) -> Person:
    """Languages as HR types them: 日语（翻译）、英语."""
    n = next(_number)
    person = Person.objects.create(
        **{"staff_number": f"G{n:04}", "name": f"演示人员{n}", "joined_on": date(2020, 1, 1), **fields}
    )
    for language, level in read_languages(languages):
        person.spoken.create(language=language, level=level, starts_on=person.joined_on)
    return person


def make_appointment(person: Person, team: Team, **fields: Any) -> Appointment:
    return Appointment.objects.create(
        **{"person": person, "team": team, "grade": Grade.FIRST, "starts_on": date(2021, 1, 1), **fields}
    )


def make_account(role: Role = Role.OFFICER, *, team: Team | None = None, **fields: Any) -> Account:
    """An account with a person behind it; with a team, the person is appointed there (leaders lead it)."""
    n = next(_number)
    person = fields.pop("person", None) or make_person()
    if team is not None:
        make_appointment(person, team, is_leader=role == Role.LEADER)
    return Account.objects.create_user(
        f"user{n}", "a-long-password", role=role, person=person, display_name=person.name, **fields
    )
