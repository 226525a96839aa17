"""What follows an item's rule, in the order the scheme gives: cap and floor, weight, bonus, deduction, veto."""

from decimal import Decimal

from kpi.scoring.rules import Inputs
from kpi.scoring.scheme import Indicator
from kpi.scoring.steps import Step, add, at_least, at_most, look_up, multiply, percent, subtract


def finish(indicator: Indicator, raw: Step, weight: Decimal | None, inputs: Inputs) -> Step:
    """The item's points from its rule's result. Raises Undecided as rules do."""
    step = raw
    for name in indicator.steps:
        match name:
            case "cap":
                step = at_least(at_most(step, indicator.cap.limit(indicator.full_marks)), indicator.floor)
            case "weight" if weight is not None:
                step = multiply(step, percent(weight, "权重"))
            case "bonus" if indicator.bonus is not None:
                bonus = indicator.bonus.compute(inputs)
                step = add([step, bonus]) if bonus.value else step
            case "deduction" if indicator.deduction is not None:
                deduction = indicator.deduction.compute(inputs)
                step = subtract(step, [deduction]) if deduction.value else step
            case "veto" if indicator.veto is not None and indicator.veto.condition.holds(inputs):
                step = look_up(step, indicator.veto.points, f"一票否决“{indicator.veto.title}”")
    return step
