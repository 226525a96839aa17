"""The secret address of a personal calendar: made, renewed and stopped."""

import secrets

from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.models import CalendarFeed
from promotion.action import action, record
from staff.models import Account
from staff.models.account import key_hash


@action("calendar-feed.renew", gettext_lazy("生成日历地址"))
def renew_calendar_feed(*, actor: Account) -> tuple[CalendarFeed, str]:
    """A new secret address; the one before stops at once. The token is given here and never again."""
    _stop(actor)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(account=actor, prefix=token[:6], token_hash=key_hash(token))
    record(actor=actor, verb="calendar-feed.renew", target=feed, detail={"prefix": feed.prefix})
    return feed, token


@action("calendar-feed.revoke", gettext_lazy("停用日历地址"))
def revoke_calendar_feed(*, actor: Account) -> int:
    """Stop the address; calendars that read it find nothing any more. Gives how many were stopped."""
    stopped = _stop(actor)
    if stopped:
        record(actor=actor, verb="calendar-feed.revoke", target=actor)
    return stopped


def note_reading(feed: CalendarFeed) -> None:
    """Keep on which day the address was last read; one write a day."""
    today = timezone.localdate()
    if feed.read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=today)


def _stop(account: Account) -> int:
    live = CalendarFeed.objects.select_for_update().filter(account=account, revoked_at=None)
    return CalendarFeed.objects.filter(pk__in=list(live.values_list("pk", flat=True))).update(
        revoked_at=timezone.now()
    )
