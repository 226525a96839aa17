"""Inputs one by one: under which words pages show them, and what stood in the place of each before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import AssessmentInput, InputKind, InputState
from kpi.queries.input_rows import is_on, live_inputs
from kpi.queries.input_sheets import Asked, InputSheet, asked_inputs
from staff.models import Account


@dataclass(frozen=True, slots=True)
class Titled:
    """An input in words: which input of the scheme it is, which part of it, and the value as one reads it."""

    entry: AssessmentInput
    title: str
    detail: str
    value: str
    held: AssessmentInput | None = None
    sheet: InputSheet | None = None


def waiting_inputs(actor: Account, year: int) -> QuerySet[AssessmentInput]:
    """What waits for a second person, in the order of the sheets."""
    waiting = live_inputs(actor, year).filter(state=InputState.SUBMITTED).select_related("paper")
    return waiting.order_by("kind", "code", "part", "voter", "pk")


def titled(year: int, entries: Sequence[AssessmentInput]) -> list[Titled]:
    """The inputs in words, each with what holds in its place now."""
    asked = asked_inputs(year)
    kinds, codes = {entry.kind for entry in entries}, {entry.code for entry in entries}
    confirmed = AssessmentInput.objects.filter(
        year=year, state=InputState.CONFIRMED, kind__in=kinds, code__in=codes
    )
    held = {one.key: one for one in confirmed}
    return [in_words(asked, entry, held.get(entry.key)) for entry in entries]


def in_words(asked: Asked, entry: AssessmentInput, held: AssessmentInput | None = None) -> Titled:
    """One input in words; where the scheme no longer asks for it, by its codes."""
    sheet = next((one for one in asked.sheets if is_on(entry, one)), None)
    title = sheet.title if sheet else entry.code or str(entry.get_kind_display())
    return Titled(
        entry,
        title=title,
        detail="" if (detail := _detail(sheet, entry)) == title else detail,
        value=value_words(asked, entry),
        held=None if held == entry else held,
        sheet=sheet,
    )


def _detail(sheet: InputSheet | None, entry: AssessmentInput) -> str:
    """The panel, the measure and band, the project, or since when it holds."""
    if sheet is None:
        return " ".join(filter(None, [entry.part, entry.band]))
    parts = [panel.title for panel in sheet.panels if panel.code == entry.part]
    parts += [one.title for one in sheet.columns if (one.part, one.band) == (entry.part, entry.band)]
    parts += [entry.project.code] if entry.project else []
    if entry.kind == InputKind.RATE:
        parts.append(entry.code)
    if entry.holds_from is not None:
        parts.append(_("%(day)s 起") % {"day": entry.holds_from.isoformat()})
    return " · ".join(parts)


def value_words(asked: Asked, entry: AssessmentInput) -> str:
    """The value as one reads it: a category by its title, everything else as typed."""
    if entry.kind == InputKind.CATEGORY and asked.scheme is not None:
        return asked.scheme.categories.get(entry.option, entry.option)
    return entry.shown


def course_of(actor: Account, entry: AssessmentInput) -> list[AssessmentInput]:
    """Everything that was ever recorded in this place, oldest first, as far as the actor sees it."""
    place = {
        name: getattr(entry, name)
        for name in (
            "year",
            "kind",
            "person",
            "team",
            "project",
            "code",
            "part",
            "band",
            "voter",
            "holds_from",
        )
    }
    found = access.inputs_visible_to(actor).filter(**place)
    return list(found.select_related("recorded_by", "decided_by", "ended_by").order_by("pk"))
