"""What the gates of a scheme ask: plain choices, each of which stands for one comparison of a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpi.forms.indicator import counted
from kpi.forms.indicator.part import CannotShow, Entry, Setting, exactly, free_key, number_or_none
from kpi.scoring.rounding import plain

TOTAL = "total"
GIVEN = "given"
OWN = "own"


@dataclass(frozen=True, slots=True)
class Asked:
    """One comparison as the form shows it: `of` and `only` are choices, `than` a number, in per cent where `of` is a rate."""

    of: str
    operator: str
    than: Decimal
    only: str = ""


def choices(setting: Setting, measures: Mapping[str, Entry]) -> counted.Choices:
    """What can be asked for: points, places, completions, the gate's own figures, what is counted, what is reported."""
    items = [(TOTAL, _("总分")), *((one.code, one.title) for one in setting.scheme.indicators)]
    rates = [
        (f"rate:{one.code}", _("%(title)s的完成率（%%）") % {"title": one.title})
        for one in setting.scheme.indicators
        if one.progress is not None
    ]
    own = [
        (f"{OWN}:{code}", f"{one['title']}（{one.get('unit', '个')}）")
        for code, one in measures.items()
        if counted.choice_of(one) is None
    ]
    found: counted.Choices = [("", _("请选择"))]
    groups: counted.Choices = [
        (_("本门槛的数"), own),
        (_("得分"), [(f"points:{code}", _("%(title)s得分") % {"title": title}) for code, title in items]),
        (_("完成率"), rates),
        (_("名次"), [(f"place:{code}", _("%(title)s第几名") % {"title": title}) for code, title in items]),
        (_("倒数"), [(f"last:{code}", _("%(title)s倒数第几名") % {"title": title}) for code, title in items]),
        *counted.pieces(),
        *counted.sums(),
        (_("人填的数"), [(GIVEN, _("新的填报数，写在下面"))]),
    ]
    return found + [group for group in groups if group[1]]


def read(condition: Mapping[str, Any], entry: Entry, setting: Setting) -> Asked:
    """The comparison as choices. Raises CannotShow for one that no choice makes."""
    than = number_or_none(condition.get("than"))
    if than is None or not set(condition) <= {"of", "target", "value", "operator", "than", "title"}:
        raise CannotShow
    operator = condition["operator"]
    if "value" in condition:
        return Asked(_read_value(condition["value"]), operator, than)
    code = condition.get("of")
    measure = entry.get("measures", {}).get(code) if isinstance(code, str) else None
    if measure is None or "computed" in measure:
        raise CannotShow
    if "target" in condition:
        return Asked(_read_rate(measure, condition["target"], setting), operator, than * 100)
    chosen = counted.choice_of(measure)
    of, only = chosen or (f"{OWN}:{code}", "")
    return Asked(of, operator, than, only)


def _read_value(value: Mapping[str, Any]) -> str:
    """A number of points, or a place by them."""
    if set(value) <= {"kind", "item"} and value["kind"] == "item":
        return f"points:{value['item']}"
    inner = value.get("part", {})
    if (
        value["kind"] != "rank"
        or not set(value) <= {"kind", "part", "first"}
        or set(inner) != {"kind", "item"}
    ):
        raise CannotShow
    return f"{'last' if value.get('first') == 'lowest' else 'place'}:{inner['item']}"


def _read_rate(measure: Entry, target: str, setting: Setting) -> str:
    for one in setting.document["indicators"]:
        if progress := one.get("progress"):
            same = one["measures"].get(progress["of"]) == measure
            if same and progress["target"] == target:
                return f"rate:{one['code']}"
    raise CannotShow


def write(asked: Asked, measures: dict[str, Entry], setting: Setting) -> Entry:
    """The comparison of a document; what it counts is put among the measures."""
    way, _sign, rest = asked.of.partition(":")
    compared: Entry = {"operator": asked.operator, "than": exactly(asked.than)}
    if way == "points":
        return {"value": {"kind": "item", "item": rest}, **compared}
    if way in {"place", "last"}:
        rank: Entry = {"kind": "rank", "part": {"kind": "item", "item": rest}}
        return {"value": rank | ({"first": "lowest"} if way == "last" else {}), **compared}
    if way == "rate":
        return {**_rate(rest, measures, setting), **compared, "than": f"{plain(asked.than)}%"}
    if way == OWN:
        return {"of": rest, **compared}
    share = "amount" if way in counted.ADDS_UP else "none"
    code = free_key(measures, rest)
    measures[code] = counted.measure_of(asked.of, asked.only, share=share)
    return {"of": code, **compared}


def _rate(indicator: str, measures: dict[str, Entry], setting: Setting) -> Entry:
    """The completion that the indicator's bar shows, with a copy of what it counts."""
    one = next(each for each in setting.document["indicators"] if each["code"] == indicator)
    of, target = one["progress"]["of"], one["progress"]["target"]
    measure = one["measures"][of]
    code = next((key for key, each in measures.items() if each == measure), "") or free_key(measures, of)
    measures[code] = measure
    return {"of": code, "target": target}
