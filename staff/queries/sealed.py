"""Sealed archives without their content, and whether the keys are in order."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils.module_loading import import_string

from promotion.sealing import KeyTrouble, key_file_faults, mark_of, newest_mark, sealing_keys, unseal
from staff.access.sealed import openings_visible_to, sealed_visible_to
from staff.models import Account, Person, SealedOpening, SealedRecord, SealingKey

PROBE = {"probe": "sealing key"}


@dataclass(frozen=True)
class KeyState:
    """Whether the keys are in order: `state` is ok, unused, missing, wrong or exposed; `old` counts what older keys seal."""

    state: str
    old: int = 0


def key_state() -> KeyState:
    """Compare the configured keys with what the database was sealed by; a constant number of queries."""
    used = _marks_in_use()
    marks = [mark_of(key) for key in sealing_keys()]
    old = sum(count for mark, count in used.items() if mark != newest_mark())
    if not marks:
        return KeyState("missing", old)
    if any(mark not in marks for mark in used) or not _probes_open(marks):
        return KeyState("wrong", old)
    if key_file_faults():
        return KeyState("exposed", old)
    return KeyState("ok" if used else "unused", old)


def _marks_in_use() -> dict[str, int]:
    """How many records each key seals, those of other stores (`settings.SEALED_STORES`) among them."""
    used = Counter(dict(SealedRecord.objects.order_by().values_list("key_mark").annotate(Count("pk"))))
    for marks, _rotate in settings.SEALED_STORES:
        used.update(import_string(marks)())
    return dict(used)


def waiting_for_rotation() -> int:
    """How many records an older key seals."""
    return sum(count for mark, count in _marks_in_use().items() if mark != newest_mark())


def sealed_health() -> str:
    """One word for the health page."""
    return key_state().state


def _probes_open(marks: list[str]) -> bool:
    """Whether every probe of a configured key opens: a key of the right mark and other content does not."""
    for probe in SealingKey.objects.filter(mark__in=marks):
        try:
            unseal(probe.probe, PROBE)
        except KeyTrouble:
            return False
    return True


def sealed_listed(actor: Account) -> QuerySet[SealedRecord]:
    """The visible records with how often and when last they were opened; never with their content."""
    listed = sealed_visible_to(actor).defer("content").select_related("person", "written_by")
    return listed.annotate(opened=Count("openings"), last_opened=Max("openings__opened_at"))


def sealed_of(actor: Account, person: Person) -> QuerySet[SealedRecord]:
    """The person's records, without their content."""
    return sealed_listed(actor).filter(person=person)


def openings_of(actor: Account, person: Person) -> QuerySet[SealedOpening]:
    """Who opened the person's records, newest first."""
    openings = openings_visible_to(actor).filter(record__person=person)
    return openings.select_related("record", "opened_by").defer("record__content")
