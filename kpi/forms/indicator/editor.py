"""The form of one indicator: its parts together, read from a draft and written back into it."""

import re
from copy import deepcopy
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import cached_property

from kpi.forms.indicator.fields import Fields, nearest
from kpi.forms.indicator.gate import take_gate
from kpi.forms.indicator.part import CannotShow, Entry, Setting
from kpi.forms.indicator.shape import SHAPES, Shape
from kpi.scoring.document import indicator_of
from kpi.scoring.editing import free_code, place_of, put_indicator
from kpi.scoring.entries import InvalidDocument, SchemeError, dotted

GATE = "gate form"


class Editor(Fields):
    """An indicator as a form; the gate is its last part. `entry` is what the draft has of it; a new one has no code yet.

    Raises CannotShow when the shape has no fields for what the indicator says.
    """

    def __init__(self, setting: Setting, shape: Shape, entry: Entry, data: Any = None) -> None:
        self.setting, self.shape, self.entry = setting, shape, entry
        self.bare = take_gate(entry)
        super().__init__([part(setting, deepcopy(self.bare), data) for part in shape.parts], data)

    @cached_property
    def written(self) -> tuple[Entry, dict[str, Any], dict[str, str]]:
        """The indicator with the cleaned values, the whole document with it, and which field stands for which path."""
        if not self.is_valid:
            raise ValueError("only a form that is filled in as it should be is written")
        # A scheme is written in its own language, whatever that of its editor's pages.
        with translation.override(settings.LANGUAGE_CODE):
            return self._write()

    def _write(self) -> tuple[Entry, dict[str, Any], dict[str, str]]:
        entry, document = deepcopy(self.bare), dict(self.setting.document)
        *parts, gate = self.parts
        for part in parts:
            part.write(entry, document)
        marks = {dotted(place): name for part in parts for place, name in part.places(entry)}
        rule = entry["rule"]
        gate.write(entry, document)
        if entry["rule"] is not rule:
            marks = {re.sub(r"^rule\b", "rule.part", path): name for path, name in marks.items()}
        marks |= {dotted(place): name for place, name in gate.places(entry)}
        entry.pop(GATE, None)
        code = entry.get("code", "")
        if not code:
            entry = {"code": free_code(document, self.shape.name), **in_order(entry)}
        known = {one["code"] for one in document["indicators"]}
        return entry, put_indicator(document, entry, code=code if code in known else ""), marks

    @property
    def code(self) -> str:
        """The indicator's code, also of a new one."""
        return str(self.written[0]["code"])

    @property
    def document(self) -> dict[str, Any]:
        """The draft's document as it would be."""
        return self.written[1]

    def field_at(self, fault: SchemeError) -> str:
        """The field that a fault of the document is about; empty when it is about none."""
        own = f"indicators[{place_of(self.document, self.code)}]"
        if not fault.path.startswith(own):
            return "target" if fault.path.startswith("targets") else ""
        return nearest(self.written[2], fault.path.removeprefix(own).removeprefix("."))


def in_order(entry: Entry) -> Entry:
    """A new indicator's keys in the order in which schemes are written."""
    order = (
        "title clause section weight full_marks cap floor applies_to report_only progress measures rule veto"
    ).split()
    return {key: entry[key] for key in order if key in entry} | entry


def editor_of(setting: Setting, entry: Entry, data: Any = None) -> Editor | None:
    """The form that holds everything the indicator says; None when no form does."""
    kind = entry.get("rule", {}).get("kind")
    if kind == "when":
        kind = entry["rule"]["part"].get("kind")
    for shape in SHAPES.values():
        if shape.kind == kind and holds(setting, shape, entry):
            return Editor(setting, shape, entry, data)
    return None


def holds(setting: Setting, shape: Shape, entry: Entry) -> bool:
    """Whether the form, sent back untouched, would write the same indicator: so nothing in it is lost."""
    try:
        untouched = Editor(setting, shape, entry)
        sent = Editor(setting, shape, entry, untouched.as_data())
        if not sent.is_valid:
            return False
        document = sent.document
        same_targets = document.get("targets") == setting.document.get("targets")
        return same_targets and indicator_of(sent.written[0], document) == indicator_of(
            entry, setting.document
        )
    except (CannotShow, KeyError, TypeError, AttributeError, ValueError, InvalidDocument):
        return False
