"""What follows an item's rule, in the order the scheme gives: cap and floor, weight, bonus, deduction, veto."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.scoring.rules import Inputs
from kpi.scoring.scheme import Indicator
from kpi.scoring.steps import Step, add, at_least, at_most, look_up, multiply, percent, subtract


def finish(indicator: Indicator, raw: Step, weight: Decimal | None, inputs: Inputs) -> Step:
    """The item's points from its rule's result. Raises Undecided as rules do."""
    return [raw, *(step for _name, step in stages(indicator, raw, weight, inputs))][-1]


def stages(
    indicator: Indicator, raw: Step, weight: Decimal | None, inputs: Inputs
) -> Iterator[tuple[str, Step]]:
    """Each step that changes the points, by its name, with the points after it; the weight always, where there is one."""
    step = raw
    for name in indicator.steps:
        after = _after(name, step, indicator, weight, inputs)
        if after is not step:
            step = after
            yield name, step


def _after(name: str, step: Step, indicator: Indicator, weight: Decimal | None, inputs: Inputs) -> Step:
    match name:
        case "cap":
            return at_least(at_most(step, indicator.cap.limit(indicator.full_marks)), indicator.floor)
        case "weight" if weight is not None:
            return multiply(step, percent(weight, "权重"))
        case "bonus" if indicator.bonus is not None:
            bonus = indicator.bonus.compute(inputs)
            return add([step, bonus]) if bonus.value else step
        case "deduction" if indicator.deduction is not None:
            deduction = indicator.deduction.compute(inputs)
            return subtract(step, [deduction]) if deduction.value else step
        case "veto" if indicator.veto is not None and indicator.veto.condition.holds(inputs):
            return look_up(step, indicator.veto.points, f"一票否决“{indicator.veto.title}”")
    return step
