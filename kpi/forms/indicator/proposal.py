"""An indicator as it was sent, by form or as text: the document it would make, or what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kpi.forms.indicator.editor import Editor, editor_of
from kpi.forms.indicator.part import CannotShow, Entry, Setting
from kpi.forms.indicator.shape import SHAPES, SOURCE
from kpi.forms.indicator.source import BEGIN, EntryForm
from kpi.scoring.editing import free_code, put_indicator
from kpi.scoring.entries import InvalidDocument, SchemeError
from kpi.scoring.reading import read
from kpi.scoring.writing import written
from promotion.errors import Refused


@dataclass(slots=True)
class Proposal:
    """The form of one indicator in a page: `editor` by fields, `source` as text. `code` is empty for a new one."""

    setting: Setting
    kind: str
    entry: Entry
    code: str = ""
    editor: Any = None
    source: Any = None
    faults: Sequence[SchemeError] = field(default_factory=tuple)

    @property
    def began(self) -> str:
        """The entry that the fields are written into, as it travels with the page."""
        return written(self.entry)

    @property
    def is_valid(self) -> bool:
        """Whether the fields, or the text, can be read at all."""
        return self.editor.is_valid if self.editor else bool(self.source and self.source.is_valid())

    @property
    def document(self) -> dict[str, Any]:
        """The draft's document with the indicator as it was sent."""
        if self.editor:
            return self.editor.document
        entry = self.sent
        if not self.code:
            entry = {"code": free_code(self.setting.document, "item"), **entry}
        return put_indicator(self.setting.document, entry, code=self.code)

    @property
    def sent(self) -> Entry:
        """The entry as it was sent."""
        if self.editor:
            return self.editor.written[0]
        entry: Entry = self.source.cleaned_data["text"] if self.source else {}
        return entry

    @property
    def item(self) -> str:
        """The code of the indicator, a new one included."""
        if self.editor:
            return self.editor.code
        return str(self.sent.get("code") or free_code(self.setting.document, "item"))

    @property
    def title(self) -> str:
        return str(self.sent.get("title", ""))

    @property
    def anchor(self) -> str:
        """Where the draft's page shows it."""
        return self.item

    @property
    def what(self) -> str:
        """What saving it does, for the trail of changes."""
        words = _("修改指标“%(title)s”") if self.code else _("增加指标“%(title)s”")
        return words % {"title": self.title}

    def again(self, data: Any) -> "Proposal":
        """The same indicator with what was sent."""
        return sent(self.setting, data, self.code)

    def turned(self, view: str) -> "Proposal":
        """What was sent in the other view: as text, or in fields where they hold it."""
        return (as_text if view == "text" else shown)(self.setting, self.sent, self.code)

    def refuse(self, faults: Sequence[SchemeError]) -> None:
        """Note the faults of the document, and mark the fields they are about."""
        self.faults = faults
        if self.editor:
            self.editor.mark(self.marks())
        elif self.source:
            for fault in faults:
                self.source.add_error("text", str(fault))

    def marks(self) -> dict[str, str]:
        """The faults by field; those of no field are left out."""
        found: dict[str, str] = {}
        for fault in self.faults:
            name = self.editor.field_at(fault) if self.editor else "text"
            if name:
                found[name] = " ".join(one for one in (found.get(name, ""), fault.message) if one)
        return found


def shown(setting: Setting, entry: Entry, code: str = "") -> Proposal:
    """An indicator of the draft as a form, or as text where no form holds it."""
    editor = editor_of(setting, entry)
    if editor is not None:
        return Proposal(setting, editor.shape.name, entry, code, editor=editor)
    return as_text(setting, entry, code)


def begun(setting: Setting, kind: str) -> Proposal:
    """A new indicator of a kind. Raises KeyError for an unknown one."""
    if kind == SOURCE:
        form = EntryForm(initial={"text": BEGIN})
        return Proposal(setting, SOURCE, read(BEGIN).value, source=form)
    shape = SHAPES[kind]
    return Proposal(setting, kind, shape.start(), editor=Editor(setting, shape, shape.start()))


def as_text(setting: Setting, entry: Entry, code: str = "") -> Proposal:
    """The same indicator as text."""
    return Proposal(setting, SOURCE, entry, code, source=EntryForm(initial={"text": written(entry)}))


def named(data: Any, title: str) -> Any:
    """What was sent, under a title where none was written yet: a name is not needed to try an indicator."""
    if data.get("kind", SOURCE) == SOURCE or data.get("title", "").strip():
        return data
    changed = data.copy()
    changed["title"] = title
    return changed


def sent(setting: Setting, data: Any, code: str = "") -> Proposal:
    """What a page sent back: its kind and the entry it began with travel with it. Raises Refused for a torn one."""
    kind = data.get("kind", SOURCE)
    try:
        entry = read(data.get("began", "")).value
        if kind == SOURCE:
            return Proposal(setting, SOURCE, entry, code, source=EntryForm(data))
        return Proposal(setting, kind, entry, code, editor=Editor(setting, SHAPES[kind], entry, data))
    except (InvalidDocument, CannotShow, KeyError, TypeError, AttributeError) as problem:
        raise Refused(_("页面送来的内容不完整，没有保存；请回到草稿页重新打开这一项。")) from problem
