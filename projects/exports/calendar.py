"""A person's due things as a calendar (RFC 5545)."""

import hashlib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from projects.models import CalendarFeed
from projects.queries.due import due_items
from staff.models import Account
from staff.queries.due_item import DueItem

BEFORE, AHEAD = timedelta(days=30), timedelta(days=180)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
# On the day itself at nine; before an arranged time by half an hour.
MORNING, SHORTLY = timedelta(hours=9), timedelta(minutes=-30)


def live_feed(token: str) -> CalendarFeed | None:
    """The address in force that this token opens."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = CalendarFeed.objects.filter(token_hash=digest, revoked_at=None, account__is_active=True)
    return found.select_related("account").first()


def personal_calendar(account: Account, today: date) -> bytes:
    """What is due from thirty days ago to 180 days ahead; the same things give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//wuhua-zhaoshang//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("五化招商 · %(name)s") % {"name": account.display_name})
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", timedelta(hours=2), parameters={"value": "DURATION"})
    for item in due_items(account, today + AHEAD):
        if item.on >= today - BEFORE:
            calendar.add_component(_event(item))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(item: DueItem) -> Event:
    """One due thing. Its stamp follows from what it says, so that an unchanged calendar keeps its ETag."""
    event = Event()
    event.add("uid", f"{item.kind}-{item.key}@wuhua-zhaoshang")
    event.add("summary", item.title)
    event.add("description", item.detail)
    event.add("url", f"{settings.SITE_URL}{item.url}")
    event.add("dtstamp", datetime(item.on.year, item.on.month, item.on.day, tzinfo=ZoneInfo("UTC")))
    if item.at is None:
        event.add("dtstart", item.on)
        event.add("dtend", item.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add_component(_alarm(item, MORNING))
    else:
        start = datetime.combine(item.on, item.at, SHANGHAI)
        event.add("dtstart", start)
        event.add("dtend", start + HOUR)
        event.add_component(_alarm(item, SHORTLY))
    return event


def _alarm(item: DueItem, trigger: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", item.title)
    alarm.add("trigger", trigger)
    return alarm
