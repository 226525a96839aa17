"""Teams found, changed, closed and led by another from a day on; a past day shows what the team was."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff import actions
from staff.exports.organisation import chart_paper
from staff.models import Account, Appointment, Team, TeamKind
from staff.queries import organisation_on
from tests.factories.projects import make_project
from tests.factories.staff import make_appointment, make_person, make_team
from tests.projects.test_protection_races import at_once

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def names_on(hr: Account, day: date) -> dict[str, str | None]:
    """Each team's name of the day with that of the head of its branch."""
    found = {}
    for branch in organisation_on(hr, day).branches:
        found |= {each.team.name: branch.head.team.name for each in (branch.head, *branch.below)}
    return found  # type: ignore[return-value]


def test_a_past_day_shows_the_name_and_the_team_above_of_that_day(hr: Account) -> None:
    one, other = (make_team(name=name, kind=TeamKind.DEPARTMENT) for name in ("一部", "二部"))
    team = make_team(name="旧名", parent=one, fields=["集成电路"])

    actions.change_team(
        actor=hr, team=team, on=DAY, reason="2号文", name="新名", parent=other, fields=["新材料"]
    )

    before, after = DAY - timedelta(1), DAY
    assert names_on(hr, before) == {"一部": "一部", "二部": "二部", "旧名": "一部"}
    assert names_on(hr, after) == {"一部": "一部", "二部": "二部", "新名": "二部"}
    assert AuditEntry.objects.get().reason == "2号文"
    again = actions.change_team(actor=hr, team=team, on=timezone.localdate(), reason="3号文", region="青阳")
    assert [
        (past.name, past.holds_from, past.holds_until) for past in again.pasts.order_by("holds_from")
    ] == [
        ("旧名", date(2020, 1, 1), DAY),
        ("新名", DAY, timezone.localdate()),
    ]


