"""How an item's points came about, stage by stage (分步): its rule, then cap, weight, bonus, deduction, veto, rounding."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kpi.scoring.evaluate import Evaluation, weight_of
from kpi.scoring.explain import equation
from kpi.scoring.item import stages
from kpi.scoring.rounding import Rounding, plain
from kpi.scoring.rules import NotApplicable, Undecided
from kpi.scoring.scheme import Indicator
from kpi.scoring.steps import Step


@dataclass(frozen=True, slots=True)
class Stage:
    """The points after one stage: `name` is rule, cap, weight, bonus, deduction, veto or rounding."""

    name: str
    words: str
    value: Decimal


def working(evaluation: Evaluation, code: str, indicator: Indicator) -> tuple[Stage, ...]:
    """The stages of one item of one subject; none where these figures give it no points."""
    try:
        return tuple(_stages(evaluation, code, indicator))
    except (Undecided, NotApplicable, InvalidOperation, KeyError):
        return ()


def _stages(evaluation: Evaluation, code: str, indicator: Indicator) -> Iterator[Stage]:
    inputs = evaluation.inputs_of(code, indicator)
    weight = weight_of(evaluation.scheme, indicator, evaluation.entries[code])
    rounding = indicator.rounding or evaluation.scheme.rounding
    last = indicator.rule.compute(inputs)
    yield Stage("rule", equation(last, rounding), last.value)
    for name, step in stages(indicator, last, weight, inputs):
        yield Stage(name, _words(name, step, rounding), step.value)
        last = step
    if (points := rounding.apply(last.value)) != last.value:
        yield Stage("rounding", plain(points), points)


def _words(name: str, step: Step, rounding: Rounding) -> str:
    """What the stage does to the points before it."""
    sign = {"weight": "×", "bonus": "+ ", "deduction": "− "}.get(name, "")
    return f"{sign}{equation(step.parts[-1], rounding)}" if sign else step.words
