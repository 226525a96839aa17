"""The personal calendar behind its secret address."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from projects.actions import postpone_next_step
from projects.actions.calendar_feed import renew_calendar_feed, revoke_calendar_feed
from projects.models import CalendarFeed, Project
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_project

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


@pytest.fixture
def project(officer: Account) -> Project:
    make_project(officer, name="很久以前", next_step="旧事", next_step_on=TODAY - timedelta(31))
    make_project(officer, name="很久以后", next_step="远事", next_step_on=TODAY + timedelta(181))
    make_project(officer, name="约好的", next_step="座谈", next_step_on=TODAY, next_step_at=time(14, 30))
    return make_project(officer, next_step="来访", next_step_on=TODAY)


def events(content: bytes) -> dict[str, tuple[object, object, object]]:
    found = Calendar.from_ical(content)
    return {
        str(one["summary"]): (str(one["uid"]), one["dtstart"].dt, one.walk("VALARM")[0]["trigger"].dt)
        for one in found.walk("VEVENT")
    }


def test_the_calendar_holds_what_is_due_with_alarms_in_shanghai_time(
    officer: Account, outsider: Account, project: Project
) -> None:
    _feed, token = renew_calendar_feed(actor=officer)
    make_project(outsider, next_step="别人的", next_step_on=TODAY)

    reply = Client().get(f"/calendar/{token}.ics")

    found = events(reply.content)
    at = datetime.combine(TODAY, time(14, 30), ZoneInfo("Asia/Shanghai"))
    assert reply["Content-Type"] == "text/calendar; charset=utf-8"
    assert {name: rest[1:] for name, rest in found.items()} == {
        "来访": (TODAY, timedelta(hours=9)),
        "座谈": (at, timedelta(minutes=-30)),
    }
    assert found["来访"][0] == f"next-step-{project.pk}@wuhua-zhaoshang"


def test_an_unchanged_calendar_answers_304_and_uids_stay(officer: Account, project: Project) -> None:
    _feed, token = renew_calendar_feed(actor=officer)
    client, url = Client(), f"/calendar/{token}.ics"

    first = client.get(url)
    same = client.get(url, headers={"If-None-Match": first["ETag"]})
    postpone_next_step(actor=officer, project=project, to=TODAY + timedelta(2), reason="对方出差")
    moved = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, moved.status_code) == (304, b"", 200)
    before, after = events(first.content)["来访"], events(moved.content)["来访"]
    assert (before[0], after[1]) == (after[0], TODAY + timedelta(2))
    assert CalendarFeed.objects.get().read_on == TODAY


def test_wrong_stopped_and_renewed_addresses_are_not_found(officer: Account) -> None:
    _feed, first = renew_calendar_feed(actor=officer)
    _again, second = renew_calendar_feed(actor=officer)
    client = Client()

    statuses = [client.get(f"/calendar/{token}.ics").status_code for token in ("nothing", first, second)]
    revoke_calendar_feed(actor=officer)

    assert statuses == [404, 404, 200]
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    assert not CalendarFeed.objects.filter(token_hash__contains=second).exists()
    verbs = [entry.verb for entry in AuditEntry.objects.order_by("pk")]
    assert verbs == ["calendar-feed.renew", "calendar-feed.renew", "calendar-feed.revoke"]


def test_somebody_who_left_has_no_calendar_and_haste_is_slowed(officer: Account) -> None:
    _feed, token = renew_calendar_feed(actor=officer)
    client = Client()

    statuses = {client.get(f"/calendar/{token}.ics").status_code for _turn in range(61)}
    guesses = {client.get(f"/calendar/guess{turn}.ics").status_code for turn in range(25)}
    officer.is_active = False
    officer.save()
    cache.clear()

    assert (statuses, guesses) == ({200, 429}, {404, 429})
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_the_address_is_shown_once(officer: Account, client_as: Callable[[Account], Client]) -> None:
    client = client_as(officer)

    shown = client.post("/profile/calendar/renew/")
    later = client.get("/profile/reminders/")
    made = client.post("/api/calendar-feed/")

    assert (b".ics" in shown.content, b".ics" in later.content) == (True, False)
    assert shown["Cache-Control"] == "no-store"
    address = made.json()["address"]
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    assert client.delete("/api/calendar-feed/").status_code == 204
