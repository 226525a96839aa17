"""From measures and targets to a sheet (考核表): each item with its points, status and explanation."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kpi.scoring.explain import explain
from kpi.scoring.facts import MeasureValue
from kpi.scoring.results import Figure, Item, Sheet, Subject
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.rules import Inputs, Undecided
from kpi.scoring.scheme import Indicator, Scheme
from kpi.scoring.steps import at_least, at_most

Measured = Mapping[str, Mapping[str, MeasureValue]]
Targets = Mapping[str, Decimal | None]
ZERO = Decimal(0)


def evaluate(
    scheme: Scheme, subject: Subject, measures: Measured, targets: Targets, elapsed: Decimal
) -> Sheet:
    """The sheet of one subject: `measures` by indicator and measure code, `elapsed` the past year.

    A measure that is absent is an input somebody owes: its item is undecided. Nothing achieved is a zero.
    """
    applicable = {indicator.code for indicator in scheme.indicators_for(subject.kind)}
    items = []
    for indicator in scheme.indicators:
        if indicator.code not in applicable:
            items.append(_item(indicator, "not_applicable"))
            continue
        inputs = Inputs(
            values=measures.get(indicator.code, {}),
            targets=targets,
            elapsed=elapsed,
            measures=indicator.measures,
            target_list=scheme.targets,
        )
        items.append(_scored(scheme, indicator, inputs))
    return _sheet(scheme, subject, tuple(items))


def _scored(scheme: Scheme, indicator: Indicator, inputs: Inputs) -> Item:
    try:
        raw = indicator.rule.compute(inputs)
    except Undecided as undecided:
        return _item(indicator, "undecided", inputs, reason=str(undecided))
    held = at_least(at_most(raw, indicator.cap.limit(indicator.full_marks)), indicator.floor)
    rounding = indicator.rounding or scheme.rounding
    points = rounding.apply(held.value)
    return _item(
        indicator,
        "scored",
        inputs,
        numbers=(raw.value, held.value, points),
        explanation=explain(held, points, rounding),
    )


def _item(
    indicator: Indicator,
    status: str,
    inputs: Inputs | None = None,
    *,
    numbers: tuple[Decimal, Decimal, Decimal] | None = None,
    explanation: str = "",
    reason: str = "",
) -> Item:
    raw, exact, points = numbers or (None, None, None)
    actual, target, timed, progress = _progress(indicator, inputs) if inputs else (None, None, None, None)
    return Item(
        code=indicator.code,
        title=indicator.title,
        clause=indicator.clause,
        status=status,  # type: ignore[arg-type]
        raw=raw,
        exact=exact,
        points=points,
        full_marks=indicator.full_marks,
        actual=actual,
        target=target,
        timed_target=timed,
        progress=progress,
        explanation=explanation,
        unit=indicator.measures[indicator.progress.of].unit if indicator.progress else "",
        undecided_reason=reason,
        report_only=indicator.report_only,
        figures=_figures(indicator, inputs) if inputs else (),
    )


Four = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def _progress(indicator: Indicator, inputs: Inputs) -> Four:
    """Actual, target, time-proportional target and actual ÷ target, as far as they are known."""
    if indicator.progress is None:
        return None, None, None, None
    found = inputs.values.get(indicator.progress.of)
    actual = found.value if found else None
    target = inputs.targets.get(indicator.progress.target)
    timed = CONTEXT.multiply(target, inputs.elapsed) if target is not None else None
    progress = CONTEXT.divide(actual, target) if actual is not None and target else None
    return actual, target, timed, progress


def _figures(indicator: Indicator, inputs: Inputs) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            code=definition.code,
            title=definition.title,
            value=inputs.values[code].value,
            unit=definition.unit,
            bands=tuple((band.title, inputs.in_band(code, band.code)) for band in definition.bands),
        )
        for code, definition in indicator.measures.items()
        if code in inputs.values
    )


def _sheet(scheme: Scheme, subject: Subject, items: tuple[Item, ...]) -> Sheet:
    total = ZERO
    for item in items:
        number = item.points if scheme.rounding.when == "item" else item.exact
        if number is not None and not item.report_only:
            total = CONTEXT.add(total, number)
    lowest, highest = _bounds(scheme, items, total)
    return Sheet(subject, items, scheme.rounding.apply(total), total, lowest, highest)


def _bounds(scheme: Scheme, items: tuple[Item, ...], total: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Between which totals the sheet will lie once all items are decided; None where nothing holds it."""
    by_code = {indicator.code: indicator for indicator in scheme.indicators}
    lowest: Decimal | None = total
    highest: Decimal | None = total
    for item in items:
        if item.status != "undecided" or item.report_only:
            continue
        indicator = by_code[item.code]
        ceiling, floor = indicator.cap.limit(indicator.full_marks), indicator.floor
        lowest = None if lowest is None or floor is None else CONTEXT.add(lowest, floor)
        highest = None if highest is None or ceiling is None else CONTEXT.add(highest, ceiling)
    return lowest, highest


def elapsed_part(year: int, on: date) -> Decimal:
    """The part of the year that is over at the end of the day `on`: 0 before the year, 1 after it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = min(max((on - first).days + 1, 0), (last - first).days + 1)
    return CONTEXT.divide(Decimal(days), Decimal((last - first).days + 1))
