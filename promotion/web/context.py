"""What the frame of every page shows: navigation, notices, saved views, theme."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from promotion.models import Notice, SavedView


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
        "unread_notices": SimpleLazyObject(
            lambda: Notice.objects.filter(recipient=account, read_at=None).count()
        ),
        "saved_views": SimpleLazyObject(lambda: saved_views(account)),
    }


def navigation(request: HttpRequest) -> list[Place]:
    """The places this account may go to; each app names its own in settings.PLACES."""
    mine = [place for place in settings.PLACES if not place[5] or request.user.role in place[5]]  # type: ignore[union-attr]
    urls = {key: reverse(url_name) for key, _label, _icon, url_name, _group, _roles in mine}
    addresses = [(url, key) for key, url in urls.items()]
    addresses += [
        (reverse(name), key) for key in urls for _k, _l, name, _r in settings.PLACE_PAGES.get(key, ())
    ]
    here = [
        (url, key)
        for url, key in addresses
        if request.path == url or (url != "/" and request.path.startswith(url))
    ]
    # The longest address that the page lies under, the pages of a place among them, so that only one place is lit.
    lit = max(here, key=lambda each: len(each[0]), default=("", ""))[1]
    return [
        Place(key, str(label), icon, urls[key], key == lit, group)
        for key, label, icon, _url_name, group, _roles in mine
    ]


def saved_views(account: Any) -> list[dict[str, str]]:
    """The account's kept lists with their addresses."""
    return [
        {"name": view.name, "url": f"{reverse(view.url_name)}?{view.query}", "id": str(view.pk)}
        for view in SavedView.objects.filter(owner=account)
    ]
