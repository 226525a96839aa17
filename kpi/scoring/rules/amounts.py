"""Project cards, phased recognition and brackets of an amount (单项目计分、分阶段兑现、分段计费)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from kpi.scoring.rounding import settled
from kpi.scoring.rules.base import (
    CODE,
    CONDITION,
    NUMBER,
    POSITIVE,
    RULE,
    WORDS,
    Builder,
    Document,
    Inputs,
    NotApplicable,
    Rule,
    RuleKind,
    Undecided,
    Uses,
    entry,
    many,
    number,
    optional_number,
    total,
)
from kpi.scoring.rules.conditions import Condition, condition
from kpi.scoring.steps import Step, add, at_least, at_most, known, multiply, note, percent, subtract

#: More projects than this are shown as one figure, not one by one.
SHOWN_PROJECTS = 30
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PerProject:
    """单项目计分卡: the part for each project alone, held between limits, then summed; perhaps only the best n."""

    part: Rule
    cap: Decimal | None
    floor: Decimal | None
    best: int | None

    def compute(self, inputs: Inputs) -> Step:
        if inputs.projects is None:
            raise Undecided("没有逐个项目的数据，单项目计分无法计算。")
        cards = [(code, self._card(values, inputs)) for code, values in sorted(inputs.projects().items())]
        kept = [(code, step) for code, step in cards if step is not None]
        if self.best is not None:
            kept = sorted(kept, key=lambda card: (-card[1].value, card[0]))[: self.best]
        steps = [note(step, inputs.names.get(code, code)) for code, step in kept if step.value]
        if not steps:
            return known(ZERO, "无计分项目")
        if len(steps) > SHOWN_PROJECTS:
            return known(total(steps).value, f"{len(steps)} 个项目合计")
        return add(steps)

    def _card(self, values: Mapping[str, Any], inputs: Inputs) -> Step | None:
        """The project's points; None when the rule does not concern it."""
        try:
            step = self.part.compute(replace(inputs, values=values, projects=None))
        except NotApplicable:
            return None
        return at_least(at_most(step, self.cap), self.floor)

    def uses(self) -> Uses:
        return self.part.uses() + Uses(per_project=True)


@dataclass(frozen=True, slots=True)
class Phase:
    """One milestone and the part of the points it releases."""

    title: str
    share: Decimal
    condition: Condition


@dataclass(frozen=True, slots=True)
class Phases:
    """分阶段兑现: of the part's points as much as the milestones reached release; the rest stands out."""

    part: Rule
    phases: tuple[Phase, ...]
    in_order: bool

    def compute(self, inputs: Inputs) -> Step:
        step = self.part.compute(inputs)
        reached = []
        for phase in self.phases:
            if phase.condition.holds(inputs):
                reached.append(percent(phase.share, phase.title))
            elif self.in_order:
                break
        if not reached:
            return multiply(step, percent(ZERO, "尚无阶段达成"))
        return multiply(step, add(reached))

    def uses(self) -> Uses:
        return sum((phase.condition.uses() for phase in self.phases), self.part.uses())


@dataclass(frozen=True, slots=True)
class Bracket:
    """A stretch of the amount with its rate."""

    from_: Decimal
    to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Brackets:
    """分段计费: `marginal` lets each stretch count at its own rate, `whole` the whole amount at the rate it reaches."""

    of: str
    brackets: tuple[Bracket, ...]
    method: Literal["marginal", "whole"]
    cap: Decimal | None

    def compute(self, inputs: Inputs) -> Step:
        amount = inputs.named(self.of)
        if settled(amount.value) < 0:
            raise Undecided(f"“{inputs.title(self.of)}”为负，细则未规定如何计算。")
        terms = self._marginal(amount) if self.method == "marginal" else self._whole(amount)
        whole = add(terms) if terms else multiply(amount, known(ZERO, "未达起点"))
        return at_most(whole, self.cap)

    def _marginal(self, amount: Step) -> list[Step]:
        terms = []
        for bracket in self.brackets:
            if settled(amount.value) <= bracket.from_:
                continue
            end = amount if bracket.to is None or settled(amount.value) <= bracket.to else known(bracket.to)
            part = subtract(end, [known(bracket.from_)]) if bracket.from_ else end
            terms.append(multiply(part, percent(bracket.rate)))
        return terms

    def _whole(self, amount: Step) -> list[Step]:
        held = [
            bracket
            for bracket in self.brackets
            if settled(amount.value) >= bracket.from_
            and (bracket.to is None or settled(amount.value) < bracket.to)
        ]
        return [multiply(amount, percent(bracket.rate)) for bracket in held]

    def uses(self) -> Uses:
        return Uses(measures=(self.of,))


def _per_project(document: Document, build: Builder) -> PerProject:
    cap, floor = optional_number(document.get("cap")), optional_number(document.get("floor"))
    return PerProject(build(document["part"]), cap, floor, document.get("best"))


def _phases(document: Document, build: Builder) -> Phases:
    phases = tuple(
        Phase(phase["title"], number(phase["share"]), condition(phase["if"], build))
        for phase in document["phases"]
    )
    return Phases(build(document["part"]), phases, document.get("in_order", False))


def _brackets(document: Document, build: Builder) -> Brackets:
    brackets = tuple(
        Bracket(number(one.get("from", 0)), optional_number(one.get("to")), number(one["rate"]))
        for one in document["brackets"]
    )
    return Brackets(document["of"], brackets, document["method"], optional_number(document.get("cap")))


PHASE = entry({"title": WORDS, "share": POSITIVE, "if": CONDITION}, ("title", "share", "if"))
BRACKET = entry({"from": NUMBER, "to": NUMBER, "rate": NUMBER}, ("rate",))

KINDS = (
    RuleKind(
        "per_project",
        "单项目计分卡",
        {"part": RULE, "cap": NUMBER, "floor": NUMBER, "best": {"type": "integer", "minimum": 1}},
        ("part",),
        _per_project,
    ),
    RuleKind(
        "phases",
        "分阶段兑现",
        {"part": RULE, "phases": many(PHASE), "in_order": {"type": "boolean"}},
        ("part", "phases"),
        _phases,
    ),
    RuleKind(
        "brackets",
        "分段计费",
        {
            "of": CODE,
            "brackets": many(BRACKET),
            "method": {"enum": ["marginal", "whole"]},
            "cap": NUMBER,
        },
        ("of", "brackets", "method"),
        _brackets,
    ),
)
