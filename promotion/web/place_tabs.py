"""The pages of a place as one row of tabs, and those of an open group as a second row (settings.PLACE_PAGES, PLACE_GROUPS)."""

from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from promotion.web.limits import may_open


class Page(NamedTuple):
    """A page of a place that the role may open."""

    key: str
    label: object
    url_name: str


def tabs_of(place: str, role: str, active: str) -> list[dict[str, Any]]:
    """The first row: label, url and active ("within" for a group whose page is open) of each page and each group."""
    tabs: dict[object, dict[str, Any]] = {}
    for page in _open_pages(place, role):
        label, keys = _group_of(place, page.key)
        among = [each for each in _open_pages(place, role) if each.key in keys]
        if len(among) < 2:
            tabs[page.key] = {
                "label": page.label,
                "url": reverse(page.url_name),
                "active": page.key == active,
            }
        elif keys not in tabs:
            here = "within" if active in keys else False
            tabs[keys] = {"label": label, "url": reverse(among[0].url_name), "active": here}
    return list(tabs.values())


def pages_beside(place: str, role: str, active: str) -> list[dict[str, Any]]:
    """The second row: the pages of the group that the open page belongs to; empty where it stands alone."""
    _label, keys = _group_of(place, active)
    among = [page for page in _open_pages(place, role) if page.key in keys]
    if len(among) < 2:
        return []
    return [
        {"label": each.label, "url": reverse(each.url_name), "active": each.key == active} for each in among
    ]


def label_of(place: str) -> str:
    """What the place is called."""
    return next(str(label) for key, label, *_rest in settings.PLACES if key == place)


def label_of_group(place: str, active: str) -> str:
    """What the tab over the open page is called."""
    return str(_group_of(place, active)[0])


def _open_pages(place: str, role: str) -> list[Page]:
    return [
        Page(key, label, url_name)
        for key, label, url_name, roles in settings.PLACE_PAGES[place]
        if (not roles or role in roles) and may_open(role, url_name)
    ]


def _group_of(place: str, key: str) -> tuple[object, tuple[str, ...]]:
    """The label of the page's group and the keys of its pages; no label and the page alone where it has none."""
    for label, keys in settings.PLACE_GROUPS.get(place, ()):
        if key in keys:
            return label, keys
    return "", (key,)
