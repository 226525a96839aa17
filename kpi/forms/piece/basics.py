"""What a scheme says of itself: title, first day, source, marks in all, rounding, how time is counted; and what was assumed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import Entry, Number, Part, Place, put, put_usual, read_number
from kpi.forms.indicator.rows import Row
from kpi.forms.piece.tables import TablePart
from kpi.scoring.rounding import Rounding

USUAL = Rounding()


class BasicsForm(Part):
    """The lines at the head of a scheme."""

    heading = gettext_lazy("基本信息")
    template = "kpi/parts/basics.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    source = forms.CharField(
        label=gettext_lazy("依据"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("例如：文件名和文号"),
    )
    holds_from = forms.DateField(
        label=gettext_lazy("施行日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    total_marks = Number(
        label=gettext_lazy("满分合计"),
        required=False,
        help_text=gettext_lazy("写了就会核对各项满分加起来是不是这个数；不填就不核对"),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("什么时候取舍"),
        choices=(
            ("total", gettext_lazy("只在总分上取舍")),
            ("item", gettext_lazy("各项先取舍再相加")),
        ),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("怎么取舍"),
        choices=(
            ("half_up", gettext_lazy("四舍五入")),
            ("half_even", gettext_lazy("四舍六入五成双")),
            ("up", gettext_lazy("进一")),
            ("down", gettext_lazy("去尾")),
        ),
    )
    digits = forms.IntegerField(label=gettext_lazy("保留几位小数"), min_value=0, max_value=12)
    elapsed_by = forms.ChoiceField(
        label=gettext_lazy("时序进度怎么算"),
        choices=(
            ("days", gettext_lazy("按过去的天数：6 月 30 日是 181/365")),
            ("months", gettext_lazy("按过完的整月：6 月 30 日是 6/12，6 月 29 日是 5/12")),
        ),
        help_text=gettext_lazy("年度任务到今天应完成多少；只影响按时序比的指标、门槛和奖项"),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        rounding = entry.get("rounding", {})
        return {
            "title": entry.get("title", ""),
            "source": entry.get("source", ""),
            "holds_from": date.fromisoformat(entry["holds_from"]) if "holds_from" in entry else None,
            "total_marks": read_number(entry, "total_marks"),
            "when": rounding.get("when", USUAL.when),
            "mode": rounding.get("mode", USUAL.mode),
            "digits": rounding.get("digits", USUAL.digits),
            "elapsed_by": entry.get("elapsed_by", "days"),
        }

    def prepare(self, entry: Entry) -> None:
        """A scheme that names no first day holds from the first of the year."""
        if "holds_from" not in entry:
            self.initial["holds_from"] = self.first_of_year

    @property
    def first_of_year(self) -> date:
        return date(self.setting.scheme.year, 1, 1)

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        put_usual(entry, "holds_from", cleaned["holds_from"].isoformat(), self.first_of_year.isoformat())
        put(entry, "source", cleaned["source"] or None)
        put(entry, "total_marks", cleaned["total_marks"])
        before, rounding = self.read(entry), ("digits", "mode", "when")
        if any(cleaned[key] != before[key] for key in rounding):
            entry["rounding"] = entry.get("rounding", {}) | {key: cleaned[key] for key in rounding}
        put_usual(entry, "elapsed_by", cleaned["elapsed_by"], "days")

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        for key in ("title", "source", "holds_from", "total_marks", "elapsed_by"):
            yield (key,), key
        for key in ("digits", "mode", "when"):
            yield ("rounding", key), key


class AssumptionRow(Row):
    """Something that was chosen because the source gives no figure."""

    text = forms.CharField(
        label=gettext_lazy("设定"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssumptionsForm(TablePart):
    """What the author chose because the source gives no figure (设定)."""

    heading = gettext_lazy("设定")
    name, row = "assumptions", AssumptionRow
    lead = gettext_lazy(
        "依据里没有写、由起草人选定的，一行一句，发布前请人确认。只作说明，不改变得分；全部删空就没有设定。"
    )

    def lines(self, entry: Any) -> list[dict[str, Any]]:
        return [{"was": index, "text": text} for index, text in enumerate(entry)]

    def write(self, entry: Any, document: Entry) -> None:
        entry[:] = [row.cleaned_data["text"].replace("\r\n", "\n") for row in self.rows[0].filled]

    def places(self, entry: Any) -> Iterator[tuple[Place, str]]:
        for index, row in enumerate(self.rows[0].filled):
            yield (index,), row.add_prefix("text")
