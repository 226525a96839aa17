"""Filters as chips: what is set now, and the address that each choice leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from promotion.web.lists import address_of


@dataclass(frozen=True)
class Chip:
    """A filter that is on or off, with the address that turns it over."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class ChoiceChip:
    """A filter with several values behind one chip."""

    label: str
    value: str
    active: bool
    options: tuple[Chip, ...]


def toggled(request: HttpRequest, name: str, value: str) -> str:
    """The present address with one value of a filter turned over; the page begins again."""
    query = request.GET.copy()
    values = query.getlist(name)
    query.setlist(name, [each for each in values if each != value] if value in values else [*values, value])
    return address_of(query)


def without(request: HttpRequest, *names: str) -> str:
    """The present address without some filters."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return address_of(query)


def switch(request: HttpRequest, label: Any, name: str, value: str = "1") -> Chip:
    """A chip for one value of a filter."""
    return Chip(str(label), toggled(request, name, value), value in request.GET.getlist(name))


def choice(
    request: HttpRequest, label: Any, name: str, choices: Sequence[tuple[Any, Any]], everything: Any
) -> ChoiceChip:
    """A chip that opens the values of a filter; it says what is chosen, or that everything is."""
    chosen = set(request.GET.getlist(name))
    options = tuple(
        Chip(str(text), toggled(request, name, str(value)), str(value) in chosen) for value, text in choices
    )
    names = [option.label for option in options if option.active]
    return ChoiceChip(str(label), "、".join(names) or str(everything), bool(names), options)
