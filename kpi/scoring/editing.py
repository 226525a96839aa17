"""Changing a scheme document part by part; each function gives a new document and leaves the old one alone."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Document = Mapping[str, Any]

#: The order in which the parts of a document are written.
ORDER = (
    "scheme title year holds_from source assumptions rounding total_marks elapsed_by exchange categories sections "
    "groups targets lists grades indicators gates awards"
).split()
#: The parts that are lists of entries with a code of their own; those of the others stand under their codes.
LISTED = ("indicators", "gates", "awards")
#: The parts around the indicators: those whose entries have a code each, then those that are one table.
CODED = ("groups", "targets", "lists", "gates", "awards")
PARTS = (*CODED, "sections", "categories", "exchange", "grades", "assumptions", "basics")
#: What a scheme says of itself, changed together as the part `basics`.
BASICS = ("title", "holds_from", "source", "total_marks", "rounding", "elapsed_by")


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


def part_of(document: Document, part: str) -> Any:
    """A copy of what the document has of a part that is one table; None where it has nothing."""
    if part == "basics":
        return {key: deepcopy(document[key]) for key in BASICS if key in document}
    return deepcopy(document.get(part))


def put_part(document: Document, part: str, value: Any) -> dict[str, Any]:
    """The document with another value for one of its parts; without the part when nothing is left of it."""
    if part == "basics":
        found = dict(document)
        for key in BASICS:
            found = put_part(found, key, value.get(key))
        return found
    if part in document:
        found = {key: value if key == part else below for key, below in document.items()}
        return found if value else {key: below for key, below in found.items() if key != part}
    if not value:
        return dict(document)
    later = set(ORDER[ORDER.index(part) + 1 :])
    before = list(document)
    place = next((index for index, key in enumerate(before) if key in later), len(before))
    order = [*before[:place], part, *before[place:]]
    return {key: value if key == part else document[key] for key in order}


def entries_of(document: Document, part: str) -> dict[str, Any]:
    """The entries of a part by code, in the order of the document."""
    found = document.get(part, ())
    return {one["code"]: one for one in found} if part in LISTED else dict(found or {})


def part_entry(document: Document, part: str, code: str) -> dict[str, Any]:
    """A copy of one entry of a part. Raises KeyError when there is none."""
    found: dict[str, Any] = deepcopy(entries_of(document, part)[code])
    return found


def put_entry(
    document: Document, part: str, entry: Mapping[str, Any], *, code: str, place: str = ""
) -> dict[str, Any]:
    """The document with the entry under this code, in the place of the entry `place`, or at the end."""
    entries = entries_of(document, part)
    if place in entries:
        changed = {
            code if key == place else key: entry if key == place else one for key, one in entries.items()
        }
    else:
        changed = {**entries, code: entry}
    return _with_entries(document, part, changed)


def copy_entry(document: Document, part: str, code: str, title: str) -> tuple[dict[str, Any], str]:
    """The document with a copy right after the entry, and the copy's code."""
    entry, copied = part_entry(document, part, code), free_entry_code(document, part, code)
    entry["title"] = title
    if part in LISTED:
        entry["code"] = copied
    changed = {}
    for key, one in entries_of(document, part).items():
        changed[key] = one
        if key == code:
            changed[copied] = entry
    return _with_entries(document, part, changed), copied


def move_entry(document: Document, part: str, code: str, step: int) -> dict[str, Any]:
    """The document with the entry changing places with its neighbour; the same at an end."""
    entries = entries_of(document, part)
    order = list(entries)
    place = order.index(code)
    goal = place + step
    if 0 <= goal < len(order):
        order[place], order[goal] = order[goal], order[place]
    return _with_entries(document, part, {key: entries[key] for key in order})


def remove_entry(document: Document, part: str, code: str) -> dict[str, Any]:
    """The document without the entry. Raises KeyError when there is none."""
    entries = entries_of(document, part)
    del entries[code]
    return _with_entries(document, part, entries)


def free_entry_code(document: Document, part: str, stem: str) -> str:
    """A code that is free in the part; gates share theirs with the indicators."""
    if part in {"indicators", "gates"}:
        return free_code(document, stem)
    taken = entries_of(document, part)
    stem = stem[:56]
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def _with_entries(document: Document, part: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    return put_part(document, part, list(entries.values()) if part in LISTED else dict(entries))


def _copied(document: Document) -> dict[str, Any]:
    """The document with a list of indicators of its own."""
    return {**document, "indicators": list(document["indicators"])}
