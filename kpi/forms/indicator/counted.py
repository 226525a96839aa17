"""What can be counted, under plain names: each choice stands for one measure (度量) of a document."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kpi.scoring.facts import FACT_KINDS
from projects.models import (
    AchievementKind,
    CapitalSource,
    Channel,
    IncidentReason,
    Industry,
    Park,
    ProjectClass,
    WinLevel,
)

MILESTONES = ("signed", "registered", "started", "completed", "produced")
MONEY = ("increase", "paid_in", "fixed_asset", "output", "tax")
PEOPLE = ("jobs",)
EVENTS = ("win", "incident")
#: The ways of a choice that add up, and by which field where it is not the amount in 元.
ADDS_UP = ("sum", "usd", "people")
FIELDS: Mapping[str, str] = {"usd": "amount_usd", "people": "people"}
#: The attributes a filter may name, with their values.
ATTRIBUTES: Mapping[str, Any] = {
    "level": WinLevel,
    "reason": IncidentReason,
    "capital_source": CapitalSource,
    "project_class": ProjectClass,
    "industry": Industry,
    "park": Park,
    "channel": Channel,
}
Choices = list[tuple[str, Any]]


def kind_label(kind: str) -> str:
    return str(dict(AchievementKind.choices).get(kind, kind))


def kinds() -> Choices:
    """The kinds of fact, under the names of the product."""
    return [(kind, kind_label(kind)) for kind in FACT_KINDS]


def attribute_labels() -> dict[str, str]:
    return {
        "level": _("争取级别"),
        "reason": _("扣分事由"),
        "capital_source": _("资金来源"),
        "project_class": _("项目等级"),
        "industry": _("产业"),
        "park": _("园区"),
        "channel": _("来源渠道"),
    }


def pieces() -> Choices:
    """What counts piece by piece: projects, or events."""
    projects = [(f"projects:{kind}", _("%(kind)s项目") % {"kind": kind_label(kind)}) for kind in MILESTONES]
    events = [
        (f"count:{kind}", _("%(kind)s（次）") % {"kind": kind_label(kind)})
        for kind in (*EVENTS, *MILESTONES, *MONEY, *PEOPLE)
    ]
    return [(_("项目数，同一项目只算一个"), projects), (_("次数，一次算一个"), events)]


def sums_in_any_unit() -> Choices:
    """What adds up: money and people, in the unit of what it is held against."""
    found = [(f"sum:{kind}", _("%(kind)s合计") % {"kind": kind_label(kind)}) for kind in MONEY]
    people = [(f"people:{kind}", _("%(kind)s合计") % {"kind": kind_label(kind)}) for kind in PEOPLE]
    return [(_("金额"), [*found, ("usd:paid_in", _("外资到账合计"))]), (_("人数"), people)]


def sums() -> Choices:
    """What adds up: money and people, in a unit of its own."""
    found = [(f"sum:{kind}", _("%(kind)s合计（万元）") % {"kind": kind_label(kind)}) for kind in MONEY]
    people = [(f"people:{kind}", _("%(kind)s合计（人）") % {"kind": kind_label(kind)}) for kind in PEOPLE]
    return [(_("金额"), [*found, ("usd:paid_in", _("外资到账合计（万美元）"))]), (_("人数"), people)]


def only() -> Choices:
    """One condition on a fact, such as 级别：国家级."""
    labels = attribute_labels()
    return [
        ("", _("不限")),
        *(
            (labels[name], [(f"{name}={v}", label) for v, label in kind.choices])
            for name, kind in ATTRIBUTES.items()
        ),
    ]


def label_of(choice: str, condition: str = "") -> str:
    """A short title for what is counted."""
    if condition:
        name, _sign, value = condition.partition("=")
        return str(dict(ATTRIBUTES[name].choices).get(value, value))
    way, _sign, kind = choice.partition(":")
    return kind_label(kind) if way == "count" else _flat([*pieces(), *sums()]).get(choice, kind_label(kind))


def _flat(groups: Choices) -> dict[str, str]:
    return {value: str(label) for _group, options in groups for value, label in options}


def unit_of(choice: str) -> str:
    way, _sign, kind = choice.partition(":")
    return {"sum": "万元", "usd": "万美元", "people": "人", "projects": "个"}.get(
        way, {"win": "项", "incident": "次"}.get(kind, "个")
    )


def measure_of(choice: str, condition: str = "", *, share: str = "") -> dict[str, Any]:
    """The measure that a choice stands for, with its usual title and unit."""
    way, _sign, kind = choice.partition(":")
    found: dict[str, Any] = {
        "title": label_of(choice, condition),
        "facts": [kind],
        "aggregate": {"projects": "count_projects", "count": "count"}.get(way, "sum"),
        "unit": unit_of(choice),
    }
    if way in FIELDS:
        found["field"] = FIELDS[way]
    if share and share != "points":
        found["share"] = share
    if condition:
        name, _sign, value = condition.partition("=")
        found["where"] = [{"attribute": name, "operator": "eq", "value": value}]
    return found


def choice_of(measure: Mapping[str, Any], *, any_unit: bool = False) -> tuple[str, str] | None:
    """The choice and the condition that a measure is; None for a measure that no choice makes."""
    facts, where = measure.get("facts", ()), measure.get("where", ())
    if len(facts) != 1 or len(where) > 1:
        return None
    condition = ""
    for one in where:
        values = one.get("value")
        values = [values] if one["operator"] == "eq" else values
        if one["operator"] not in {"eq", "in"} or not isinstance(values, list) or len(values) != 1:
            return None
        condition = f"{one['attribute']}={values[0]}"
    ways = {"count_projects": "projects", "count": "count", "sum": "sum"}
    way = ways.get(measure.get("aggregate", ""), "")
    if way == "sum":
        way = next((one for one, field in FIELDS.items() if measure.get("field") == field), way)
    choice = f"{way}:{facts[0]}"
    known = _flat([*pieces(), *sums()])
    right_unit = any_unit or way in {"projects", "count"} or measure.get("unit") == unit_of(choice)
    return (choice, condition) if choice in known and right_unit else None
