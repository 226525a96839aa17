"""The parts of a scheme that are one table: sections, categories, exchange rates, grades."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import (
    Entry,
    Number,
    Part,
    Place,
    free_key,
    missing,
    number_or_none,
    put,
    put_percent,
    read_number,
    read_percent,
)
from kpi.forms.indicator.rows import Row, RowSet
from kpi.forms.piece.listing import REPEATED
from kpi.scoring.rounding import plain
from projects.models import Currency


class NamedRow(Row):
    """A line with a name."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)


class SectionRow(NamedRow):
    """A section and how much it weighs."""

    weight = Number(label=gettext_lazy("权重（%）"), min_value=0, max_value=100)


class TablePart(Part):
    """A table that is the whole part, or most of it; without a line the part is gone."""

    template = "kpi/parts/table.html"
    lead: Any = ""
    name = ""
    row: type[Row] = NamedRow

    def lines(self, entry: Any) -> list[dict[str, Any]]:
        """The lines as they are in the document."""
        raise NotImplementedError

    def place_rows(self, entry: Any, data: Any) -> None:
        self.rows = [RowSet(self.row, self.name, self.lines(entry), data, blank=2, needed=False)]

    def whole(self) -> bool:
        """No two lines of one name, either."""
        if not super().whole():
            return False
        if "title" not in self.row.base_fields:
            return True
        names = [row.cleaned_data["title"] for row in self.rows[0].filled]
        for row in self.rows[0].filled:
            if names.count(row.cleaned_data["title"]) > 1:
                row.add_error("title", REPEATED)
        return len(set(names)) == len(names)

    def codes(self, entry: Entry, stem: str) -> list[str]:
        """The code of each line: the one it was read from, or a new one."""
        found: list[str] = []
        for row in self.rows[0].filled:
            was = row.cleaned_data["was"]
            taken = {**entry, **dict.fromkeys(found)}
            found.append(was if was in entry and was not in found else free_key(taken, stem))
        return found


class SectionsForm(TablePart):
    """Sections (一级指标) with their weights."""

    heading = gettext_lazy("分项")
    name, row = "sections", SectionRow
    lead = gettext_lazy("权重合计 100%；每项指标归哪个分项、占几成，在那一项里选。全部删空就不再分项。")

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        return [
            {"was": code, "title": one["title"], "weight": read_percent(one, "weight")}
            for code, one in entry.items()
        ]

    def write(self, entry: Entry, document: Entry) -> None:
        before, codes = deepcopy(entry), self.codes(entry, "section")
        entry.clear()
        for code, row in zip(codes, self.rows[0].filled, strict=True):
            entry[code] = {**before.get(code, {}), "title": row.cleaned_data["title"]}
            put_percent(entry[code], "weight", row.cleaned_data["weight"])

    def total(self) -> str:
        """What the weights add up to, in per cent."""
        return plain(sum((row.cleaned_data["weight"] for row in self.rows[0].filled), Decimal(0)))

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        for code, row in zip(entry, self.rows[0].filled, strict=True):
            yield (code,), row.add_prefix("title")
            yield (code, "weight"), row.add_prefix("weight")


