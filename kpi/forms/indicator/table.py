"""The tables of an indicator: tiers by size, bands of a figure, places of a ranking."""

from collections.abc import Iterator
from decimal import Decimal
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
    exactly,
    free_key,
    main_measure,
    number_or_none,
    put,
    put_percent,
    read_number,
    read_percent,
)
from kpi.forms.indicator.rows import Row, RowSet
from kpi.forms.indicator.rule import POINTS
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import UNITS

ROWS = "bands"


class BandRow(Row):
    """From, to, points."""

    low = Number(label=gettext_lazy("从"), required=False)
    high = Number(label=gettext_lazy("到"), required=False)
    points = Number(label=gettext_lazy("得分"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low >= high:
            self.add_error("high", _("“到”要比“从”大。"))
        return cleaned


class TableForm(Part):
    """A table of bands, and nothing else."""

    heading = POINTS
    template = "kpi/parts/table.html"
    row: type[Row] = BandRow
    lead = gettext_lazy("“从”含本数，“到”不含；最下一档不填“从”，最上一档不填“到”。")

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        """The lines as they are in the document."""
        raise NotImplementedError

    def place_rows(self, entry: Entry, data: Any) -> None:
        self.rows = [RowSet(self.row, ROWS, self.lines(entry), data)]

    def marked(self, *path: str | int) -> Iterator[tuple[Place, str]]:
        """The first field of each line, for the entries of a list at the path."""
        for index, row in enumerate(self.rows[0].filled):
            yield (*path, index), row.add_prefix("low")


class TierForm(TableForm):
    """Size bands, each with points for every project in it."""

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        unknown = set(entry["rule"].get("points", {})) - {
            one["code"] for one in main_measure(entry).get("bands", [])
        }
        if unknown:
            raise CannotShow
        return {}

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        points = entry["rule"].get("points", {})
        return [
            {
                "was": band["code"],
                "low": read_number(band, "from"),
                "high": read_number(band, "to"),
                "points": read_number(points, band["code"]) or Decimal(0),
            }
            for band in main_measure(entry).get("bands", [])
        ]

    def write(self, entry: Entry, document: Entry) -> None:
        measure = main_measure(entry)
        before = {band["code"]: band for band in measure.get("bands", [])}
        given = entry["rule"].get("points", {})
        bands: list[Entry] = []
        points: Entry = {}
        for row in self.rows[0].filled:
            code = row.cleaned_data["was"]
            if code not in before:
                code = free_key({**before, **points}, "band")
            bands.append(
                band_of(
                    row.cleaned_data,
                    before.get(code, {"code": code}),
                    measure.get("amount_unit", "亿元"),
                )
            )
            if row.cleaned_data["points"] or code in given or code not in before:
                points[code] = given.get(code, 0)
                put(points, code, row.cleaned_data["points"])
        measure["bands"] = bands
        entry["rule"]["points"] = points

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        code = entry["rule"]["of"]
        yield from self.marked("measures", code, "bands")
        for row, band in zip(self.rows[0].filled, main_measure(entry)["bands"], strict=True):
            yield ("rule", "points", band["code"]), row.add_prefix("points")


class BandsForm(TableForm):
    """Points by the band in which the completion, or the figure itself, lies."""

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        if "cap_ratio" in entry["rule"]:
            raise CannotShow
        return {}

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        read = read_percent if "target" in entry["rule"] else read_number
        return [
            {
                "was": index,
                "low": read(band, "from"),
                "high": read(band, "to"),
                "points": read_number(band, "points"),
            }
            for index, band in enumerate(entry["rule"].get("bands", []))
        ]

    def write(self, entry: Entry, document: Entry) -> None:
        rule = entry["rule"]
        before = rule.get("bands", [])
        ratio = "target" in rule
        unit = "%" if ratio else main_measure(entry).get("unit", "个")
        bands = []
        for row in self.rows[0].filled:
            was = row.cleaned_data["was"]
            known = was.isascii() and was.isdigit() and int(was) < len(before)
            band = band_of(row.cleaned_data, before[int(was)] if known else {}, unit, ratio=ratio)
            put(band, "points", row.cleaned_data["points"])
            bands.append(band)
        rule["bands"] = bands

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from self.marked("rule", "bands")
        for index, row in enumerate(self.rows[0].filled):
            yield ("rule", "bands", index, "points"), row.add_prefix("points")


def band_of(cleaned: dict[str, Any], before: Entry, unit: str, *, ratio: bool = False) -> Entry:
    """A band as it was, or with new ends and a title made from them."""
    scale = Decimal(100) if ratio else Decimal(1)
    ends = {"from": cleaned["low"], "to": cleaned["high"]}
    same = all(
        (number_or_none(before[key]) if key in before else None) == (None if value is None else value / scale)
        for key, value in ends.items()
    )
    if same and before.get("title"):
        return dict(before)
    found = {**before, "title": band_title(cleaned["low"], cleaned["high"], unit)}
    for key, value in ends.items():
        if ratio:
            put_percent(found, key, value)
        else:
            put(found, key, None if value is None else exactly(value))
    return found


def band_title(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """The ends in words: 1—10 亿元, 10 亿元以上."""
    space = "" if unit == "%" else " " if unit in UNITS or unit else ""
    if low is None and high is None:
        return _("全部")
    if low is None:
        return _("%(number)s以下") % {"number": f"{plain(high or Decimal(0))}{space}{unit}"}
    if high is None:
        return _("%(number)s以上") % {"number": f"{plain(low)}{space}{unit}"}
    return f"{plain(low)}—{plain(high)}{space}{unit}"


class PlaceRow(Row):
    """From place to place, points."""

    low = forms.IntegerField(label=gettext_lazy("从第几名"), min_value=1)
    high = forms.IntegerField(label=gettext_lazy("到第几名"), min_value=1)
    points = Number(label=gettext_lazy("得分"))


class PlacesForm(TableForm):
    """Points by the place in the group."""

    row = PlaceRow
    lead = gettext_lazy("名次从 1 开始，一段接一段；其余名次另填。")

    otherwise = Number(
        label=gettext_lazy("其余名次得几分"), required=False, help_text=gettext_lazy("不填时列为待定")
    )
    first = forms.ChoiceField(
        label=gettext_lazy("怎样算好"),
        choices=(("highest", gettext_lazy("越大越好")), ("lowest", gettext_lazy("越小越好"))),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        rule = entry["rule"]
        return {"otherwise": read_number(rule, "otherwise"), "first": rule.get("first", "highest")}

    def lines(self, entry: Entry) -> list[dict[str, Any]]:
        return [
            {"was": index, "low": band["from"], "high": band["to"], "points": read_number(band, "points")}
            for index, band in enumerate(entry["rule"].get("bands", []))
        ]

    def write(self, entry: Entry, document: Entry) -> None:
        rule = entry["rule"]
        before = rule.get("bands", [])
        bands = []
        for row in self.rows[0].filled:
            cleaned = row.cleaned_data
            was = cleaned["was"]
            band = (
                dict(before[int(was)]) if was.isascii() and was.isdigit() and int(was) < len(before) else {}
            )
            band |= {"from": cleaned["low"], "to": cleaned["high"]}
            put(band, "points", cleaned["points"])
            bands.append(band)
        rule["bands"] = bands
        put(rule, "otherwise", self.cleaned_data["otherwise"])
        if self.cleaned_data["first"] != "highest" or "first" in rule:
            rule["first"] = self.cleaned_data["first"]

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from self.marked("rule", "bands")
        yield ("rule", "otherwise"), "otherwise"
