"""Several completions weighted into one."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator import counted
from kpi.forms.indicator.part import CannotShow, Entry, Number, Place, free_key, put_percent, read_percent
from kpi.forms.indicator.rows import Row, RowSet
from kpi.forms.indicator.rule import RulePart
from kpi.forms.indicator.terms import measure_at
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import kind_of_unit

TABLE = "ratios"


class RatioRow(Row):
    """What is counted, the target it is held against, and how much it weighs."""

    counted = forms.ChoiceField(label=gettext_lazy("计什么"))
    target = forms.ChoiceField(label=gettext_lazy("目标任务"))
    weight = Number(label=gettext_lazy("权重（%）"), min_value=0, max_value=100)

    def offer(self, targets: list[tuple[str, Any]]) -> None:
        """The targets of the draft."""
        pieces = [("", _("请选择")), *counted.sums_in_any_unit(), *counted.pieces()]
        self.fields["counted"] = forms.ChoiceField(label=_("计什么"), choices=pieces)
        self.fields["target"] = forms.ChoiceField(label=_("目标任务"), choices=[("", _("请选择")), *targets])


class MeanForm(RulePart):
    """The completions in a table, and the points of them all."""

    names = ("points",)
    template = "kpi/parts/table.html"
    lead = gettext_lazy("权重合计 100%；金额按目标的单位计。")

    points = Number(label=gettext_lazy("全部完成得几分"))

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        for ratio in entry["rule"].get("ratios", ()):
            measure = measure_at(entry, ratio)
            chosen = counted.choice_of(measure, any_unit=True)
            share = "amount" if measure.get("aggregate") == "sum" else "points"
            odd = (
                set(measure) & {"roles", "once", "at_most", "period"}
                or measure.get("share", "points") != share
            )
            if "target" not in ratio or chosen is None or chosen[1] or odd:
                raise CannotShow
        return super().read(entry)

    def place_rows(self, entry: Entry, data: Any) -> None:
        table = RowSet(RatioRow, TABLE, self._lines(entry), data)
        targets = [
            (code, f"{target.title}（{target.unit}）") for code, target in self.setting.scheme.targets.items()
        ]
        for row in table.forms:
            if isinstance(row, RatioRow):
                row.offer(targets)
        self.rows = [table]

    def _lines(self, entry: Entry) -> list[dict[str, Any]]:
        found = []
        for ratio in entry["rule"].get("ratios", ()):
            choice, _condition = counted.choice_of(measure_at(entry, ratio), any_unit=True) or ("", "")
            weight = read_percent(ratio, "weight")
            found.append({"was": ratio["of"], "counted": choice, "target": ratio["target"], "weight": weight})
        return found

    def whole(self) -> bool:
        """The weights add up, too."""
        found = super().whole()
        if found:
            found = self._same_units()
        if found:
            total = sum((row.cleaned_data["weight"] for row in self.rows[0].filled), Decimal(0))
            if total != 100:
                self.rows[0].message = _("权重合计为 %(total)s%%，应为 100%%。") % {"total": plain(total)}
                return False
        return found

    def _same_units(self) -> bool:
        """Money is held against money, dollars against dollars, people against people, pieces against pieces."""
        found = True
        for row in self.rows[0].filled:
            choice, unit = (
                row.cleaned_data["counted"],
                self.setting.scheme.targets[row.cleaned_data["target"]].unit,
            )
            wanted = {"usd": "美元", "sum": "元", "people": "人"}.get(choice.partition(":")[0], "")
            if kind_of_unit(unit) not in ((wanted,) if wanted else ("", "人")):
                row.add_error("target", _("单位不一致：这个目标的单位是%(unit)s。") % {"unit": unit})
                found = False
        return found

    def write(self, entry: Entry, document: Entry) -> None:
        super().write(entry, document)
        before = {ratio["of"]: ratio for ratio in entry["rule"].get("ratios", ())}
        measures = dict(entry["measures"])
        ratios = [self._ratio(row.cleaned_data, before, measures) for row in self.rows[0].filled]
        kept = {ratio["of"] for ratio in ratios}
        entry["measures"] = {
            code: one for code, one in measures.items() if code in kept or code not in before
        }
        entry["rule"]["ratios"] = ratios
        if "code" not in entry:
            entry["progress"] = {"of": ratios[0]["of"], "target": ratios[0]["target"]}

    def _ratio(self, row: dict[str, Any], before: dict[str, Entry], measures: dict[str, Entry]) -> Entry:
        code, choice, target = row["was"], row["counted"], row["target"]
        if code not in before:
            code = free_key(measures, choice.partition(":")[2])
        measure = dict(measures.get(code, {}))
        if (counted.choice_of(measure, any_unit=True) or ("",))[0] != choice:
            share = "amount" if choice.startswith(counted.ADDS_UP) else ""
            measure = counted.measure_of(choice, share=share)
        if choice.startswith(counted.ADDS_UP):
            measure["unit"] = self.setting.scheme.targets[target].unit
        measures[code] = measure
        ratio = {**before.get(code, {}), "of": code, "target": target}
        put_percent(ratio, "weight", row["weight"])
        return ratio

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from super().places(entry)
        for index, row in enumerate(self.rows[0].filled):
            yield ("rule", "ratios", index), row.add_prefix("counted")
            yield ("rule", "ratios", index, "target"), row.add_prefix("target")
