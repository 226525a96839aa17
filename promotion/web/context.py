"""What the frame of every page shows: navigation, notices, saved views, theme."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from promotion.access import audiences_given_by, saved_views_of
from promotion.models import Notice
from promotion.prepared import Prepared, Slot
from promotion.web.limits import is_limited, may_open
from promotion.web.markup import remembered


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    key: str
    label: str
    icon: str
    url: str
    active: bool
    group: str
    badge: str = ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html. Database work is lazy: a fragment that shows no frame costs no query."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {
        "theme": theme if theme in ("auto", "light", "dark") else "auto",
        "languages": settings.LANGUAGES,
        "body_names": settings.BODY_NAMES,
    }
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return context | {"navigation": []}
    return context | {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "is_limited": is_limited(account.role),
        # What the drawn navigation depends on.
        "frame_key": SimpleLazyObject(lambda: f"{account.role} {lit_place(request)}"),
        "unread_notices": SimpleLazyObject(lambda: _UNREAD.first(account=account.pk) or 0),
        "saved_views": SimpleLazyObject(lambda: saved_views(account)),
        "view_audiences": SimpleLazyObject(lambda: audiences_given_by(account)),
    }


def navigation(request: HttpRequest) -> list[Place]:
    """The places this account may go to; each app names its own in settings.PLACES.

    A place with several pages (settings.PLACE_PAGES) leads to the first that the role may open, and is lit on all of them.
    """
    role, lit = request.user.role, lit_place(request)  # type: ignore[union-attr]
    key = ("navigation", role, lit, get_language(), get_script_prefix())
    return remembered(key, lambda: _places(role, lit))


def lit_place(request: HttpRequest) -> str:
    """The place that the page belongs to: the one with the longest address that the page lies under."""
    here = [
        (url, key)
        for key, urls in _addresses_of(request.user.role).items()  # type: ignore[union-attr]
        for url in urls
        if request.path == url or (url != "/" and request.path.startswith(url))
    ]
    return max(here, default=("", ""), key=lambda found: len(found[0]))[1]


def _places(role: str, lit: str) -> list[Place]:
    addresses = _addresses_of(role)
    return [
        Place(key, str(label), icon, addresses[key][0], key == lit, group)
        for key, label, icon, _url_name, group, _roles in settings.PLACES
        if key in addresses
    ]


def _addresses_of(role: str) -> dict[str, list[str]]:
    """The addresses of each place that the role may go to."""
    key = ("addresses", role, get_script_prefix())
    return remembered(
        key,
        lambda: {
            place: _addresses(place, url_name, role)
            for place, _label, _icon, url_name, _group, roles in settings.PLACES
            if (not roles or role in roles) and _pages(place, url_name, role)
        },
    )


def _addresses(key: str, url_name: str, role: str) -> list[str]:
    """Where a place leads first, then its other pages."""
    return [reverse(name) for name in _pages(key, url_name, role)]


def _pages(key: str, url_name: str, role: str) -> list[str]:
    """The names of these addresses."""
    listed = settings.PLACE_PAGES.get(key, ())
    pages = [name for _key, _label, name, roles in listed if not roles or role in roles]
    first = [url_name] if not pages or url_name in pages else []
    # The workbench of a limited role is its first page, which stands in the rail already.
    return [
        name
        for name in dict.fromkeys([*first, *pages])
        if may_open(role, name) and not (name == "home" and is_limited(role))
    ]


_SAVED_VIEWS = Prepared(
    lambda: (
        saved_views_of(Slot("account"), Slot("person"), Slot("today"))
        .order_by()
        .values_list("pk", "name", "url_name", "query", "owner", "owner__display_name", "owner__username")
    )
)
_UNREAD = Prepared(
    lambda: (
        Notice.objects.filter(recipient=Slot("account"), read_at=None)
        .order_by()
        .values("recipient")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    )
)


def saved_views(account: Any) -> list[dict[str, Any]]:
    """The kept lists that the account sees with their addresses, its own first; `by` names who shares one.

    A role that opens only some pages sees none: the name of a list may already say too much.
    """
    if is_limited(account.role):
        return []
    found = _SAVED_VIEWS.rows(account=account.pk, person=account.person_id or 0, today=timezone.localdate())
    return [
        {
            "name": name,
            "url": f"{reverse(url_name)}?{query}",
            "id": str(key),
            "by": "" if owner == account.pk else display_name or username,
        }
        for key, name, url_name, query, owner, display_name, username in sorted(
            found, key=lambda view: (view[4] != account.pk, view[1])
        )
        if url_name in settings.VIEW_PAGES
    ]