class CategoriesForm(TablePart):
    """Classes of subject (分类考核), and what counts for one that changes its class."""

    heading = gettext_lazy("考核类别")
    name = "kinds"
    lead = gettext_lazy("各类的权重和目标可以不同；谁属于哪一类在“考评录入”里登记。全部删空就不再分类。")

    when_changed = forms.ChoiceField(
        label=gettext_lazy("年中换了类别的"),
        choices=(
            ("as_of", gettext_lazy("按截至日的类别算")),
            ("start", gettext_lazy("按年初的类别算")),
            ("time_weighted", gettext_lazy("按两类的天数分别算")),
        ),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {"when_changed": entry.get("when_changed", "as_of")}

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        return [{"was": code, "title": title} for code, title in entry.get("kinds", {}).items()]

    def write(self, entry: Entry, document: Entry) -> None:
        codes = self.codes(entry.get("kinds", {}), "class")
        titles = [row.cleaned_data["title"] for row in self.rows[0].filled]
        if not titles:
            entry.clear()
            return
        entry["when_changed"] = self.cleaned_data["when_changed"]
        entry["kinds"] = dict(zip(codes, titles, strict=True))

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        for code, row in zip(entry.get("kinds", {}), self.rows[0].filled, strict=True):
            yield ("kinds", code), row.add_prefix("title")


class RateRow(Row):
    """A currency and its rate for the year."""

    currency = forms.ChoiceField(label=gettext_lazy("币种"))
    rate = Number(label=gettext_lazy("1 单位折合元"), min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [one for one in Currency.choices if one[0] != Currency.CNY]
        held = self.initial.get("currency") or self.data.get(self.add_prefix("currency"))
        others = [(held, held)] if held and held not in dict(known) else []
        self.fields["currency"] = forms.ChoiceField(
            label=_("币种"), choices=[("", _("请选择")), *known, *others]
        )


class ExchangeForm(TablePart):
    """At which rate (汇率) foreign amounts become 元."""

    heading = gettext_lazy("汇率")
    template = "kpi/parts/exchange.html"
    name, row = "rates", RateRow

    how = forms.ChoiceField(
        label=gettext_lazy("外币金额怎么折成元"),
        required=False,
        widget=forms.RadioSelect,
        choices=(
            ("", gettext_lazy("细则不管：按申报时折算的元")),
            ("day", gettext_lazy("按到账那天的汇率")),
            ("fixed", gettext_lazy("全年一个汇率")),
        ),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {"how": entry.get("rate", "")}

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        return [
            {"was": code, "currency": code, "rate": number_or_none(rate)}
            for code, rate in entry.get("fixed", {}).items()
        ]

    def whole(self) -> bool:
        """A rate for the year is written down, once for each currency."""
        if self.is_bound and self.data.get("how") != "fixed":
            return self.is_valid()
        if not super().whole():
            return False
        table = self.rows[0]
        codes = [row.cleaned_data["currency"] for row in table.filled]
        if not codes:
            table.message = _("请写明各币种的汇率。")
        for row in table.filled:
            if codes.count(row.cleaned_data["currency"]) > 1:
                row.add_error("currency", REPEATED)
        return bool(codes) and len(set(codes)) == len(codes)

    def write(self, entry: Entry, document: Entry) -> None:
        how = self.cleaned_data["how"]
        if not how:
            entry.clear()
            return
        before = entry.get("fixed", {})
        entry["rate"] = how
        if how == "day":
            entry.pop("fixed", None)
            return
        entry["fixed"] = {}
        for row in self.rows[0].filled:
            code = row.cleaned_data["currency"]
            entry["fixed"] |= {code: before[code]} if code in before else {}
            put(entry["fixed"], code, row.cleaned_data["rate"])

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield ("rate",), "how"
        if entry.get("rate") == "fixed":
            for row in self.rows[0].filled:
                yield ("fixed", row.cleaned_data["currency"]), row.add_prefix("rate")


BY = (
    ("from", gettext_lazy("总分不低于")),
    ("first", gettext_lazy("名次在前")),
    ("rest", gettext_lazy("其余都是")),
)


class GradeRow(NamedRow):
    """A grade: its name, by total or by place, and how much."""

    usual = ("by",)
    by = forms.ChoiceField(label=gettext_lazy("条件"), choices=BY)
    number = Number(label=gettext_lazy("几分或几名"), required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        by, number = cleaned.get("by"), cleaned.get("number")
        if by in {"from", "first"} and number is None and "number" not in self.errors:
            self.add_error("number", missing(_("请写几分或几名；其余都是这一等的，条件选“其余都是”。")))
        if by == "first" and number is not None and (number < 1 or number != number.to_integral_value()):
            self.add_error("number", _("名次是 1、2、3 这样的整数。"))
        return cleaned


class GradesForm(TablePart):
    """Grades (等次), best first."""

    heading = gettext_lazy("等次")
    name, row = "grades", GradeRow
    lead = gettext_lazy(
        "从高到低一行一等，先够哪一等就是哪一等；最后一行可以选“其余都是”。全部删空就不评等次。"
    )

    def lines(self, entry: Any) -> list[dict[str, Any]]:
        return [
            {
                "was": index,
                "title": one["title"],
                "by": next((by for by in ("from", "first") if by in one), "rest"),
                "number": read_number(one, "from") if "from" in one else read_number(one, "first"),
            }
            for index, one in enumerate(entry)
        ]

    def write(self, entry: Any, document: Entry) -> None:
        before, renamed = deepcopy(entry), {}
        entry.clear()
        for row in self.rows[0].filled:
            cleaned, was = row.cleaned_data, row.cleaned_data["was"]
            known = was.isascii() and was.isdigit() and int(was) < len(before)
            one = dict(before[int(was)]) if known else {}
            if known and one["title"] != cleaned["title"]:
                renamed[one["title"]] = cleaned["title"]
            one["title"] = cleaned["title"]
            for by in ("from", "first"):
                put(one, by, cleaned["number"] if cleaned["by"] == by else None)
            entry.append(one)
        _rename(document, renamed)

    def places(self, entry: Any) -> Iterator[tuple[Place, str]]:
        for index, row in enumerate(self.rows[0].filled):
            yield (index,), row.add_prefix("title")
            yield (index, "from"), row.add_prefix("number")
            yield (index, "first"), row.add_prefix("number")


def _rename(document: Entry, renamed: dict[str, str]) -> None:
    """Let the gates that name a grade follow its new name."""
    gates = []
    for gate in document.get("gates", ()):
        moved = {
            way: renamed.get(grade, grade) if isinstance(grade, str) else grade
            for way, grade in gate.get("grade", {}).items()
        }
        gates.append({**gate, "grade": moved} if "grade" in gate else gate)
    if renamed and gates:
        document["gates"] = gates
