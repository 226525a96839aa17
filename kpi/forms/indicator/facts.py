"""Which facts an indicator counts: kinds, how they add up, whose share, and what is left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator import counted
from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Number,
    Part,
    Place,
    checked,
    exactly,
    main_code,
    main_measure,
    missing,
    number_or_none,
    put,
    put_usual,
)
from kpi.scoring.periods import MEASURED
from projects.models import CreditRole

MONEY_UNITS = ("亿元", "万元", "元", "亿美元", "万美元", "美元")
PEOPLE_UNITS = ("人", "万人")
#: Units of what is measured on a fact, where it is not money in 元.
FIELDS = {
    **{unit: "amount_usd" for unit in MONEY_UNITS if "美元" in unit},
    **dict.fromkeys(PEOPLE_UNITS, "people"),
}
PIECE_UNITS = ("个", "项", "次", "家", "分")
#: Reported by people (填报) instead of counted.
GIVEN = "given"
OWN_UNITS = (*PIECE_UNITS, *PEOPLE_UNITS, *MONEY_UNITS)
COUNTING = (
    ("count_projects", gettext_lazy("项目数：同一项目只算一个")),
    ("count", gettext_lazy("次数：一次算一个")),
    ("sum", gettext_lazy("金额或人数：加起来")),
    (GIVEN, gettext_lazy("由人填报：系统不计，录入并经另一人确认后算")),
)
COUNTED = {
    "facts",
    "aggregate",
    "amount_unit",
    "field",
    "share",
    "roles",
    "once",
    "period",
    "at_most",
    "where",
}
SHARES = (
    ("points", gettext_lazy("整件来算，再乘各人的份额")),
    ("amount", gettext_lazy("金额先按份额分，各人只算自己那部分")),
    ("none", gettext_lazy("不分份额，参与就算一整件")),
)
ONCE = (
    ("no", gettext_lazy("每次都算")),
    ("first", gettext_lazy("只算第一次")),
    ("highest", gettext_lazy("只算金额最高的一次")),
)
EACH = (
    ("", gettext_lazy("不限")),
    ("month", gettext_lazy("每月")),
    ("quarter", gettext_lazy("每季度")),
    ("half_year", gettext_lazy("每半年")),
    ("year", gettext_lazy("每年")),
)


class FactsForm(Part):
    """What is counted. `fixed` is the way of adding up where the rule leaves no choice."""

    heading = gettext_lazy("计什么")
    template = "kpi/parts/facts.html"
    fixed = ""

    counted_title = forms.CharField(
        label=gettext_lazy("叫什么"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("不填就用事实的名称"),
    )
    facts = checked(gettext_lazy("事实"))
    counting = forms.ChoiceField(label=gettext_lazy("怎么加"), choices=COUNTING, widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=gettext_lazy("件数或填报数的单位"))
    money_unit = forms.ChoiceField(
        label=gettext_lazy("金额或人数的单位"), choices=[(one, one) for one in (*MONEY_UNITS, *PEOPLE_UNITS)]
    )
    amount_from = Number(label=gettext_lazy("金额或人数不低于"), required=False)
    investors = forms.ChoiceField(
        label=gettext_lazy("投资方"),
        required=False,
        help_text=gettext_lazy(
            "名单在“名单”一栏里写；企业的全称、曾用名、英文名、集团或信用代码在名单上就算"
        ),
    )
    amount_to = Number(label=gettext_lazy("金额或人数低于"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("时段"), required=False)
    share = forms.ChoiceField(label=gettext_lazy("份额"), choices=SHARES, widget=forms.RadioSelect)
    roles = checked(gettext_lazy("只算哪些角色"), CreditRole.choices, gettext_lazy("都不选就是全部角色"))
    once = forms.ChoiceField(label=gettext_lazy("同一项目"), choices=ONCE, widget=forms.RadioSelect)
    limit_each = forms.ChoiceField(label=gettext_lazy("次数限制"), choices=EACH, required=False)
    limit_count = forms.IntegerField(label=gettext_lazy("最多几次"), required=False, min_value=1)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        measure = main_measure(entry)
        if "computed" in measure:
            raise CannotShow
        given = "code" in entry and "facts" not in measure
        aggregate = GIVEN if given else measure.get("aggregate", "count_projects")
        summed = aggregate == "sum"
        limit = measure.get("at_most", {})
        return {
            "counted_title": measure.get("title", ""),
            "facts": measure.get("facts", []),
            "counting": aggregate,
            "unit": "个" if summed else measure.get("unit", "个"),
            "money_unit": measure.get("unit", "亿元") if summed else measure.get("amount_unit", "亿元"),
            "period": measure.get("period", ""),
            "share": measure.get("share", "points"),
            "roles": measure.get("roles", []),
            "once": measure.get("once", "no"),
            "limit_each": limit.get("each", ""),
            "limit_count": limit.get("count"),
            **_read_filters(measure.get("where", [])),
        }

    def prepare(self, entry: Entry) -> None:
        self.fields["facts"] = checked(_("事实"), _with(counted.kinds(), self.initial["facts"]))
        self.need("facts", when=self.data.get("counting") != GIVEN)
        labels = counted.attribute_labels()
        for name, kind in counted.ATTRIBUTES.items():
            self.fields[f"only_{name}"] = checked(
                labels[name], _with(kind.choices, self.initial[f"only_{name}"])
            )
        periods = [("", _("全年"))] + [(code, one.title) for code, one in MEASURED.items() if code != "year"]
        self.fields["period"] = forms.ChoiceField(
            label=_("时段"), required=False, choices=_with(periods, [self.initial["period"]])
        )
        unit = self.initial["unit"]
        self.fields["unit"] = forms.ChoiceField(
            label=_("件数或填报数的单位"), choices=_with([(one, one) for one in OWN_UNITS], [unit])
        )
        self.fields["investors"] = forms.ChoiceField(
            label=_("投资方"),
            required=False,
            choices=_with(_lists(self.setting.document), [self.initial["investors"]]),
            help_text=self.fields["investors"].help_text,
        )
        if self.fixed:
            del self.fields["counting"]

    def only(self) -> list[forms.BoundField]:
        """The fields that leave facts out by an attribute."""
        return [self[f"only_{name}"] for name in counted.ATTRIBUTES]

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out, so that the page shows these fields at once."""
        names = (
            "amount_from",
            "amount_to",
            "period",
            "investors",
            *(f"only_{name}" for name in counted.ATTRIBUTES),
        )
        return any(self[name].value() for name in names)

    @property
    def shared_oddly(self) -> bool:
        """Whether shares, roles or repetitions are other than usual."""
        usual = {"share": {"points", "amount"}, "once": {"no", "highest"}}
        return bool(self["roles"].value() or self["limit_each"].value()) or any(
            self[name].value() not in known for name, known in usual.items()
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        counting = self.fixed or cleaned.get("counting")
        if counting in {"count", "count_projects"} and cleaned.get("share") == "amount":
            self.add_error("share", _("计件数时没有金额可分：请选“再乘各人的份额”或“不分份额”。"))
        if bool(cleaned.get("limit_each")) != (cleaned.get("limit_count") is not None):
            self.add_error("limit_count", missing(_("限制次数要写清每多久、最多几次。")))
        by_size = counting in {"sum", "tiers"} or cleaned.get("amount_from") is not None
        if by_size and cleaned.get("facts") and cleaned.get("money_unit"):
            counts_people = set(cleaned["facts"]) <= set(counted.PEOPLE)
            if counts_people != (cleaned["money_unit"] in PEOPLE_UNITS):
                self.add_error("money_unit", _("新增就业按人数计，单位选“人”；其他事实按金额计。"))
        low, high = cleaned.get("amount_from"), cleaned.get("amount_to")
        if low is not None and high is not None and low >= high:
            self.add_error("amount_to", _("“低于”的数要比“不低于”的大。"))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned, code = self.cleaned_data, main_code(entry)
        measure: Entry = entry["measures"].setdefault(code, {})
        counting = self.fixed or cleaned["counting"]
        named = "、".join(map(counted.kind_label, cleaned["facts"])) or _("填报数")
        measure["title"] = cleaned["counted_title"] or named
        if counting == GIVEN:
            self._write_given(measure)
            return
        measure["facts"] = in_order(measure.get("facts", ()), cleaned["facts"])
        measure["aggregate"] = counting
        self._write_units(measure, counting)
        put(measure, "period", cleaned["period"] or None)
        put_usual(measure, "share", cleaned["share"], "points")
        put(measure, "roles", in_order(measure.get("roles", ()), cleaned["roles"]) or None)
        put_usual(measure, "once", cleaned["once"], "no")
        limit = {"each": cleaned["limit_each"], "count": cleaned["limit_count"]}
        put(measure, "at_most", limit if cleaned["limit_each"] else None)
        put(measure, "where", _filters(measure.get("where", []), cleaned) or None)

    def _write_given(self, measure: Entry) -> None:
        """A figure that people report has a name and a unit, and nothing that counts."""
        unit = self.cleaned_data["unit"]
        for key in COUNTED & set(measure):
            del measure[key]
        put_usual(measure, "unit", unit, "个")

    def _write_units(self, measure: Entry, counting: str) -> None:
        money = self.cleaned_data["money_unit"]
        if counting == "sum":
            measure["unit"] = money
            measure.pop("amount_unit", None)
        else:
            put_usual(measure, "unit", self.cleaned_data["unit"], "个")
            put_usual(measure, "amount_unit", money, "亿元")
        if counting in {"sum", "tiers"} or self.cleaned_data["amount_from"] is not None:
            put_usual(measure, "field", FIELDS.get(money, "amount"), "amount")

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        at: Place = ("measures", main_code(entry))
        yield at, "facts"
        yield (*at, "unit"), "money_unit"
        yield (*at, "amount_unit"), "money_unit"
        # The only fault of a target that lies here: money in another unit than the target's.
        yield ("progress",), "money_unit"


class TierFactsForm(FactsForm):
    """Facts that are told apart by their size."""

    fixed = "tiers"


def _with(choices: Any, present: Any) -> list[tuple[str, Any]]:
    """The choices, and what the document has beside them."""
    known = list(choices)
    return known + [(one, one) for one in present if one and one not in dict(known)]


def _lists(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The lists of the draft: each as it holds on the day of the fact, and each version by itself."""
    found: list[tuple[str, Any]] = [("", _("不限"))]
    for code, one in document.get("lists", {}).items():
        found.append((code, _("在《%(title)s》上（按当日有效的一版）") % {"title": one["title"]}))
        for version in one["versions"]:
            words = {"title": one["title"], "version": version}
            found.append((f"{code}/{version}", _("在《%(title)s》%(version)s 版上") % words))
    return found


def _list_choice(one: Entry) -> str:
    return f"{one['list']}/{one['version']}" if "version" in one else one["list"]


def _list_filter(choice: str) -> Entry:
    code, _sign, version = choice.partition("/")
    found: Entry = {"attribute": "investor", "operator": "on_list", "list": code}
    return {**found, "version": version} if version else found


def in_order(before: Any, after: list[str]) -> list[str]:
    """The values in the order they were in, new ones last."""
    kept = [one for one in before if one in after]
    return [*kept, *(one for one in after if one not in kept)]


def _read_filters(where: list[Entry]) -> dict[str, Any]:
    found: dict[str, Any] = {f"only_{name}": [] for name in counted.ATTRIBUTES}
    found |= {"amount_from": None, "amount_to": None, "investors": ""}
    for one in where:
        name = one["attribute"]
        if name == "investor" and one["operator"] == "on_list" and not found["investors"]:
            found["investors"] = _list_choice(one)
            continue
        if name == "amount" and one["operator"] in {"gte", "lt"}:
            field = "amount_from" if one["operator"] == "gte" else "amount_to"
        elif name in counted.ATTRIBUTES and one["operator"] in {"eq", "in"}:
            field = f"only_{name}"
        else:
            raise CannotShow
        if found[field]:
            raise CannotShow
        value = one.get("value")
        found[field] = (
            number_or_none(value) if name == "amount" else value if isinstance(value, list) else [value]
        )
    return found


def _filters(before: list[Entry], cleaned: dict[str, Any]) -> list[Entry]:
    """The conditions, those that stay with their reasons and in their places."""
    wanted: dict[tuple[str, str], Any] = {}
    for operator, name in (("gte", "amount_from"), ("lt", "amount_to")):
        if cleaned[name] is not None:
            wanted["amount", operator] = cleaned[name]
    for name in counted.ATTRIBUTES:
        if cleaned[f"only_{name}"]:
            wanted[name, "in"] = cleaned[f"only_{name}"]
    found = []
    listed = [_list_filter(cleaned["investors"])] if cleaned["investors"] else []
    for one in before:
        if one["operator"] == "on_list":
            if listed and _list_choice(one) == cleaned["investors"]:
                found.append(one)
                listed = []
            continue
        operator = "in" if one["operator"] == "eq" else one["operator"]
        value = wanted.pop((one["attribute"], operator), None)
        if value is not None:
            found.append(_kept(one, value))
    return [*found, *(_new(name, operator, value) for (name, operator), value in wanted.items()), *listed]


def _kept(one: Entry, value: Any) -> Entry:
    """A condition that is there, with its value as it is now."""
    before = one.get("value")
    if isinstance(value, list):
        same = set(value) == set(before if isinstance(before, list) else [before])
        return one if same else {**one, **_new(one["attribute"], "in", value)}
    return one if number_or_none(before) == value else {**one, "value": exactly(value)}


def _new(name: str, operator: str, value: Any) -> Entry:
    if not isinstance(value, list):
        return {"attribute": name, "operator": operator, "value": exactly(value)}
    if len(value) == 1:
        return {"attribute": name, "operator": "eq", "value": value[0]}
    return {"attribute": name, "operator": "in", "value": value}
