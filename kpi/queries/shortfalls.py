"""What is missing to a person's targets (目标差额), as the smallest facts that would fill it."""

from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from kpi.queries.assumed import Amount, Assumer
from kpi.queries.steps import Step
from kpi.queries.trial import Credited
from kpi.scoring.results import Sheet
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure, Scheme, Target
from kpi.scoring.what_if import example_of, shortfall_of
from projects.models import CreditRole
from promotion.money import YI
from promotion.web.formats import exact

#: The most facts that one target's shortfall is filled with.
MOST_FACTS = 50


def target_steps(scheme: Scheme, sheet: Sheet, person: int, assumer: Assumer, on: date) -> list[Step]:
    """One step for each target of the year that is not reached and that facts can fill."""
    found = []
    for indicator in scheme.indicators_for(sheet.subject.kind):
        item, progress = sheet.item(indicator.code), indicator.progress
        missing = shortfall_of(item) if item else None
        if missing is None or progress is None:
            continue
        definition, target = indicator.measures[progress.of], scheme.targets[progress.target]
        if facts := _filling(definition, missing, person, assumer, on):
            found.append(_step(indicator.code, definition, target, missing, facts))
    return found


def _filling(
    definition: Measure, missing: Decimal, person: int, assumer: Assumer, on: date
) -> tuple[Credited, ...]:
    """One fact for a sum; for a count one new project each, as small as the measure lets it be."""
    example = example_of(definition)
    is_sum = definition.aggregate == "sum"
    times = 1 if is_sum else int(missing.to_integral_value(ROUND_CEILING))
    if example is None or times > MOST_FACTS:
        return ()
    role = definition.roles[0] if definition.roles else CreditRole.INTRODUCTION
    number = CONTEXT.multiply(missing, definition.divisor) if is_sum else example.amount
    amount = Amount(cny=number) if definition.field == "amount" else Amount(dollars=number)
    return tuple(
        Credited(
            assumer.fact(example.kind, on, amount, attributes=example.attributes, new_project=True),
            ((person, role, Decimal(1)),),
            _("新项目"),
        )
        for _turn in range(times)
    )


def _step(
    code: str, definition: Measure, target: Target, missing: Decimal, facts: tuple[Credited, ...]
) -> Step:
    words = {"amount": exact(missing, 4), "unit": target.unit}
    detail = _("距全年目标还缺 %(amount)s %(unit)s") % words
    smallest = facts[0].fact.amount
    if definition.aggregate != "sum" and smallest:
        detail += " · " + _("每个按起点 %(amount)s 亿元计") % {"amount": exact(smallest / YI)}
    return Step(
        key=f"t.{code}",
        title=_("补足目标：%(target)s") % {"target": target.title},
        facts=facts,
        state=_("目标差额"),
        detail=detail,
        is_next=False,
    )
