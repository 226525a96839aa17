"""Conditions (条件): what a gate, a second condition of a band or a veto asks, true, false or undecided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from kpi.scoring.rounding import plain, settled
from kpi.scoring.rules.base import (
    CODE,
    CONDITION,
    NUMBER,
    RULE,
    WORDS,
    Builder,
    Document,
    Inputs,
    Rule,
    Undecided,
    Uses,
    entry,
    many,
    number,
)
from kpi.scoring.rules.ratios import RATIO, Ratio, ratio
from kpi.scoring.steps import Step, known

OPERATORS: Mapping[str, str] = {"gte": "≥", "gt": "＞", "lte": "≤", "lt": "＜", "eq": "＝", "ne": "≠"}


class Condition(Protocol):
    """Something that holds or does not. Raises Undecided when the figures do not tell."""

    def holds(self, inputs: Inputs) -> bool: ...

    def uses(self) -> Uses: ...


@dataclass(frozen=True, slots=True)
class Amount:
    """A measure or a ratio as a value: what conditions compare and bands look up."""

    ratio: Ratio

    def compute(self, inputs: Inputs) -> Step:
        if self.ratio.is_ratio:
            return self.ratio.compute(inputs)
        return inputs.named(self.ratio.of[0])

    def uses(self) -> Uses:
        return self.ratio.uses()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number on the right of a comparison."""

    value: Decimal

    def compute(self, inputs: Inputs) -> Step:
        return known(self.value)

    def uses(self) -> Uses:
        return Uses()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left against right, each a rule."""

    left: Rule
    operator: str
    right: Rule

    def holds(self, inputs: Inputs) -> bool:
        left, right = settled(self.left.compute(inputs).value), settled(self.right.compute(inputs).value)
        return {
            "gte": left >= right,
            "gt": left > right,
            "lte": left <= right,
            "lt": left < right,
            "eq": left == right,
            "ne": left != right,
        }[self.operator]

    def uses(self) -> Uses:
        return self.left.uses() + self.right.uses()


@dataclass(frozen=True, slots=True)
class Combined:
    """All (且) or any (或) of several conditions; one that decides is enough, the others may be unknown."""

    parts: tuple[Condition, ...]
    decisive: bool

    def holds(self, inputs: Inputs) -> bool:
        doubt: Undecided | None = None
        for part in self.parts:
            try:
                if part.holds(inputs) is self.decisive:
                    return self.decisive
            except Undecided as undecided:
                doubt = doubt or undecided
        if doubt is not None:
            raise doubt
        return not self.decisive

    def uses(self) -> Uses:
        return sum((part.uses() for part in self.parts), Uses())


@dataclass(frozen=True, slots=True)
class Negated:
    """The opposite (非)."""

    part: Condition

    def holds(self, inputs: Inputs) -> bool:
        return not self.part.holds(inputs)

    def uses(self) -> Uses:
        return self.part.uses()


@dataclass(frozen=True, slots=True)
class OfCategory:
    """Whether the subject is, on the day that counts, in one of these categories."""

    names: tuple[str, ...]

    def holds(self, inputs: Inputs) -> bool:
        if not inputs.categories:
            raise Undecided("未登记考核类别，条件无法判断；请补录。")
        found = {name in self.names for name, _ in inputs.categories}
        if len(found) > 1:
            raise Undecided("年内类别有变动，细则未规定此条件按哪一类判断。")
        return found.pop()

    def uses(self) -> Uses:
        return Uses(categories=self.names)


def condition(document: Document, build: Builder) -> Condition:
    """The condition of a document that has passed the schema."""
    for key, decisive in (("any", True), ("all", False)):
        if key in document:
            return Combined(tuple(condition(part, build) for part in document[key]), decisive)
    if "not" in document:
        return Negated(condition(document["not"], build))
    if "category" in document:
        return OfCategory(tuple(document["category"]))
    left: Rule = build(document["value"]) if "value" in document else Amount(ratio(document))
    than = document["than"]
    right: Rule = build(than) if isinstance(than, Mapping) else Constant(number(than))
    return Comparison(left, document["operator"], right)


def words_of(document: Document) -> str:
    """A short name for the condition: its title, or the comparison in signs."""
    if "title" in document:
        return str(document["title"])
    if "operator" not in document or isinstance(document["than"], Mapping):
        return "条件"
    of = document.get("of", "")
    name = of if isinstance(of, str) else "+".join(of)
    over = document.get("target") or document.get("base")
    name = f"{name}/{over}" if over else name
    return f"{name}{OPERATORS[document['operator']]}{plain(number(document['than']))}"


def _branches() -> Sequence[dict[str, Any]]:
    """One shape per way to write a condition, chosen by the key that marks it."""
    listed = many(CONDITION)
    shapes = [
        (key, {key: value, "title": WORDS})
        for key, value in (("any", listed), ("all", listed), ("not", CONDITION), ("category", many(CODE)))
    ]
    compared = {"operator": {"enum": list(OPERATORS)}, "than": THAN, "title": WORDS}
    chosen: list[dict[str, Any]] = [
        {"if": {"required": [key]}, "then": entry(properties, (key,))} for key, properties in shapes
    ]
    none = {"not": {"anyOf": [{"required": [key]} for key, _ in shapes]}}
    chosen.append(
        {
            "if": {"allOf": [none, {"required": ["value"]}]},
            "then": entry({"value": RULE, **compared}, ("value", "operator", "than")),
        }
    )
    plain_shape = entry({**RATIO, **compared}, ("of", "operator", "than"))
    chosen.append({"if": {"allOf": [none, {"not": {"required": ["value"]}}]}, "then": plain_shape})
    return chosen


THAN: dict[str, Any] = {"if": {"type": "object"}, "then": RULE, "else": NUMBER}
SCHEMA: dict[str, Any] = {"type": "object", "allOf": list(_branches())}
