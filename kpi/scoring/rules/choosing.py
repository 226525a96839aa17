"""Rules that choose between rules (分情形): by a condition, by the size of a value, by the subject's category."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kpi.scoring.rules.base import (
    CODE,
    CONDITION,
    NUMBER,
    RULE,
    Builder,
    Document,
    Inputs,
    NotApplicable,
    Rule,
    RuleKind,
    Undecided,
    Uses,
    all_uses,
    entry,
    many,
    number,
)
from kpi.scoring.rules.conditions import Condition, condition, words_of
from kpi.scoring.rules.counts import ENDS, Fixed, band
from kpi.scoring.scheme import Band
from kpi.scoring.steps import Step, add, divide, known, multiply, note, percent

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class When:
    """门槛: a rule if a condition holds, otherwise another one; without another one undecided."""

    condition: Condition
    part: Rule
    otherwise: Rule | None
    words: str

    def compute(self, inputs: Inputs) -> Step:
        if self.condition.holds(inputs):
            return self.part.compute(inputs)
        if self.otherwise is None:
            raise Undecided(f"未满足“{self.words}”，细则未规定此种情形如何计分。")
        step = self.otherwise.compute(inputs)
        return step if step.operation != "known" else known(step.value, f"未满足“{self.words}”得")

    def uses(self) -> Uses:
        return self.condition.uses() + all_uses([self.part, *([self.otherwise] if self.otherwise else [])])


@dataclass(frozen=True, slots=True)
class Choose:
    """按大小分情形: the rule of the band in which a value lies, such as the slope by the size of the own target."""

    value: Rule
    cases: tuple[tuple[Band, Rule], ...]

    def compute(self, inputs: Inputs) -> Step:
        value = self.value.compute(inputs).value
        for case, rule in self.cases:
            if case.holds(value):
                return note(rule.compute(inputs), case.title)
        raise Undecided("该数值不在细则规定的任何一种情形之内，细则未规定如何计分；请核对。")

    def uses(self) -> Uses:
        return self.value.uses() + all_uses([rule for _, rule in self.cases])


@dataclass(frozen=True, slots=True)
class ByCategory:
    """分类考核: the rule of the subject's category; after a change in mid-year each by its part of the year."""

    cases: Mapping[str, Rule]
    otherwise: Rule | None

    def compute(self, inputs: Inputs) -> Step:
        if not inputs.categories:
            raise Undecided("未登记考核类别，本项无法计算；请补录。")
        if len(inputs.categories) == 1:
            return self._rule(inputs.categories[0][0], inputs).compute(inputs)
        terms = []
        for name, part in inputs.categories:
            try:
                step = self._rule(name, inputs).compute(replace(inputs, categories=((name, ONE),)))
            except NotApplicable:
                continue
            terms.append(multiply(step, percent(part, inputs.names.get(name, name))))
        if not terms:
            raise NotApplicable
        return add(terms)

    def _rule(self, name: str, inputs: Inputs) -> Rule:
        rule = self.cases.get(name, self.otherwise)
        if rule is None:
            raise Undecided(f"细则没有写“{inputs.names.get(name, name)}”如何计分。")
        return rule

    def uses(self) -> Uses:
        parts = [*self.cases.values(), *([self.otherwise] if self.otherwise else [])]
        return all_uses(parts) + Uses(categories=tuple(self.cases))


@dataclass(frozen=True, slots=True)
class Weighted:
    """嵌套权重: parts with weights that add up to 100 %; parts that do not concern the subject may be left out.

    `missing`: `keep` leaves the weight of such a part unused, `spread` shares it among the others.
    """

    parts: tuple[tuple[Decimal, Rule], ...]
    missing: str

    def compute(self, inputs: Inputs) -> Step:
        terms: list[tuple[Decimal, Step]] = []
        for weight, rule in self.parts:
            try:
                terms.append((weight, rule.compute(inputs)))
            except NotApplicable:
                continue
        if not terms:
            raise NotApplicable
        steps = [multiply(step, percent(weight)) for weight, step in terms]
        present = sum((weight for weight, _ in terms), ZERO)
        if self.missing == "spread" and 0 < present < 1:
            return divide(add(steps), percent(present, "适用权重"))
        return add(steps)

    def uses(self) -> Uses:
        return all_uses([rule for _, rule in self.parts])


def _when(document: Document, build: Builder) -> When:
    otherwise = document.get("otherwise")
    rule: Rule | None
    if isinstance(otherwise, Mapping):
        rule = build(otherwise)
    else:
        rule = None if otherwise is None else Fixed(number(otherwise))
    return When(condition(document["if"], build), build(document["part"]), rule, words_of(document["if"]))


def _choose(document: Document, build: Builder) -> Choose:
    cases = tuple((band(case), build(case["rule"])) for case in document["cases"])
    return Choose(build(document["value"]), cases)


def _by_category(document: Document, build: Builder) -> ByCategory:
    otherwise = document.get("otherwise")
    cases = {name: build(rule) for name, rule in document["cases"].items()}
    return ByCategory(cases, build(otherwise) if otherwise else None)


def _weighted(document: Document, build: Builder) -> Weighted:
    parts = tuple((number(part["weight"]), build(part["rule"])) for part in document["parts"])
    return Weighted(parts, document.get("missing", "keep"))


CASE = entry({**ENDS, "rule": RULE}, ("title", "rule"))
RULE_OR_NUMBER = {"if": {"type": "object"}, "then": RULE, "else": NUMBER}

KINDS = (
    RuleKind(
        "when",
        "满足条件才计分",
        {"if": CONDITION, "part": RULE, "otherwise": RULE_OR_NUMBER},
        ("if", "part"),
        _when,
    ),
    RuleKind("choose", "按大小分情形", {"value": RULE, "cases": many(CASE)}, ("value", "cases"), _choose),
    RuleKind(
        "by_category",
        "按类别计分",
        {
            "cases": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": CODE,
                "additionalProperties": RULE,
            },
            "otherwise": RULE,
        },
        ("cases",),
        _by_category,
    ),
    RuleKind(
        "weighted",
        "加权合计",
        {
            "parts": many(entry({"weight": {"$ref": "#/$defs/weight"}, "rule": RULE}, ("weight", "rule"))),
            "missing": {"enum": ["keep", "spread"]},
        },
        ("parts",),
        _weighted,
    ),
)
