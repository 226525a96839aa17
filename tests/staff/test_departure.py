"""Leaving ends what ends and touches nothing that was done; coming back is the same person."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Achievement, StageChange
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff.actions.departure import close_departed_accounts, finish_departure, open_departure, return_person
from staff.actions.departure_revoke import revoke_departure
from staff.models import Absence, Account, Appointment, Contract, Delegation, Departure, Role, Team
from tests.factories.contracts import make_contract
from tests.factories.projects import make_achievement, make_project, make_share
from tests.factories.staff import make_account, make_appointment

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


def leave(hr: Account, account: Account, ends_on: date = TODAY) -> Departure:
    assert account.person is not None
    return open_departure(
        actor=hr, person=account.person, kind="resigned", ends_on=ends_on, reason="另有发展"
    )


def everything_of(account: Account) -> list[list[dict[str, Any]]]:
    """Posts, contracts, days away and lent work, field by field."""
    person = account.person
    sets: list[Any] = [Appointment.objects, Contract.objects, Absence.objects]
    return [list(each.filter(person=person).order_by("pk").values()) for each in sets] + [
        list(Delegation.objects.filter(principal=person).order_by("pk").values())
    ]


def test_leaving_ends_post_contract_and_account_on_the_day(
    hr: Account, officer: Account, second_team: Team
) -> None:
    assert officer.person is not None
    running = make_contract(officer.person, starts_on=date(2024, 1, 1), ends_on=None)
    make_contract(officer.person, state="draft", starts_on=TOMORROW, ends_on=None)
    post = Appointment.objects.get(person=officer.person)

    departure = leave(hr, officer)

    post.refresh_from_db()
    running.refresh_from_db()
    officer.refresh_from_db()
    assert (post.ends_on, running.state, running.ends_on) == (TODAY, "ended", TODAY)
    assert list(Contract.objects.filter(person=officer.person)) == [running]
    assert (officer.is_active, officer.person.left_on) == (False, TODAY)
    assert departure.account_closed_at is not None
    assert AuditEntry.objects.get(verb="departure.open").detail["contracts"] == [running.number]


def test_work_that_was_lent_ends_with_the_leaving(hr: Account, officer: Account, colleague: Account) -> None:
    running, coming = (
        Delegation.objects.create(
            principal=officer.person,
            delegate=colleague.person,
            starts_on=TODAY + timedelta(days=start),
            ends_on=TODAY + timedelta(days=start + 10),
            reason="出差",
            made_by=hr,
        )
        for start in (-5, 20)
    )

    leave(hr, officer)

    running.refresh_from_db()
    coming.refresh_from_db()
    assert running.ends_on == TODAY
    assert coming.ends_on == coming.starts_on


def test_an_account_stays_open_until_the_day_and_is_closed_once_in_the_night(
    hr: Account, officer: Account
) -> None:
    leave(hr, officer, TOMORROW)
    before = Account.objects.get(pk=officer.pk).is_active

    closed = [close_departed_accounts(actor=None, today=day) for day in (TODAY, TOMORROW, TOMORROW)]

    assert (before, closed, Account.objects.get(pk=officer.pk).is_active) == (True, [0, 1, 0], False)


def test_stages_history_and_credit_are_untouched(hr: Account, officer: Account) -> None:
    assert officer.person is not None
    project = make_project(officer)
    share = make_share(project, officer.person)
    achievement = make_achievement(project, officer)
    before = (
        project.stage,
        project.version,
        list(StageChange.objects.values()),
        list(Achievement.objects.values()),
    )

    leave(hr, officer)

    project.refresh_from_db()
    after = (
        project.stage,
        project.version,
        list(StageChange.objects.values()),
        list(Achievement.objects.values()),
    )
    share.refresh_from_db()
    assert after == before
    assert (project.owner, share.person, achievement.project) == (officer.person, officer.person, project)


def test_the_file_closes_only_when_nothing_is_held_or_with_a_reason(hr: Account, officer: Account) -> None:
    make_project(officer)
    departure = leave(hr, officer)

    with pytest.raises(Refused) as refusal:
        finish_departure(actor=hr, departure=departure)
    finish_departure(actor=hr, departure=departure, held_reason="项目由队长代管")

    departure.refresh_from_db()
    assert list(refusal.value.fields) == ["held_reason"]
    assert (departure.state, departure.held_reason, departure.finished_by) == (
        "finished",
        "项目由队长代管",
        hr,
    )


def test_nothing_held_needs_no_reason_and_the_last_day_must_be_over(hr: Account, officer: Account) -> None:
    departure = leave(hr, officer, TOMORROW)
    with pytest.raises(Refused, match="还没有过"):
        finish_departure(actor=hr, departure=departure)
    Departure.objects.filter(pk=departure.pk).update(ends_on=TODAY)

    finish_departure(actor=hr, departure=departure, held_reason="多余的话")

    departure.refresh_from_db()
    assert (departure.state, departure.held_reason) == ("finished", "")


def test_coming_back_is_the_same_person_with_the_old_history(
    hr: Account, manager: Account, officer: Account, second_team: Team
) -> None:
    person = officer.person
    assert person is not None
    leave(hr, officer)
    with pytest.raises(NotAllowed):
        return_person(
            actor=manager, person=person, team=second_team, grade="first", starts_on=TOMORROW, reason="返聘"
        )
    with pytest.raises(Refused):
        return_person(
            actor=hr,
            person=person,
            team=second_team,
            grade="first",
            starts_on=TODAY - timedelta(days=1),
            reason="返聘",
        )

    return_person(actor=hr, person=person, team=second_team, grade="first", starts_on=TOMORROW, reason="返聘")

    person.refresh_from_db()
    spans = list(person.appointments.order_by("starts_on").values_list("team__code", "starts_on", "ends_on"))
    assert spans == [("GJ1", date(2021, 1, 1), TODAY), ("GJ2", TOMORROW, None)]
    assert person.left_on is None
    assert (person.departures.get().state, person.departures.get().returned_on) == ("returned", TOMORROW)


def test_the_page_shows_what_ends_before_it_is_written(
    hr: Account, officer: Account, client_as: Callable[..., Client]
) -> None:
    person = officer.person
    assert person is not None
    make_project(officer)
    contract = make_contract(person, starts_on=date(2024, 1, 1), ends_on=None)
    client, address = client_as(hr), f"/teams/people/{person.public_id}/leave/"
    typed = {"kind": "resigned", "last_day": TODAY.isoformat(), "reason": "另有发展"}

    looked = client.post(address, typed).content.decode()
    other_day = client.post(address, {**typed, "confirmed": TOMORROW.isoformat()})
    before = Departure.objects.count()
    written = client.post(address, {**typed, "confirmed": TODAY.isoformat()})
    departure = Departure.objects.get()
    page = client.get(f"/teams/departures/{departure.public_id}/").content.decode()
    refused = client.post(f"/teams/departures/{departure.public_id}/finish/", {"held_reason": ""})

    for words in ("项目攻坚一队的任职", contract.number, officer.username, "名下还有 1 项"):
        assert words in looked
    assert (other_day.status_code, before, written.status_code) == (200, 0, 302)
    assert f"/people/{person.public_id}/hand-over/" in page
    assert refused.status_code == 422


def test_a_departure_is_taken_back_before_its_day_and_everything_is_as_it_was(
    hr: Account, officer: Account, colleague: Account, second_team: Team
) -> None:
    assert officer.person is not None
    day = TODAY + timedelta(days=10)
    make_contract(officer.person, starts_on=date(2024, 1, 1), ends_on=date(2030, 1, 1))
    make_contract(officer.person, state="draft", starts_on=day, ends_on=None)
    post = Appointment.objects.get(person=officer.person)
    post.ends_on = day + timedelta(days=5)
    post.save()
    make_appointment(officer.person, second_team, starts_on=post.ends_on)
    Absence.objects.create(
        person=officer.person, kind="study", starts_on=day + timedelta(days=1), written_by=hr
    )
    Delegation.objects.create(
        principal=officer.person,
        delegate=colleague.person,
        starts_on=day - timedelta(days=2),
        ends_on=day + timedelta(days=2),
        reason="出差",
        made_by=hr,
    )
    before = everything_of(officer)
    departure = leave(hr, officer, day)
    assert everything_of(officer) != before
    with pytest.raises(NotAllowed):
        revoke_departure(actor=make_account(Role.MANAGER), departure=departure, reason="挽留")
    with pytest.raises(Refused, match="撤回的理由"):
        revoke_departure(actor=hr, departure=departure, reason=" ")

    revoked = revoke_departure(actor=hr, departure=departure, reason="挽留成功")

    assert everything_of(officer) == before
    assert (revoked.state, revoked.finished_by, revoked.undo) == ("revoked", hr, {})
    officer.person.refresh_from_db()
    assert officer.person.left_on is None
    assert close_departed_accounts(actor=None, today=day) == 0
    assert leave(hr, officer, day).state == "open"


def test_a_departure_is_not_taken_back_after_its_day_or_over_later_changes(
    hr: Account, officer: Account, colleague: Account
) -> None:
    gone = leave(hr, officer, TODAY)
    with pytest.raises(Refused, match="请办返聘"):
        revoke_departure(actor=hr, departure=gone, reason="挽留成功")
    assert colleague.person is not None
    leaving = leave(hr, colleague, TOMORROW)
    Appointment.objects.filter(person=colleague.person).update(ends_on=TODAY)

    with pytest.raises(Conflict, match="又有改动"):
        revoke_departure(actor=hr, departure=leaving, reason="挽留成功")

    colleague.person.refresh_from_db()
    assert colleague.person.left_on == TOMORROW


def test_the_page_takes_a_departure_back_and_the_wizard_knows_it(
    client_as: Callable[..., Client], hr: Account, officer: Account
) -> None:
    assert officer.person is not None
    departure = leave(hr, officer, TOMORROW)
    address = f"/teams/departures/{departure.public_id}/revoke/"
    wizard = client_as(hr).get(f"/people/{officer.person.public_id}/hand-over/")
    drawn = wizard.context["form"].initial
    assert (drawn["kind"], drawn["last_day"], drawn["reason"]) == ("leave", TODAY, "离职交接")
    assert "撤回离职" in client_as(hr).get(f"/teams/departures/{departure.public_id}/").content.decode()
    empty = client_as(hr).post(address, {"reason": ""})
    assert empty.status_code == 422

    client_as(hr).post(address, {"reason": "挽留成功"})

    departure.refresh_from_db()
    assert departure.state == "revoked"
    assert "撤回理由" in client_as(hr).get(f"/teams/departures/{departure.public_id}/").content.decode()
