"""The one search of the top bar: asks every app for hits and knows none of them by name."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Hit:
    """One answer: what it is, its name, what tells it apart, and where it is."""

    kind: str
    title: str
    detail: str
    url: str


def find(actor: Any, text: str, *, limit: int = 6) -> list[tuple[str, list[Hit]]]:
    """Hits by kind, in the order of the sources, from what the actor may see."""
    if not text.strip():
        return []
    groups: dict[str, list[Hit]] = {}
    for name in settings.SEARCH_SOURCES:
        for hit in import_string(name)(actor=actor, text=text.strip(), limit=limit):
            groups.setdefault(hit.kind, []).append(hit)
    return list(groups.items())
