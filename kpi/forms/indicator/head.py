"""The head of an indicator: title, clause, section, marks and their limits, for whom."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Number,
    Part,
    Place,
    checked,
    missing,
    put,
    put_percent,
    read_number,
    read_percent,
)

CAPS = (
    ("full_marks", gettext_lazy("按满分封顶")),
    ("none", gettext_lazy("不封顶")),
    ("points", gettext_lazy("另定封顶分")),
    ("multiple", gettext_lazy("满分的若干倍")),
)


class HeadForm(Part):
    """What an indicator is called, how much it is worth, and for whom."""

    heading = gettext_lazy("这一项")
    template = "kpi/parts/head.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    clause = forms.CharField(
        label=gettext_lazy("条款"), max_length=60, required=False, help_text=gettext_lazy("例如：第六条")
    )
    section = forms.ChoiceField(label=gettext_lazy("分项"), required=False)
    weight = Number(label=gettext_lazy("权重（%）"), required=False, min_value=0, max_value=100)
    full_marks = Number(label=gettext_lazy("满分"), required=False, min_value=0)
    cap = forms.ChoiceField(label=gettext_lazy("封顶"), choices=CAPS)
    cap_number = Number(label=gettext_lazy("封顶分或倍数"), required=False)
    floor = Number(
        label=gettext_lazy("最低分"), required=False, help_text=gettext_lazy("不填表示可以扣到负数")
    )
    applies_to = checked(gettext_lazy("适用"))
    report_only = forms.BooleanField(label=gettext_lazy("只通报，不计入总分"), required=False)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        if isinstance(entry.get("weight"), Mapping):
            raise CannotShow
        cap = entry.get("cap", "full_marks" if "full_marks" in entry or "code" not in entry else "none")
        if isinstance(cap, Mapping):
            chosen, limit = "multiple", read_number(cap, "multiple")
        elif isinstance(cap, str):
            chosen, limit = cap, None
        else:
            chosen, limit = "points", read_number(entry, "cap")
        return {
            "title": entry.get("title", ""),
            "clause": entry.get("clause", ""),
            "section": entry.get("section", ""),
            "weight": read_percent(entry, "weight"),
            "full_marks": read_number(entry, "full_marks"),
            "cap": chosen,
            "cap_number": limit,
            "floor": read_number(entry, "floor"),
            "applies_to": entry.get("applies_to", []),
            "report_only": entry.get("report_only", False),
        }

    def prepare(self, entry: Entry) -> None:
        scheme = self.setting.scheme
        if scheme.sections:
            sections = [(code, one.title) for code, one in scheme.sections.items()]
            self.fields["section"] = forms.ChoiceField(
                label=_("分项"), required=False, choices=[("", _("不归分项")), *sections]
            )
        else:
            del self.fields["section"]
            if "weight" not in entry:
                del self.fields["weight"]
        groups = [(code, group.title) for code, group in scheme.groups.items()]
        others = [(code, code) for code in entry.get("applies_to", ()) if code not in scheme.groups]
        self.need("cap_number", when=self.data.get("cap") in {"points", "multiple"})
        self.fields["applies_to"] = checked(_("适用"), [*groups, *others], _("都不选就是全部对象"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cap, full = cleaned.get("cap"), cleaned.get("full_marks")
        if cap in {"full_marks", "multiple"} and full is None and "full_marks" not in self.errors:
            self.add_error("full_marks", missing(_("要按满分封顶，请先写满分；没有满分就选“不封顶”。")))
        if full is not None and full <= 0:
            self.add_error("full_marks", _("满分应大于 0。"))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        put(entry, "clause", cleaned["clause"] or None)
        if "section" in self.fields:
            put(entry, "section", cleaned["section"] or None)
        if "weight" in self.fields:
            put_percent(entry, "weight", cleaned["weight"])
        put(entry, "full_marks", cleaned["full_marks"])
        self._write_cap(entry)
        put(entry, "floor", cleaned["floor"])
        order = [code for code in entry.get("applies_to", ()) if code in cleaned["applies_to"]]
        put(
            entry, "applies_to", [*order, *(one for one in cleaned["applies_to"] if one not in order)] or None
        )
        put(entry, "report_only", True if cleaned["report_only"] else None)

    def _write_cap(self, entry: Entry) -> None:
        cap, limit = self.cleaned_data["cap"], self.cleaned_data["cap_number"]
        usual = "none" if self.cleaned_data["full_marks"] is None else "full_marks"
        if cap in {"full_marks", "none"}:
            put(entry, "cap", None if cap == usual and "cap" not in entry else cap)
        elif cap == "points":
            put(entry, "cap", limit)
        else:
            held = entry["cap"] if isinstance(entry.get("cap"), Mapping) else {}
            entry["cap"] = dict(held)
            put(entry["cap"], "multiple", limit)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (((name,), name) for name in self.fields if name != "cap_number")
