"""What is read of people and teams: posts of a day, the organisation of a day, search."""

from collections.abc import Callable
from datetime import date

import pytest

from staff.models import Account, Grade, GradeRequirement, Team, TeamKind
from staff.queries import (
    find_people,
    find_teams,
    languages_of,
    members_of,
    organisation_on,
    people_listed,
    requirements_on,
    team_on,
)
from tests.factories.staff import make_appointment, make_person, make_team


def test_team_on_follows_the_dated_appointments(first_team: Team, second_team: Team) -> None:
    person = make_person()
    make_appointment(person, first_team, starts_on=date(2023, 1, 1), ends_on=date(2024, 1, 1))
    make_appointment(person, second_team, starts_on=date(2024, 1, 1))

    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [team_on(person, day) for day in days] == [None, first_team, first_team, second_team]


def test_organisation_on_a_past_day_has_the_teams_and_people_of_that_day(hr: Account) -> None:
    department = make_team(kind=TeamKind.DEPARTMENT, name="项目一部")
    force = make_team(name="项目攻坚一队", parent=department)
    make_team(name="后来的队", parent=department, founded_on=date(2025, 1, 1))
    closed = make_team(name="撤销的队", parent=department, closed_on=date(2024, 1, 1))
    leader = make_person(name="周一")
    make_appointment(leader, force, grade=Grade.SENIOR, is_leader=True, ends_on=date(2025, 1, 1))
    make_appointment(make_person(), force, grade=Grade.FIRST)
    make_appointment(make_person(), closed, grade=Grade.FIRST, ends_on=date(2024, 1, 1))

    def drawn(day: date) -> list[tuple[str, int, list[str], int, int]]:
        return [
            (each.team.name, each.depth, [person.name for person in each.leaders], each.senior, each.first)
            for each in organisation_on(hr, day).teams
        ]

    assert drawn(date(2023, 6, 1)) == [
        ("项目一部", 0, [], 0, 0),
        ("项目攻坚一队", 1, ["周一"], 1, 1),
        ("撤销的队", 1, [], 0, 1),
    ]
    assert drawn(date(2025, 6, 1)) == [
        ("项目一部", 0, [], 0, 0),
        ("项目攻坚一队", 1, [], 0, 1),
        ("后来的队", 1, [], 0, 0),
    ]
    assert organisation_on(hr, date(2025, 6, 1)).people == 1


def test_team_whose_parent_is_gone_heads_its_own_branch(hr: Account) -> None:
    parent = make_team(closed_on=date(2024, 1, 1))
    child = make_team(parent=parent)

    branches = organisation_on(hr, date(2025, 1, 1)).branches

    assert [(branch.head.team, branch.listed[0].team) for branch in branches] == [(child, child)]


def test_members_are_leader_first_then_by_grade_and_past_ones_apart(hr: Account, first_team: Team) -> None:
    second = make_appointment(make_person(), first_team, grade=Grade.SECOND)
    senior = make_appointment(make_person(), first_team, grade=Grade.SENIOR)
    leader = make_appointment(make_person(), first_team, is_leader=True)
    gone = make_appointment(make_person(), first_team, ends_on=date(2024, 1, 1))
    make_appointment(make_person(), first_team, starts_on=date(2026, 1, 1))

    assert members_of(hr, first_team, date(2025, 1, 1)) == ([leader, senior, second], [gone])


def test_languages_are_counted_one_by_one(first_team: Team) -> None:
    people = [
        make_appointment(make_person(languages=languages), first_team).person_id
        for languages in ("英语、日语（翻译）", "日语", "日语，英语", "", "韩语")
    ]

    assert languages_of(people, date(2026, 1, 1)) == [("日语", 3), ("英语", 2), ("韩语", 1)]


def test_requirements_are_those_of_the_day(db: None) -> None:
    old = GradeRequirement.objects.create(
        grade="first", text="旧", position=1, holds_from=date(2021, 1, 1), holds_until=date(2024, 1, 1)
    )
    new = GradeRequirement.objects.create(grade="first", text="新", position=1, holds_from=date(2024, 1, 1))
    GradeRequirement.objects.create(grade="senior", text="别", position=1, holds_from=date(2021, 1, 1))

    assert [list(requirements_on("first", day)) for day in (date(2023, 12, 31), date(2024, 1, 1))] == [
        [old],
        [new],
    ]


@pytest.mark.parametrize("text", ["知远", "luzhi", "lzy", "zs77", "陆知", "ＺＳ77"])
def test_find_people_knows_substring_pinyin_initials_and_number(officer: Account, text: str) -> None:
    person = make_person(name="陆知远", staff_number="ZS77")

    hits = find_people(officer, text, 6)

    assert [(hit.title, hit.detail, hit.url) for hit in hits] == [
        ("陆知远", "ZS77 · 未在岗", f"/teams/people/{person.public_id}/")
    ]


def test_find_people_shows_the_team_of_today_and_nothing_for_blank(
    officer: Account, first_team: Team
) -> None:
    make_appointment(make_person(name="陆知远", staff_number="ZS77"), first_team)

    assert [hit.detail for hit in find_people(officer, "陆", 6)] == ["ZS77 · 项目攻坚一队"]
    assert find_people(officer, " ", 6) == []


@pytest.mark.parametrize("text", ["攻坚一", "xmgjyd", "gj1", "xiangmugongjianyi"])
def test_find_teams_knows_substring_pinyin_initials_and_code(
    officer: Account, first_team: Team, text: str
) -> None:
    assert [hit.title for hit in find_teams(officer, text, 6)] == ["项目攻坚一队"]


def test_closed_account_sees_nobody(officer: Account) -> None:
    officer.is_active = False

    assert (find_people(officer, "演示", 6), list(people_listed(officer))) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_organisation_costs_four_queries(
    hr: Account, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for _each in range(count):
        make_appointment(make_person(), make_team(), is_leader=True)

    with django_assert_num_queries(4):
        organisation_on(hr, date(2025, 1, 1))
