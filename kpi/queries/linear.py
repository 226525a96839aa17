"""Measures that are plain sums over ledger lines: all of them in one pass over the ledger, or over its newest lines alone.

A line that reverses another has the opposite share and the same attributes, so such a sum need not know which lines are live,
and what is added to the ledger is added to the sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from kpi.queries.ledger import LEDGER
from kpi.queries.measures import (
    AMOUNTS,
    TEXT_ATTRIBUTES,
    Extent,
    Statement,
    SubjectKey,
    band_sql,
    by_reference,
    condition_sql,
    is_measurable,
)
from kpi.scoring.facts import MeasureValue
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure
from projects.models import MILESTONE_KINDS

#: Indicator (or gate) and measure.
Key = tuple[str, str]
Found = dict[SubjectKey, dict[Key, MeasureValue]]
#: The expressions a filter compares, on a line; the amount depends on the measure's unit.
TEXTS = {
    "on": "to_char(l.happened_on, 'YYYY-MM-DD') COLLATE \"C\"",
    **{name: f"nullif(l.{column}, '')" for name, column in TEXT_ATTRIBUTES.items()},
}
#: A query may not have more columns than the database returns.
MOST_COLUMNS = 400


def is_linear(definition: Measure) -> bool:
    """Whether the measure is a sum over lines.

    It is when the share is a factor of each line, nothing asks for the subject's whole part of a fact, and no fact makes
    another of the same project void: a milestone happens once in a project (constraint one_milestone_of_a_kind).
    """
    if not is_measurable(definition) or by_reference(definition):
        return False
    counts = definition.aggregate == "sum" or definition.share_mode == "points"
    asks_part = definition.share_mode == "amount" and (
        definition.aggregate == "tiers" or any(one.attribute == "amount" for one in definition.where)
    )
    once = definition.once != "no" or definition.aggregate == "count_projects"
    is_milestone = len(definition.kinds) == 1 and definition.kinds[0] in MILESTONE_KINDS
    return definition.share_mode != "none" and counts and not asks_part and (not once or is_milestone)


def linear_sums(
    measures: Mapping[Key, Measure], extent: Extent, since: int = 0, *, table: str = LEDGER
) -> Found:
    """The sums of all lines after number `since` by subject; a measure without any line is absent."""
    found: Found = defaultdict(dict)
    for portion in _portions(measures):
        for subject, values in _summed(portion, extent, since, table):
            for key, value in values.items():
                _add(found[subject], key, value)
    return dict(found)


def _add(values: dict[Key, MeasureValue], key: Key, value: MeasureValue) -> None:
    values[key] = plus(values[key], value) if key in values else value


def plus(one: MeasureValue, other: MeasureValue) -> MeasureValue:
    """Two parts of a measure together, band by band."""
    bands = {
        code: CONTEXT.add(one.bands.get(code, Decimal(0)), other.bands.get(code, Decimal(0)))
        for code in dict.fromkeys((*one.bands, *other.bands))
    }
    return MeasureValue(CONTEXT.add(one.value, other.value), bands)


def minus(one: MeasureValue, other: MeasureValue) -> MeasureValue:
    """What is left of a measure without a part of it."""
    return plus(one, MeasureValue(-other.value, {code: -value for code, value in other.bands.items()}))


def _portions(measures: Mapping[Key, Measure]) -> Iterable[dict[Key, Measure]]:
    portion: dict[Key, Measure] = {}
    width = 0
    for key, definition in measures.items():
        columns = max(len(definition.bands), 1)
        if portion and width + columns > MOST_COLUMNS:
            yield portion
            portion, width = {}, 0
        portion[key] = definition
        width += columns
    if portion:
        yield portion


def _summed(
    measures: Mapping[Key, Measure], extent: Extent, since: int, table: str
) -> Iterable[tuple[SubjectKey, dict[Key, MeasureValue]]]:
    """The sums for each person and for each ranked team, which share the rows that are of both."""
    statement = Statement()
    sql = _sql(measures, extent, since, statement).replace("{table}", table)
    with connection.cursor() as cursor:
        cursor.execute(sql, statement.parameters)
        rows = cursor.fetchall()
    for person, team, *columns in rows:
        values = _values(measures, columns)
        yield ("person", person), values
        if team is not None:
            yield ("team", team), values


def _values(measures: Mapping[Key, Measure], columns: Sequence[Any]) -> dict[Key, MeasureValue]:
    values: dict[Key, MeasureValue] = {}
    place = 0
    for key, definition in measures.items():
        width = len(definition.bands) if definition.aggregate == "tiers" else 1
        own, place = columns[place : place + width], place + width
        if all(number is None for number in own):
            continue
        numbers = [Decimal(0) if number is None else number for number in own]
        if definition.aggregate == "tiers":
            bands = {band.code: number for band, number in zip(definition.bands, numbers, strict=True)}
            values[key] = MeasureValue(sum(numbers, Decimal(0)), bands)
        else:
            values[key] = MeasureValue(numbers[0])
    return values


def _sql(measures: Mapping[Key, Measure], extent: Extent, since: int, statement: Statement) -> str:
    columns = [column for definition in measures.values() for column in _columns(definition, statement)]
    kinds = sorted({kind for definition in measures.values() for kind in definition.kinds})
    return f"""
        SELECT l.person_id, l.ranked_team_id, {", ".join(columns)} FROM {{table}} l
        WHERE l.year = {statement.put(extent.year)} AND l.id <= {statement.put(extent.last_line)}
          AND l.id > {statement.put(since)} AND l.happened_on <= {statement.put(extent.as_of)}
          AND l.kind = ANY({statement.put(kinds)})
        GROUP BY l.person_id, l.ranked_team_id
    """  # noqa: S608 - names are constants of this module, values are parameters


def _of_kinds(kinds: Sequence[str], statement: Statement) -> str:
    """One kind is compared, which is quicker than to look it up in a list of one for every line and measure."""
    if len(kinds) == 1:
        return f"l.kind = {statement.put(kinds[0])}"
    return f"l.kind = ANY({statement.put(list(kinds))})"


def _columns(definition: Measure, statement: Statement) -> Iterable[str]:
    """One column for the measure, one for each band of a measure by tiers."""
    field = AMOUNTS.get(definition.field)
    factor = statement.put(CONTEXT.divide(Decimal(1), definition.divisor))
    amount = f"(l.{field} * {factor}::numeric)" if field else "NULL::numeric"
    compared = {"amount": amount, "amount_usd": "l.full_amount_usd", "people": "l.full_people", **TEXTS}
    conditions = [_of_kinds(definition.kinds, statement)]
    if definition.roles:
        conditions.append(f"l.role = ANY({statement.put(list(definition.roles))})")
    conditions += [condition_sql(condition, statement, compared) for condition in definition.where]
    if definition.aggregate != "tiers":
        where = f"FILTER (WHERE {' AND '.join(conditions)})"
        in_units = f"sum(l.{field} * l.share) {where} * {factor}::numeric" if field else "NULL::numeric"
        yield in_units if definition.aggregate == "sum" else f"sum(l.share) {where}"
        return
    for position in range(len(definition.bands)):
        band = f"({band_sql(definition.bands, statement, amount)}) = {position}"
        yield f"sum(l.share) FILTER (WHERE {' AND '.join([*conditions, band])})"