def test_what_cannot_be_changed_says_why(hr: Account, officer: Account) -> None:
    department = make_team(kind=TeamKind.DEPARTMENT)
    team, office = make_team(parent=department), make_team(kind=TeamKind.LIAISON)
    below = make_team(parent=team)
    given = {"on": DAY, "reason": "2号文"}
    for changes, name in (
        ({"name": " "}, "name"),
        ({"name": department.name}, "name"),
        ({"parent": office}, "parent"),
        ({"parent": below}, "parent"),
        ({"parent": make_team(founded_on=date(2026, 5, 1))}, "parent"),
        ({"name": "甲", "on": timezone.localdate() + timedelta(1)}, "on"),
        ({"name": "甲", "on": date(2019, 1, 1)}, "on"),
        ({"name": "甲", "reason": " "}, "reason"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.change_team(actor=hr, team=team, **given | changes)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [name]
    with pytest.raises(NotAllowed):
        actions.change_team(actor=officer, team=team, name="甲", **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已被他人变更"):
        actions.change_team(actor=hr, team=team, seen={"name": "别名"}, name="甲", **given)  # type: ignore[arg-type]
    assert team.pasts.count() == 0


def test_a_team_with_people_teams_or_projects_is_not_closed(hr: Account, officer: Account) -> None:
    project = make_project(officer)
    team = project.team
    make_team(name="下级队", parent=team)

    with pytest.raises(Refused) as refusal:
        actions.close_team(actor=hr, team=team, on=timezone.localdate(), reason="2号文")

    assert [part in refusal.value.message for part in ("人任职", "下级队", project.code)] == [True] * 3
    empty = make_team()
    post = make_appointment(make_person(), empty)
    actions.end_appointment(actor=hr, appointment=post, ends_on=DAY)
    closed = actions.close_team(actor=hr, team=empty, on=DAY, reason="2号文")
    assert (closed.closed_on, closed.name in names_on(hr, DAY)) == (DAY, False)
    with pytest.raises(Conflict, match="已于"):
        actions.close_team(actor=hr, team=empty, on=DAY, reason="再撤")
    with pytest.raises(Conflict, match="不能再变更"):
        actions.change_team(actor=hr, team=empty, on=DAY, reason="改", name="甲")


def test_another_member_leads_from_a_day(hr: Account, first_team: Team) -> None:
    old, new = make_person(name="原队长"), make_person(name="新队长")
    make_appointment(old, first_team, is_leader=True)
    make_appointment(new, first_team)

    actions.name_leader(actor=hr, team=first_team, person=new, on=DAY)

    def leaders(day: date) -> list[str]:
        return [leader.name for each in organisation_on(hr, day).teams for leader in each.leaders]

    assert [leaders(day) for day in (DAY - timedelta(1), DAY)] == [["原队长"], ["新队长"]]
    assert organisation_on(hr, DAY).people == 2
    with pytest.raises(Conflict, match="已经是队长"):
        actions.name_leader(actor=hr, team=first_team, person=new, on=DAY)
    with pytest.raises(Refused, match="不是"):
        actions.name_leader(actor=hr, team=first_team, person=make_person(), on=DAY)


def test_pages_found_change_and_show_the_day(hr: Account, officer: Account, client_as: SignIn) -> None:
    client = client_as(hr)
    client.post(
        reverse("staff:team-found"),
        {
            "code": "GJ99",
            "name": "九十九队",
            "kind": "task_force",
            "founded_on": "2024-01-01",
            "fields_text": "甲、乙",
        },
    )
    team = Team.objects.get(code="GJ99")
    address = reverse("staff:team-change", args=[team.public_id])
    typed = {
        "name": "百队",
        "initial-name": "九十九队",
        "initial-region": "",
        "fields_text": "甲",
        "region": "上海",
        "on": DAY.isoformat(),
    }
    refused = client.post(address, typed)
    client.post(address, typed | {"reason": "2号文"})
    page = reverse("staff:team", args=[team.public_id])
    past = client.get(page, {"on": "2025-01-01"}).content.decode()
    present = client_as(officer).get(page).content.decode()

    assert (team.fields, refused.status_code) == (["甲", "乙"], 422)
    assert ["百队" in text for text in (past.split("沿革")[0], present)] == [False, True]
    assert ("九十九队" in past, "/close/" in present) == (True, False)
    closed = client.post(
        reverse("staff:team-close", args=[team.public_id]),
        {"on": timezone.localdate().isoformat(), "reason": "2号文"},
    )
    assert (closed.status_code, Team.objects.get(code="GJ99").closed_on) == (302, timezone.localdate())


def test_the_chart_shows_both_names_and_prints_under_either(
    hr: Account, leader: Account, client_as: SignIn
) -> None:
    client = client_as(leader)
    page = client.get(reverse("staff:chart")).content.decode()
    papers = [
        client.get(reverse("staff:chart-pdf", args=[size, body]))
        for size, body in (("a4", "centre"), ("a3", "bureau"))
    ]
    today = timezone.localdate()

    assert ("招商发展中心" in page, "招商局" in page) == (True, True)
    assert [paper.content[:5] for paper in papers] == [b"%PDF-", b"%PDF-"]
    assert client.get("/teams/chart/a5/centre.pdf").status_code == 404
    organisation = organisation_on(hr, today)
    assert chart_paper(organisation, size="a4", body="centre") == chart_paper(
        organisation_on(hr, today), size="a4", body="centre"
    )
    assert client.get(reverse("staff:body")).status_code == 200


def test_other_systems_found_change_lead_and_close(hr: Account, administrator: Account) -> None:
    _token, key = actions.issue_token(
        actor=administrator, account=hr, name="同步", scopes=["staff:read", "staff:write"]
    )
    client, kind = Client(headers={"Authorization": f"Token {key}"}), "application/json"
    make_team(code="XM1", name="一部", kind=TeamKind.DEPARTMENT)
    given = {
        "code": "GJ99",
        "name": "旧名",
        "kind": "task_force",
        "founded_on": "2024-01-01",
        "fields": ["甲"],
    }

    made = client.post("/api/teams/", given, kind).json()
    address = f"/api/teams/{made['public_id']}/"
    person = make_person(staff_number="A1")
    post = make_appointment(person, Team.objects.get(code="GJ99"), starts_on=date(2024, 1, 1))
    changed = client.patch(
        address, {"name": "新名", "parent": "XM1", "on": "2026-03-01", "reason": "2号文"}, kind
    )
    led = client.post(f"{address}leader/", {"person": "A1", "on": "2026-03-02"}, kind)
    past, present = (
        client.get("/api/organisation/", {"on": day}).json() for day in ("2026-02-28", "2026-03-02")
    )
    refused = client.post(f"{address}close/", {"on": "2026-04-01", "reason": "撤"}, kind)

    assert (made["fields"], changed.json()["parent"]["code"], led.status_code) == (["甲"], "XM1", 200)
    assert [row["name"] for row in past["teams"]] != [row["name"] for row in present["teams"]]
    assert (
        next(row["leaders"][0]["staff_number"] for row in present["teams"] if row["code"] == "GJ99") == "A1"
    )
    assert refused.status_code == 422
    post.refresh_from_db()
    assert post.ends_on == date(2026, 3, 2)
    wrong = client.patch(address, {"parent": "nobody", "on": "2026-03-01", "reason": "改"}, kind)
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["parent"])


@pytest.mark.parametrize("name", ["staff:chart", "projects:coverage"])
def test_pages_cost_the_same_for_any_number(name: str, hr: Account, client_as: SignIn) -> None:
    client = client_as(hr)

    def queries(rows: int) -> int:
        for _each in range(rows):
            team = make_team(fields=["集成电路"], region="上海")
            make_appointment(make_person(), team, is_leader=True)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


def test_the_database_has_nobody_in_a_team_that_is_closed(hr: Account) -> None:
    team, other = make_team(), make_team()
    post = make_appointment(make_person(), team, ends_on=DAY)
    Team.objects.filter(pk=team.pk).update(closed_on=DAY)

    for wrong in (
        lambda: make_appointment(make_person(), team),
        lambda: make_appointment(make_person(), team, ends_on=DAY + timedelta(1)),
        lambda: Appointment.objects.filter(pk=post.pk).update(ends_on=None),
        lambda: Team.objects.filter(pk=team.pk).update(closed_on=DAY - timedelta(1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()

    moved = make_appointment(make_person(), other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=moved.pk).update(team=team)


@pytest.mark.django_db(transaction=True)
def test_a_team_is_closed_while_somebody_is_appointed_to_it(hr: Account) -> None:
    team, person = make_team(), make_person()
    day = timezone.localdate() + timedelta(10)

    said = at_once(
        lambda: actions.close_team(actor=hr, team=team, on=day, reason="2号文"),
        lambda: actions.appoint_person(actor=hr, person=person, team=team, grade="second", starts_on=day),
    )

    assert said.count("done") == 1
    team.refresh_from_db()
    assert (team.closed_on is None) == Appointment.objects.filter(team=team).exists()
