"""A part of a scheme as it was sent, by form or as text: the document it would make, or what is wrong with it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import CannotShow, Setting
from kpi.forms.indicator.proposal import Proposal
from kpi.forms.indicator.shape import SOURCE
from kpi.forms.piece.editor import PieceEditor, piece_editor_of, placed
from kpi.forms.piece.kinds import GRADES, Piece
from kpi.scoring.editing import free_entry_code, part_entry, part_of
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.reading import read
from kpi.scoring.writing import written
from promotion.errors import Refused

FORM = "form"


class PieceText(forms.Form):
    """A part of a document as text."""

    text = forms.CharField(
        label=gettext_lazy("这一段的原文"),
        strip=False,
        required=False,
        max_length=128 * 1024,
        widget=forms.Textarea(attrs={"class": "scheme-text", "rows": 16, "spellcheck": "false"}),
    )

    def __init__(self, piece: Piece, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_of: Any = type(piece.empty())
        self.keys = piece.keys

    def clean_text(self) -> Any:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if not text.strip():
            return self.made_of()
        try:
            found: Any = read(text).value
        except InvalidDocument as invalid:
            raise forms.ValidationError([str(error) for error in invalid.errors]) from invalid
        if not isinstance(found, self.made_of):
            raise forms.ValidationError(
                _("这里应是一个列表，一行一个，以“- ”开头。")
                if self.made_of is list
                else _("这里应是“名称: 内容”，一行一个。")
            )
        if others := [str(key) for key in found if self.keys and key not in self.keys]:
            words = {"keys": "、".join(self.keys), "others": "、".join(others)}
            raise forms.ValidationError(_("这里只写 %(keys)s；%(others)s 请在草稿页它自己的地方改。") % words)
        return found


@dataclass(slots=True)
class PieceProposal(Proposal):
    """A part of a scheme in a page: `editor` by fields, `source` as text. `code` is empty for a new entry and for a table."""

    piece: Piece = GRADES

    @property
    def began(self) -> str:
        return written(self.entry) or "{}\n"

    @property
    def document(self) -> dict[str, Any]:
        if self.editor:
            return self.editor.document
        return placed(self.piece, dict(self.setting.document), self.sent, self.code)[1]

    @property
    def sent(self) -> Any:
        if self.editor:
            return self.editor.written[0]
        return self.source.cleaned_data["text"] if self.source else self.piece.empty()

    @property
    def item(self) -> str:
        """The code of the entry, that of a new one included; the part's name for a table."""
        if self.editor:
            return self.editor.code
        if self.piece.table:
            return self.piece.name
        own = self.sent.get("code") if self.source and self.source.is_valid() else None
        return str(
            own or self.code or free_entry_code(self.setting.document, self.piece.name, self.piece.stem)
        )

    @property
    def title(self) -> str:
        return str(self.piece.title if self.piece.table else self.sent.get("title", ""))

    @property
    def anchor(self) -> str:
        return self.item if self.piece.table else f"{self.piece.name}-{self.item}"

    @property
    def what(self) -> str:
        """What saving it does, for the trail of changes."""
        one = {"one": self.piece.one, "title": self.title}
        if self.piece.table:
            return _("修改%(one)s") % one
        return (_("修改%(one)s“%(title)s”") if self.code else _("增加%(one)s“%(title)s”")) % one

    def again(self, data: Any) -> "PieceProposal":
        """The same part with what was sent."""
        return sent(self.setting, self.piece, data, self.code)

    def turned(self, view: str) -> "PieceProposal":
        """What was sent in the other view: as text, or in fields where they hold it."""
        entry = self.sent
        return (as_text if view == "text" else shown)(self.setting, self.piece, entry, self.code)


def entry_of(setting: Setting, piece: Piece, code: str = "") -> Any:
    """What the draft has of a part, or of one entry of it. Raises KeyError for an entry that is not there."""
    if piece.table:
        return part_of(setting.document, piece.name) or piece.empty()
    return part_entry(setting.document, piece.name, code)


def shown(setting: Setting, piece: Piece, entry: Any, code: str = "") -> PieceProposal:
    """A part of the draft as a form, or as text where the form does not hold it."""
    editor = piece_editor_of(setting, piece, entry, code)
    if editor is None:
        return as_text(setting, piece, entry, code)
    return PieceProposal(setting, FORM, entry, code, editor=editor, piece=piece)


def begun(setting: Setting, piece: Piece, start: str) -> PieceProposal:
    """A new entry of a part. Raises KeyError for an unknown kind."""
    if start == SOURCE:
        return as_text(setting, piece, piece.start(piece.starts[0].name))
    entry = piece.start(start)
    return PieceProposal(setting, FORM, entry, editor=PieceEditor(setting, piece, entry), piece=piece)


def as_text(setting: Setting, piece: Piece, entry: Any, code: str = "") -> PieceProposal:
    """The same part as text."""
    source = PieceText(piece, initial={"text": written(entry) if entry else ""})
    return PieceProposal(setting, SOURCE, entry, code, source=source, piece=piece)


def sent(setting: Setting, piece: Piece, data: Any, code: str = "") -> PieceProposal:
    """What a page sent back: the entry it began with travels with it. Raises Refused for a torn one."""
    try:
        entry = read(data.get("began", "")).value
        if data.get("kind", SOURCE) == SOURCE:
            return PieceProposal(setting, SOURCE, entry, code, source=PieceText(piece, data), piece=piece)
        editor = PieceEditor(setting, piece, type(piece.empty())(entry), code, data)
        return PieceProposal(setting, FORM, entry, code, editor=editor, piece=piece)
    except (InvalidDocument, CannotShow, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Refused(_("页面送来的内容不完整，没有保存；请回到草稿页重新打开这一段。")) from problem
