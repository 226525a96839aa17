"""A gate of the whole scheme (门槛): what it asks, of whom, and what follows beside the score."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator import counted
from kpi.forms.indicator.facts import OWN_UNITS
from kpi.forms.indicator.gate import OPERATORS
from kpi.forms.indicator.part import Entry, Number, Part, Place, checked, free_key, missing, put, put_percent
from kpi.forms.indicator.rows import Row, RowSet
from kpi.forms.piece import asked
from kpi.forms.piece.asked import GIVEN, Asked

TABLE = "asks"
COMPARISONS = (*OPERATORS, ("ne", gettext_lazy("不等于")))


class GateHeadForm(Part):
    """What the gate is called, and for whom it is."""

    heading = gettext_lazy("这个门槛")
    template = "kpi/parts/gate_head.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    clause = forms.CharField(label=gettext_lazy("条款"), max_length=60, required=False)
    applies_to = checked(gettext_lazy("适用"))

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {name: entry.get(name, "") for name in ("title", "clause")} | {
            "applies_to": entry.get("applies_to", [])
        }

    def prepare(self, entry: Entry) -> None:
        groups = [(code, group.title) for code, group in self.setting.scheme.groups.items()]
        others = [(code, code) for code in entry.get("applies_to", ()) if code not in dict(groups)]
        self.fields["applies_to"] = checked(_("适用"), [*groups, *others], _("都不选就是全部对象"))

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        put(entry, "clause", cleaned["clause"] or None)
        kept = [code for code in entry.get("applies_to", ()) if code in cleaned["applies_to"]]
        put(entry, "applies_to", [*kept, *(one for one in cleaned["applies_to"] if one not in kept)] or None)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (((name,), name) for name in self.fields)


class AskRow(Row):
    """What is looked at, and the number it is held against."""

    usual = ("operator",)
    of = forms.ChoiceField(label=gettext_lazy("看什么"))
    only = forms.ChoiceField(label=gettext_lazy("只算"), required=False)
    operator = forms.ChoiceField(label=gettext_lazy("条件"), choices=COMPARISONS)
    than = Number(label=gettext_lazy("数"))

    def offer(self, choices: counted.Choices) -> None:
        """What can be asked in this draft."""
        self.fields["of"] = forms.ChoiceField(label=_("看什么"), choices=choices)
        self.fields["only"] = forms.ChoiceField(label=_("只算"), required=False, choices=counted.only())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        counts = cleaned.get("of", "").partition(":")[0] in {"projects", "count", *counted.ADDS_UP}
        if cleaned.get("only") and not counts:
            self.add_error("only", _("“只算”用于件数和金额；看得分、名次、完成率时请选“不限”。"))
        return cleaned


class AsksForm(Part):
    """The comparisons of a gate: all of them, or any."""

    heading = gettext_lazy("什么情况")
    template = "kpi/parts/asks.html"

    join = forms.ChoiceField(
        label=gettext_lazy("有几条时"),
        required=False,
        choices=(("all", gettext_lazy("几条同时成立才算")), ("any", gettext_lazy("任一条成立就算"))),
    )
    given_title = forms.CharField(
        label=gettext_lazy("新的填报数叫什么"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("由一人录入、另一人确认，例如：营商环境投诉"),
    )
    given_unit = forms.ChoiceField(
        label=gettext_lazy("单位"), required=False, choices=[(one, one) for one in (*OWN_UNITS, "%")]
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {"join": _joined(entry.get("if", {}))[0] or "all", "given_unit": "个"}

    def place_rows(self, entry: Entry, data: Any) -> None:
        self.before = [] if "if" not in entry else _joined(entry["if"])[1]
        self.shown = [asked.read(one, entry, self.setting) for one in self.before]
        lines = [
            {"was": index, "of": one.of, "only": one.only, "operator": one.operator, "than": one.than}
            for index, one in enumerate(self.shown)
        ]
        table = RowSet(AskRow, TABLE, lines, data, blank=1)
        offered = asked.choices(self.setting, entry.get("measures", {}))
        for row in table.forms:
            if isinstance(row, AskRow):
                row.offer(offered)
        self.rows = [table]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = any(str(self.data.get(row.add_prefix("of"))) == GIVEN for row in self.rows[0].forms)
        if chosen and not cleaned.get("given_title"):
            self.add_error("given_title", missing(_("请写新的填报数叫什么。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        measures = deepcopy(entry.get("measures", {}))
        conditions = [self._condition(row.cleaned_data, measures) for row in self.rows[0].filled]
        used = {one["of"] for one in conditions if "of" in one}
        dropped = {one["of"] for one in self.before if "of" in one} - used
        kept = {code: one for code, one in measures.items() if code not in dropped}
        put(entry, "measures", kept or ({} if "measures" in entry else None))
        entry["if"] = self._whole(conditions, entry.get("if", {}))

    def _condition(self, row: dict[str, Any], measures: dict[str, Entry]) -> Entry:
        """One comparison; one that was not touched stays as it is written."""
        was = row["was"]
        known = was.isascii() and was.isdigit() and int(was) < len(self.before)
        found = Asked(row["of"], row["operator"], row["than"], row["only"])
        if known and self.shown[int(was)] == found:
            return self.before[int(was)]
        before = self.before[int(was)] if known else {}
        if known and (self.shown[int(was)].of, self.shown[int(was)].only) == (found.of, found.only):
            # The same figure against another number: what is counted stays as it is.
            kept = {key: value for key, value in before.items() if key != "title"}
            kept["operator"] = found.operator
            (put_percent if found.of.startswith("rate") else put)(kept, "than", found.than)
            return kept
        if found.of == GIVEN:
            code = free_key(measures, "reported")
            measures[code] = {"title": self.cleaned_data["given_title"]}
            if self.cleaned_data["given_unit"] not in ("", "个"):
                measures[code]["unit"] = self.cleaned_data["given_unit"]
            return asked.write(
                Asked(f"{asked.OWN}:{code}", found.operator, found.than), measures, self.setting
            )
        return asked.write(found, measures, self.setting)

    def _whole(self, conditions: list[Entry], before: Mapping[str, Any]) -> Entry:
        join, _parts = _joined(before)
        if len(conditions) == 1 and (not join or len(self.before) > 1):
            return conditions[0]
        join = self.cleaned_data["join"] or "all"
        title = {"title": before["title"]} if "title" in before and join in before else {}
        return {join: conditions, **title}

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        join, _parts = _joined(entry["if"])
        for index, row in enumerate(self.rows[0].filled):
            at: Place = ("if", join, index) if join else ("if",)
            yield at, row.add_prefix("of")
        yield ("measures",), "given_title"


def _joined(condition: Mapping[str, Any]) -> tuple[str, list[Entry]]:
    """How the comparisons of a condition are joined, and which they are; a single one is joined by nothing."""
    for join in ("all", "any"):
        if join in condition:
            return join, list(condition[join])
    return "", [dict(condition)]


MOVES = (
    ("", gettext_lazy("不影响等次")),
    ("up", gettext_lazy("上调几档")),
    ("down", gettext_lazy("下调几档")),
    ("at_most", gettext_lazy("等次最高为")),
    ("at_least", gettext_lazy("等次最低为")),
    ("set", gettext_lazy("等次定为")),
)


class EffectsForm(Part):
    """What follows beside the score: no awards, a card, another grade."""

    heading = gettext_lazy("成立以后")
    template = "kpi/parts/effects.html"

    bars = forms.ChoiceField(
        label=gettext_lazy("评奖资格"),
        required=False,
        choices=(
            ("", gettext_lazy("不影响评奖")),
            ("all", gettext_lazy("取消全部评奖资格")),
            ("some", gettext_lazy("取消某几个奖的资格")),
        ),
    )
    bars_some = checked(gettext_lazy("哪几个奖"))
    card = forms.CharField(
        label=gettext_lazy("亮牌或上榜"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("例如：黄牌、红牌、红榜、黑榜；不亮就不填"),
    )
    move = forms.ChoiceField(label=gettext_lazy("等次"), required=False, choices=MOVES)
    move_steps = forms.IntegerField(label=gettext_lazy("几档"), required=False, min_value=1, max_value=9)
    move_grade = forms.ChoiceField(label=gettext_lazy("哪一等"), required=False)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        bars = entry.get("bars", "")
        way, value = next(iter(entry.get("grade", {}).items()), ("", None))
        steps = way in {"up", "down"}
        return {
            "bars": "some" if isinstance(bars, list) else bars,
            "bars_some": bars if isinstance(bars, list) else [],
            "card": entry.get("card", ""),
            "move": way,
            "move_steps": value if steps else None,
            "move_grade": "" if steps else value or "",
        }

    def prepare(self, entry: Entry) -> None:
        scheme = self.setting.scheme
        awards = [(one.code, one.title) for one in scheme.awards if not one.warning]
        others = [(code, code) for code in self.initial["bars_some"] if code not in dict(awards)]
        self.fields["bars_some"] = checked(_("哪几个奖"), [*awards, *others])
        grades = [(one.title, one.title) for one in scheme.grades]
        none = _("请选择") if grades else _("还没有等次，请先写“等次”")
        known = [*grades, *([(self.initial["move_grade"],) * 2] if self._odd_grade(grades) else [])]
        self.fields["move_grade"] = forms.ChoiceField(
            label=_("哪一等"), required=False, choices=[("", none), *known]
        )

    def _odd_grade(self, grades: list[tuple[str, str]]) -> bool:
        return bool(self.initial["move_grade"]) and self.initial["move_grade"] not in dict(grades)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("bars") or cleaned.get("card") or cleaned.get("move")) and not self.errors:
            self.add_error("bars", missing(_("请至少选一种后果：取消评奖、亮牌，或调整等次。")))
        if cleaned.get("bars") == "some" and not cleaned.get("bars_some"):
            self.add_error("bars_some", missing(_("请至少勾一个奖。")))
        if cleaned.get("move") in {"up", "down"} and cleaned.get("move_steps") is None:
            self.add_error("move_steps", missing(_("请写调几档。")))
        if cleaned.get("move") in {"at_most", "at_least", "set"} and not cleaned.get("move_grade"):
            self.add_error("move_grade", missing(_("请选哪一等。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        some = entry["bars"] if isinstance(entry.get("bars"), list) else []
        kept = [code for code in some if code in cleaned["bars_some"]]
        chosen = [*kept, *(code for code in cleaned["bars_some"] if code not in kept)]
        put(entry, "bars", {"all": "all", "some": chosen}.get(cleaned["bars"]))
        put(entry, "card", cleaned["card"] or None)
        way = cleaned["move"]
        value = cleaned["move_steps"] if way in {"up", "down"} else cleaned["move_grade"]
        put(entry, "grade", {way: value} if way else None)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield ("bars",), "bars"
        yield ("card",), "card"
        yield ("grade",), "move"
        yield (), "bars"
