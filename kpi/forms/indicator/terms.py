"""Points by the piece: so many for each, so many taken away for each."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator import counted
from kpi.forms.indicator.facts import ONCE, in_order
from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Number,
    Part,
    Place,
    checked,
    free_key,
    put,
    put_usual,
    read_number,
)
from kpi.forms.indicator.rows import Row, RowSet
from kpi.forms.indicator.rule import POINTS
from projects.models import CreditRole

SHARES = (
    ("points", gettext_lazy("整件来算，再乘各人的份额")),
    ("none", gettext_lazy("不分份额，参与就算一整件")),
)


class TermRow(Row):
    """What is counted, under which condition, and the points of each."""

    counted = forms.ChoiceField(label=gettext_lazy("计什么"))
    only = forms.ChoiceField(label=gettext_lazy("只算"), required=False)
    each = Number(label=gettext_lazy("每个几分"), min_value=0)
    at_most = Number(label=gettext_lazy("最多几个"), required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pieces = [("", _("请选择")), *counted.pieces()]
        self.fields["counted"] = forms.ChoiceField(label=_("计什么"), choices=pieces)
        self.fields["only"] = forms.ChoiceField(label=_("只算"), required=False, choices=counted.only())


class TermsForm(Part):
    """One or two tables of pieces, with what is the same for all of them."""

    heading = POINTS
    template = "kpi/parts/terms.html"
    plus = False
    minus = False

    base = Number(label=gettext_lazy("基本分"), required=False)
    most = Number(label=gettext_lazy("最多扣几分"), required=False, min_value=0)
    share = forms.ChoiceField(label=gettext_lazy("份额"), choices=SHARES, widget=forms.RadioSelect)
    roles = checked(gettext_lazy("只算哪些角色"), CreditRole.choices, gettext_lazy("都不选就是全部角色"))
    once = forms.ChoiceField(
        label=gettext_lazy("同一项目"), choices=ONCE, widget=forms.RadioSelect, required=False
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        if cls.minus and ("part" in entry["rule"]) != cls.plus:
            raise CannotShow
        terms = [*cls.terms(entry, "plus"), *cls.terms(entry, "minus")]
        measures = [measure_at(entry, term) for term in terms]
        shared = {
            (one.get("share", "points"), tuple(one.get("roles", ())), one.get("once", "no"))
            for one in measures
        }
        if len(shared) > 1 or any(counted.choice_of(one) is None for one in measures):
            raise CannotShow
        share, roles, once = next(iter(shared), ("points", (), "no"))
        rule = entry["rule"]
        based = rule.get("part", {}) if cls.plus and cls.minus else rule
        return {
            "base": read_number(based, "base" if cls.plus else "points"),
            "most": read_number(rule, "most"),
            "share": share,
            "roles": list(roles),
            "once": once,
        }

    @classmethod
    def terms(cls, entry: Entry, table: str) -> list[Entry]:
        """The terms of a table as the document has them."""
        rule: Mapping[str, Any] = entry["rule"]
        if table == "minus":
            return list(rule.get("terms", ())) if cls.minus else []
        if not cls.plus:
            return []
        held = rule.get("part", {}) if cls.minus else rule
        if held and held.get("kind") != "count_times_points":
            raise CannotShow
        return list(held.get("terms", ()))

    def prepare(self, entry: Entry) -> None:
        if not self.minus:
            del self.fields["most"]
        if not self.plus:
            self.fields["base"].label = _("从几分起扣")
            self.fields["base"].help_text = _("不填就从 0 分起，扣成负数")

    def place_rows(self, entry: Entry, data: Any) -> None:
        for table in self.tables():
            self.rows.append(RowSet(TermRow, table, self._lines(entry, table), data, blank=1))

    def tables(self) -> list[str]:
        return [name for name in ("plus", "minus") if getattr(self, name)]

    def _lines(self, entry: Entry, table: str) -> list[dict[str, Any]]:
        found = []
        for term in self.terms(entry, table):
            chosen = counted.choice_of(measure_at(entry, term))
            choice, condition = chosen or ("", "")
            found.append(
                {
                    "was": term["of"],
                    "counted": choice,
                    "only": condition,
                    "each": read_number(term, "each"),
                    "at_most": read_number(term, "at_most"),
                }
            )
        return found

    def write(self, entry: Entry, document: Entry) -> None:
        measures = dict(entry["measures"])
        before = {term["of"]: term for table in self.tables() for term in self.terms(entry, table)}
        made = {
            table.name: [self._term(row.cleaned_data, before, measures) for row in table.filled]
            for table in self.rows
        }
        kept = {term["of"] for terms in made.values() for term in terms}
        entry["measures"] = {
            code: one for code, one in measures.items() if code in kept or code not in before
        }
        self._write_rule(entry["rule"], made)

    def _write_rule(self, rule: Entry, made: dict[str, list[Entry]]) -> None:
        base = self.cleaned_data["base"]
        if self.plus and self.minus:
            part = rule.setdefault("part", {"kind": "count_times_points"})
            part["terms"] = made["plus"]
            put(part, "base", base)
        elif self.plus:
            put(rule, "base", base)
        else:
            put(rule, "points", base if base is not None else Decimal(0))
        rule["terms"] = made["minus"] if self.minus else made["plus"]
        if self.minus:
            put(rule, "most", self.cleaned_data["most"])

    def _term(self, row: dict[str, Any], before: dict[str, Entry], measures: dict[str, Entry]) -> Entry:
        """One term, with the measure that it looks at put among the measures."""
        code, choice, only = row["was"], row["counted"], row["only"]
        known = code in before
        if not known:
            code = free_key(measures, choice.partition(":")[2])
        measure = dict(measures.get(code, {}))
        if counted.choice_of(measure) != (choice, only):
            kept = {key: measure[key] for key in ("amount_unit",) if key in measure}
            measure = {**counted.measure_of(choice, only), **kept}
        put_usual(measure, "share", self.cleaned_data["share"], "points")
        put(measure, "roles", in_order(measure.get("roles", ()), self.cleaned_data["roles"]) or None)
        put_usual(measure, "once", self.cleaned_data["once"] or "no", "no")
        measures[code] = measure
        term = {**before.get(code, {}), "of": code}
        put(term, "each", row["each"])
        put(term, "at_most", row["at_most"])
        return term

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        for table in self.rows:
            path: Place = (
                ("rule", "part", "terms") if table.name == "plus" and self.minus else ("rule", "terms")
            )
            for index, row in enumerate(table.filled):
                yield (*path, index), row.add_prefix("counted")
        yield ("rule", "points"), "base"
        yield ("rule", "most"), "most"


def measure_at(entry: Entry, term: Mapping[str, Any]) -> Entry:
    found: Entry | None = entry["measures"].get(term["of"])
    if found is None or "computed" in found:
        raise CannotShow
    return found


class PlusForm(TermsForm):
    plus = True


class MinusForm(TermsForm):
    minus = True


class PlusMinusForm(TermsForm):
    plus = minus = True
