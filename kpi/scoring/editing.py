"""Changing a scheme document indicator by indicator; each function gives a new document and leaves the old one alone."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Document = Mapping[str, Any]


def place_of(document: Document, code: str) -> int:
    """Where the indicator of that code stands. Raises KeyError when there is none."""
    for place, entry in enumerate(document["indicators"]):
        if entry["code"] == code:
            return place
    raise KeyError(code)


def indicator_entry(document: Document, code: str) -> dict[str, Any]:
    """A copy of the indicator's entry. Raises KeyError when there is none."""
    found: dict[str, Any] = deepcopy(document["indicators"][place_of(document, code)])
    return found


def put_indicator(document: Document, entry: Mapping[str, Any], *, code: str = "") -> dict[str, Any]:
    """The document with the entry in the place of the indicator of that code, or after the last of its section."""
    found = _copied(document)
    if code:
        found["indicators"][place_of(found, code)] = deepcopy(entry)
        return found
    section = entry.get("section")
    places = [index for index, one in enumerate(found["indicators"]) if one.get("section") == section]
    found["indicators"].insert(places[-1] + 1 if places else len(found["indicators"]), deepcopy(entry))
    return found


def copy_indicator(document: Document, code: str, title: str) -> tuple[dict[str, Any], str]:
    """The document with a copy right after the indicator, and the copy's code."""
    found = _copied(document)
    place = place_of(found, code)
    entry = deepcopy(found["indicators"][place])
    entry["code"], entry["title"] = free_code(found, code), title
    found["indicators"].insert(place + 1, entry)
    return found, entry["code"]


def move_indicator(document: Document, code: str, step: int) -> dict[str, Any]:
    """The document with the indicator changing places with its neighbour of the same section; the same at an end."""
    found = _copied(document)
    entries = found["indicators"]
    place = place_of(found, code)
    section = entries[place].get("section")
    kin = [index for index, one in enumerate(entries) if one.get("section") == section]
    goal = kin.index(place) + step
    if 0 <= goal < len(kin):
        other = kin[goal]
        entries[place], entries[other] = entries[other], entries[place]
    return found


def remove_indicator(document: Document, code: str) -> dict[str, Any]:
    """The document without the indicator."""
    found = _copied(document)
    del found["indicators"][place_of(found, code)]
    return found


def free_code(document: Document, stem: str) -> str:
    """A code that no indicator and no gate has yet: the stem, or the stem with a number."""
    taken = {one["code"] for part in ("indicators", "gates") for one in document.get(part, ())}
    stem = stem[:56]
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def _copied(document: Document) -> dict[str, Any]:
    """The document with a list of indicators of its own."""
    return {**document, "indicators": list(document["indicators"])}
