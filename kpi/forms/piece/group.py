"""A group (分组): who is ranked with whom, by what, and what parts equal ones."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.facts import in_order
from kpi.forms.indicator.part import CannotShow, Entry, Part, Place, checked, missing, put, put_usual
from kpi.queries.roster import CREDITED_KINDS
from kpi.queries.unit import unit_kinds
from kpi.queries.words import kind_words
from kpi.scoring.scheme import Scheme

TIES = ("tie_1", "tie_2", "tie_3")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


class GroupForm(Part):
    """The kinds of subject in a group, and how it is ranked."""

    heading = gettext_lazy("分组")
    template = "kpi/parts/group.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    subjects = checked(gettext_lazy("谁和谁比"))
    others = forms.CharField(
        label=gettext_lazy("另加参评单位的类别"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("外单位登记时写的参评类别，如 town；几类用顿号隔开"),
    )
    rank_by = forms.ChoiceField(label=gettext_lazy("按什么排名"))
    tie_1 = forms.ChoiceField(label=gettext_lazy("同分先比"), required=False)
    tie_2 = forms.ChoiceField(label=gettext_lazy("再比"), required=False)
    tie_3 = forms.ChoiceField(label=gettext_lazy("还相同再比"), required=False)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        ties = entry.get("tie_breakers", [])
        if len(ties) > len(TIES):
            raise CannotShow
        return {
            "title": entry.get("title", ""),
            "subjects": entry.get("subjects", []),
            "rank_by": entry.get("rank_by", "total"),
            **dict(zip(TIES, ties, strict=False)),
        }

    def prepare(self, entry: Entry) -> None:
        own = entry.get("subjects", [])
        known = dict.fromkeys([*CREDITED_KINDS, *unit_kinds(), *own])
        self.fields["subjects"] = checked(
            _("谁和谁比"),
            [(kind, kind_words(kind)) for kind in known],
            _("勾在一起的互相排名；一类对象只能在一个分组里"),
        )
        items = item_choices(self.setting.scheme)
        self.fields["rank_by"] = forms.ChoiceField(
            label=_("按什么排名"), choices=[("total", _("总分")), *items]
        )
        for name in TIES:
            label = self.fields[name].label
            choices = [("", _("不再比，名次并列")), *items]
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = [one for one in re.split(r"[、,，;；\s]+", cleaned.get("others", "")) if one]
        if wrong := [one for one in others if not CODE.fullmatch(one)]:
            self.add_error("others", _("“%(word)s”不能作类别：用英文字母开头的代码。") % {"word": wrong[0]})
        cleaned["subjects"] = list(dict.fromkeys([*cleaned.get("subjects", []), *others]))
        if not cleaned["subjects"]:
            self.add_error("subjects", missing(_("请至少勾一类对象。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        entry["subjects"] = in_order(entry.get("subjects", ()), cleaned["subjects"])
        put_usual(entry, "rank_by", cleaned["rank_by"], "total")
        ties = list(dict.fromkeys(cleaned[name] for name in TIES if cleaned[name]))
        if ties != entry.get("tie_breakers", []):
            put(entry, "tie_breakers", ties or None)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (((name,), name) for name in ("title", "subjects", "rank_by"))
        yield from ((("tie_breakers", index), name) for index, name in enumerate(TIES))


def item_choices(scheme: Scheme) -> list[tuple[str, str]]:
    """The indicators of the draft."""
    return [(one.code, one.title) for one in scheme.indicators]
