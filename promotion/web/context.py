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
        "unread_notices": SimpleLazyObject(lambda: Notice.objects.filter(recipient=account, read_at=None).count()),
        "saved_views": SimpleLazyObject(lambda: saved_views(account)),
    }


def navigation(request: HttpRequest) -> list[Place]:
    """The places this account may go to; each app names its own in settings.PLACES."""
    places = []
    for key, label, icon, url_name, group, roles in settings.PLACES:
        if roles and request.user.role not in roles:  # type: ignore[union-attr]
            continue
        url = reverse(url_name)
        active = request.path == url if url == "/" else request.path.startswith(url)
        places.append(Place(key, str(label), icon, url, active, group))
    return places


def saved_views(account: Any) -> list[dict[str, str]]:
    """The account's kept lists with their addresses."""
    return [
        {"name": view.name, "url": f"{reverse(view.url_name)}?{view.query}", "id": str(view.pk)}
        for view in SavedView.objects.filter(owner=account)
    ]
