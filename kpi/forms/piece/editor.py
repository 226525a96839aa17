"""The form of a part of a scheme beside its indicators: read from a draft and written back into it."""

from copy import deepcopy
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import cached_property

from kpi.forms.indicator.fields import Fields, nearest
from kpi.forms.indicator.part import CannotShow, Setting
from kpi.forms.piece.kinds import Piece
from kpi.scoring.editing import LISTED, entries_of, free_entry_code, put_entry, put_part
from kpi.scoring.entries import InvalidDocument, SchemeError, dotted


class PieceEditor(Fields):
    """One entry of a part, or a whole part that is one table, as a form; `code` is empty for a new entry and for a table.

    Raises CannotShow when the form has no fields for what is written.
    """

    def __init__(self, setting: Setting, piece: Piece, entry: Any, code: str = "", data: Any = None) -> None:
        self.setting, self.piece, self.entry, self.place = setting, piece, entry, code
        super().__init__([form(setting, deepcopy(entry), data) for form in piece.forms], data)

    @cached_property
    def written(self) -> tuple[Any, dict[str, Any], dict[str, str]]:
        """The entry with the cleaned values, the whole document with it, and which field stands for which path."""
        if not self.is_valid:
            raise ValueError("only a form that is filled in as it should be is written")
        # A scheme is written in its own language, whatever that of its editor's pages.
        with translation.override(settings.LANGUAGE_CODE):
            return self._write()

    def _write(self) -> tuple[Any, dict[str, Any], dict[str, str]]:
        entry, document = deepcopy(self.entry), dict(self.setting.document)
        for part in self.parts:
            part.write(entry, document)
        marks = {dotted(place): name for part in self.parts for place, name in part.places(entry)}
        if not self.place and not self.piece.table:
            entry = {key: entry[key] for key in self.piece.order if key in entry} | entry
        entry, whole = placed(self.piece, document, entry, self.place)
        return entry, whole, marks

    @property
    def code(self) -> str:
        """The entry's code, also of a new one; the part's name for a table."""
        if self.piece.table:
            return self.piece.name
        return self.place or free_entry_code(self.setting.document, self.piece.name, self.piece.stem)

    @property
    def document(self) -> dict[str, Any]:
        """The draft's document as it would be."""
        return self.written[1]

    def field_at(self, fault: SchemeError) -> str:
        """The field that a fault of the document is about; empty when it is about none."""
        own = path_of(self.piece, self.document, self.code)
        if not fault.path.startswith(own):
            return ""
        rest = fault.path.removeprefix(own).removeprefix(".")
        return nearest(self.written[2], rest) or self.written[2].get("", "")


def placed(piece: Piece, document: dict[str, Any], entry: Any, place: str) -> tuple[Any, dict[str, Any]]:
    """The entry, under a code if it is new, and the document with it."""
    if piece.table:
        return entry, put_part(document, piece.name, entry)
    code = place or free_entry_code(document, piece.name, piece.stem)
    if piece.name in LISTED:
        entry = entry if "code" in entry else {"code": code, **entry}
        code = str(entry["code"])
    return entry, put_entry(document, piece.name, entry, code=code, place=place)


def path_of(piece: Piece, document: dict[str, Any], code: str) -> str:
    """Where the entry stands in the document, as faults name it."""
    if piece.table:
        return "" if piece.keys else piece.name
    if piece.name in LISTED:
        return f"{piece.name}[{list(entries_of(document, piece.name)).index(code)}]"
    return f"{piece.name}.{code}"


def piece_editor_of(setting: Setting, piece: Piece, entry: Any, code: str) -> PieceEditor | None:
    """The form that holds everything that is written; None when it does not."""
    try:
        untouched = PieceEditor(setting, piece, entry, code)
        sent = PieceEditor(setting, piece, entry, code, untouched.as_data())
        if not sent.is_valid:
            return None
        as_it_is = placed(piece, dict(setting.document), entry, code)
        return untouched if (sent.written[0], sent.document) == as_it_is else None
    except (CannotShow, KeyError, TypeError, AttributeError, ValueError, InvalidDocument):
        return None
