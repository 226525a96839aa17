"""The form of one indicator: its parts together, read from a draft and written back into it."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.functional import cached_property

from kpi.forms.indicator.gate import take_gate
from kpi.forms.indicator.part import CannotShow, Entry, Part, Setting
from kpi.forms.indicator.rows import Row
from kpi.forms.indicator.shape import SHAPES, Shape
from kpi.scoring.document import indicator_of
from kpi.scoring.editing import free_code, place_of, put_indicator
from kpi.scoring.reading import InvalidDocument, SchemeError, dotted
from promotion.web.forms import error_summary

GATE = "gate form"


class Editor:
    """An indicator as a form; the gate is its last part. `entry` is what the draft has of it; a new one has no code yet.

    Raises CannotShow when the shape has no fields for what the indicator says.
    """

    def __init__(self, setting: Setting, shape: Shape, entry: Entry, data: Any = None) -> None:
        self.setting, self.shape, self.entry = setting, shape, entry
        self.bare = take_gate(entry)
        self.parts: list[Part] = [part(setting, deepcopy(self.bare), data) for part in shape.parts]
        self.is_bound = data is not None

    @cached_property
    def is_valid(self) -> bool:
        """Whether every part is filled in as it should be."""
        found = [part.whole() for part in self.parts]
        return all(found)

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
        path, marks = fault.path.removeprefix(own).removeprefix("."), self.written[2]
        while path:
            if path in marks:
                return marks[path]
            path = path[: max(path.rfind("."), path.rfind("["))] if "." in path or "[" in path else ""
        return ""

    def mistakes(self) -> dict[str, str]:
        """What is wrong with the fields as they were sent, by field name; what is only missing yet is none."""
        found: dict[str, str] = {}
        for bound in self.written_fields():
            errors = bound.form.errors.as_data().get(bound.name, ())
            if sentences := [str(text) for error in errors if error.code != "required" for text in error]:
                found[bound.html_name] = " ".join(sentences)
        return found

    def missing(self) -> list[str]:
        """The labels of what is still to be filled in before anything can be tried."""
        found = [
            str(bound.label)
            for bound in self.written_fields()
            if any(error.code == "required" for error in bound.form.errors.as_data().get(bound.name, ()))
        ]
        found += [table.message.rstrip("。") for part in self.parts for table in part.rows if table.message]
        return list(dict.fromkeys(found))

    def summary(self) -> list[dict[str, str]]:
        """All that is wrong, each line with the id of its field."""
        lines = []
        for part in self.parts:
            lines += error_summary(part)
            for table in part.rows:
                if table.message:
                    lines.append(
                        {"id": f"rows-{table.name}", "label": str(part.heading), "text": table.message}
                    )
                for row in table.filled:
                    lines += error_summary(row)
        return lines

    def focus(self, name: str) -> None:
        """Let the last line of a table be the one that is typed in next."""
        for table in (table for part in self.parts for table in part.rows if table.name == name):
            table.focus()

    def mark(self, faults: Mapping[str, str]) -> None:
        """Add faults of the document to the fields they are about."""
        by_name = {bound.html_name: bound for bound in self.bound_fields()}
        for name, sentence in faults.items():
            if name in by_name:
                by_name[name].form.add_error(by_name[name].name, sentence)

    def bound_fields(self) -> Iterator[Any]:
        """Every field of every part."""
        for part in self.parts:
            yield from part.bound_fields()

    def written_fields(self) -> Iterator[Any]:
        """Every field but those of empty lines."""
        for bound in self.bound_fields():
            if not isinstance(bound.form, Row) or not bound.form.is_blank():
                yield bound

    def as_data(self) -> QueryDict:
        """What a browser would send back when nothing is changed."""
        data = QueryDict(mutable=True)
        for bound in self.bound_fields():
            value = bound.value()
            if isinstance(value, list | tuple):
                data.setlist(bound.html_name, [str(one) for one in value])
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = str(value)
        return data


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
