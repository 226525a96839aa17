"""The gate of an indicator (门槛): reached before anything counts, or struck and everything is lost."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
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
    Setting,
    exactly,
    free_key,
    holder,
    main_measure,
    missing,
    number_or_none,
    put,
    read_number,
)
from kpi.scoring.rounding import plain

NEED, VETO = "need", "veto"
OPERATORS = (
    ("gte", gettext_lazy("不少于")),
    ("gt", gettext_lazy("多于")),
    ("lte", gettext_lazy("不多于")),
    ("lt", gettext_lazy("少于")),
    ("eq", gettext_lazy("等于")),
)
OWN, RATIO = "own", "ratio"


class GateForm(Part):
    """A condition and what follows for this indicator. It stands around the rule, so it is taken off before the rule is read."""

    heading = gettext_lazy("门槛")
    template = "kpi/parts/gate.html"

    gate = forms.ChoiceField(
        label=gettext_lazy("这一项有没有门槛"),
        required=False,
        choices=(
            ("", gettext_lazy("没有门槛")),
            (NEED, gettext_lazy("达到才计分")),
            (VETO, gettext_lazy("出现就否决（一票否决）")),
        ),
    )
    gate_of = forms.ChoiceField(label=gettext_lazy("看什么"), required=False)
    gate_operator = forms.ChoiceField(label=gettext_lazy("条件"), required=False, choices=OPERATORS)
    gate_than = Number(label=gettext_lazy("数量"), required=False, help_text=gettext_lazy("完成率填百分数"))
    gate_points = Number(
        label=gettext_lazy("否则（或否决后）本项得几分"),
        required=False,
        help_text=gettext_lazy("“达到才计分”不填时，没达到的列为待定"),
    )

    def __init__(self, setting: Setting, entry: Entry, data: Any = None) -> None:
        self.found = entry.get("gate form", {})
        super().__init__(setting, entry, data)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        usual = {"gate": "", "gate_of": "projects:started", "gate_operator": "gte", "gate_points": Decimal(0)}
        taken: dict[str, Any] = entry.get("gate form", {})
        return usual | {key: value for key, value in taken.items() if key.startswith("gate")}

    def prepare(self, entry: Entry) -> None:
        own: list[tuple[str, Any]] = []
        try:
            title = main_measure(entry).get("title") or _("数量")
            own = [(OWN, _("本项所计的：%(title)s") % {"title": title}), (RATIO, _("本项的完成率（%）"))]
        except (CannotShow, KeyError):
            own = []
        self.fields["gate_of"] = forms.ChoiceField(
            label=_("看什么"), choices=[*own, *counted.pieces(), *_reasons(), *counted.sums()]
        )
        self.need("gate_of", "gate_operator", "gate_than", when=bool(self.data.get("gate")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("gate"):
            return cleaned
        if cleaned.get("gate_of") == RATIO and not self.data.get("target"):
            self.add_error("gate_of", _("这一项没有和目标比，没有完成率；请改看别的。"))
        if (
            cleaned["gate"] == VETO
            and cleaned.get("gate_points") is None
            and "gate_points" not in self.errors
        ):
            self.add_error("gate_points", missing(_("请写否决后本项得几分，一般是 0。")))
        return cleaned

    def write(self, entry: Entry, document: Entry) -> None:
        chosen = self.cleaned_data["gate"]
        if not chosen:
            return
        before = self.found if self.found.get("gate") == chosen else {}
        condition = self._condition(entry, before.get("condition", {}))
        points = self.cleaned_data["gate_points"]
        whole: Entry = dict(before.get("whole", {}))
        if chosen == NEED:
            whole = {"kind": "when", **whole, "if": condition, "part": entry["rule"]}
            put(whole, "otherwise", points)
            entry["rule"] = whole
        else:
            if whole.get("title") == before.get("condition", {}).get("title"):
                whole.pop("title", None)
            whole = {"title": condition.get("title") or _("一票否决"), **whole, "if": condition}
            put(whole, "points", points)
            entry["veto"] = whole

    def _condition(self, entry: Entry, before: Mapping[str, Any]) -> Entry:
        """The condition, with a title in words where it is new or has changed."""
        cleaned = self.cleaned_data
        of, operator, than = cleaned["gate_of"], cleaned["gate_operator"] or "gte", cleaned["gate_than"]
        asked = {"gate_of": of, "gate_operator": operator, "gate_than": than}
        if before and all(self.found.get(name) == value for name, value in asked.items()):
            self._keep_measure(entry)
            return dict(before)
        names = dict(OPERATORS)
        if of in {OWN, RATIO}:
            held = holder(entry)
            looked: Entry = {"of": held["of"]}
            if of == RATIO:
                looked |= {key: held[key] for key in ("target", "timing") if key in held}
            name = _("完成率") if of == RATIO else str(main_measure(entry).get("title", ""))
            unit = "%" if of == RATIO else str(main_measure(entry).get("unit", "个"))
        else:
            looked = {"of": self._put_measure(entry, of)}
            measure = entry["measures"][looked["of"]]
            name, unit = measure["title"], measure["unit"]
        title = f"{name}{names[operator]} {plain(than)} {unit}".replace(" %", "%")
        number: Any = f"{plain(than)}%" if of == RATIO else exactly(than)
        return {"title": title, **looked, "operator": operator, "than": number}

    def _put_measure(self, entry: Entry, of: str) -> str:
        """The measure that only the gate looks at, under a code of its own."""
        condition = ""
        if of.startswith("reason:"):
            of, condition = "count:incident", f"reason={of.partition(':')[2]}"
        share = "amount" if of.startswith(counted.ADDS_UP) else "none"
        code = self.found.get("code") or free_key(entry["measures"], "gate")
        entry["measures"][code] = counted.measure_of(of, condition, share=share)
        return str(code)

    def _keep_measure(self, entry: Entry) -> None:
        if self.found.get("measure") is not None:
            entry["measures"][self.found["code"]] = self.found["measure"]

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield ("veto",), "gate_of"
        yield ("rule", "if"), "gate_of"
        yield ("rule", "otherwise"), "gate_points"


def _reasons() -> counted.Choices:
    """The events that a veto usually asks about."""
    reasons = [(f"reason:{value}", label) for value, label in counted.ATTRIBUTES["reason"].choices]
    return [(_("扣分事由（次）"), reasons)]


def take_gate(entry: Entry) -> Entry:
    """The indicator without its gate; what the gate's fields hold is noted under “gate form”.

    Raises CannotShow for a gate that the fields cannot hold.
    """
    rule = entry.get("rule", {})
    gated = {**entry, "measures": dict(entry.get("measures", {}))}
    if rule.get("kind") == "when":
        if "veto" in entry or isinstance(rule.get("otherwise"), Mapping):
            raise CannotShow
        gated["rule"] = rule["part"]
        found = {"gate": NEED, "gate_points": read_number(rule, "otherwise"), "whole": rule}
        condition = rule["if"]
    elif "veto" in entry:
        veto = gated.pop("veto")
        found = {"gate": VETO, "gate_points": read_number(veto, "points") or Decimal(0), "whole": veto}
        condition = veto["if"]
    else:
        return gated
    gated["gate form"] = {**found, "condition": condition, **_read_condition(gated, condition)}
    return gated


def _read_condition(gated: Entry, condition: Mapping[str, Any]) -> dict[str, Any]:
    code, than = condition.get("of"), number_or_none(condition.get("than"))
    if (
        not isinstance(code, str)
        or than is None
        or not set(condition) <= {"of", "target", "timing", "operator", "than", "title"}
    ):
        raise CannotShow
    found = {"gate_operator": condition["operator"], "gate_than": than}
    held = holder(gated)
    if condition.get("target") is not None:
        if (code, condition["target"]) != (held.get("of"), held.get("target")):
            raise CannotShow
        return found | {"gate_of": RATIO, "gate_than": than * 100}
    if code == held.get("of"):
        return found | {"gate_of": OWN}
    measure = gated["measures"].pop(code, None)
    chosen = counted.choice_of(measure) if measure else None
    if chosen is None:
        raise CannotShow
    choice, only = chosen
    if only:
        if choice != "count:incident" or not only.startswith("reason="):
            raise CannotShow
        choice = f"reason:{only.partition('=')[2]}"
    return found | {"gate_of": choice, "code": code, "measure": measure}
