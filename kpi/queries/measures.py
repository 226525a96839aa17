"""Measures (度量) in the database: each is one statement over the ledger for all people and all ranked teams at once.

The plain reference is `kpi.scoring.measures.measure`; a property-based test holds the two together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db import connection

from kpi.scoring.facts import FACT_KINDS, MeasureValue
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Band, Filter, Measure
from projects.models import AchievementKind

SubjectKind = Literal["person", "team"]
SubjectKey = tuple[SubjectKind, int]
Measured = dict[str, dict[SubjectKey, dict[str, MeasureValue]]]

#: The columns of the ledger a filter may name, each under the words a scheme uses for it.
TEXT_ATTRIBUTES: Mapping[str, str] = {
    "industry": "industry",
    "project_class": "project_class",
    "capital_source": "capital_source",
    "channel": "channel",
    "park": "park",
    "level": "level",
    "reason": "reason",
}
#: What a measure adds up or a filter compares as a number, each with its column of the ledger.
AMOUNTS: Mapping[str, str] = {
    "amount": "full_amount",
    "amount_usd": "full_amount_usd",
    "people": "full_people",
}
#: What a filter compares in the entries of a fact.
COLUMNS: Mapping[str, str] = {
    "amount": "amount",
    "amount_usd": "full_amount_usd",
    "people": "full_people",
    "on": "to_char(day, 'YYYY-MM-DD') COLLATE \"C\"",
    **{name: f"nullif({column}, '') COLLATE \"C\"" for name, column in TEXT_ATTRIBUTES.items()},
}
COMPARISONS = {"eq": "=", "ne": "<>", "gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
LISTED = {"in": "= ANY", "not_in": "<> ALL"}
KNOWN_KINDS = {*FACT_KINDS, *AchievementKind.values}
KNOWN_ATTRIBUTES = {*TEXT_ATTRIBUTES, *AMOUNTS, "on", "investor"}


@dataclass(frozen=True, slots=True)
class Extent:
    """Which part of the ledger counts: the year, up to a line and a day."""

    year: int
    last_line: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Part:
    """Some projects, and facts (achievements) by number: what a fact counts never depends on another project."""

    projects: tuple[int, ...]
    facts: tuple[int, ...]


@dataclass(slots=True)
class Statement:
    """SQL under construction, with its parameters by name."""

    parameters: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> str:
        """A placeholder for the value."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"


def is_measurable(definition: Measure) -> bool:
    """Whether the product records such facts with all that is asked of them; another measure is an input that a person owes."""
    asked = {condition.attribute for condition in definition.where}
    known = KNOWN_KINDS.issuperset(definition.kinds) and asked <= KNOWN_ATTRIBUTES
    return bool(definition.kinds) and known and definition.field in AMOUNTS


def by_reference(definition: Measure) -> bool:
    """Whether a measure has no statement of its own and is left to the plain reference."""
    looked_up = definition.since is not None or definition.converted
    listed = any(one.operator == "on_list" or one.attribute == "investor" for one in definition.where)
    return looked_up or listed or definition.at_most is not None


def zero(definition: Measure) -> MeasureValue:
    """What a subject without any line achieved."""
    bands = {band.code: Decimal(0) for band in definition.bands} if definition.aggregate == "tiers" else {}
    return MeasureValue(Decimal(0), bands)


def measure_all(
    definition: Measure, extent: Extent, only: Part | None = None
) -> dict[SubjectKey, MeasureValue]:
    """One measure for every subject, in one query; of some projects and facts only, where they are named."""
    statement = Statement()
    sql = _sql(definition, extent, statement, only)
    with connection.cursor() as cursor:
        cursor.execute(sql, statement.parameters)
        rows = cursor.fetchall()
    if definition.aggregate != "tiers":
        return {(kind, pk): MeasureValue(value) for kind, pk, _band, value in rows}
    return _by_band(definition, rows)


def _by_band(
    definition: Measure, rows: Iterable[tuple[Any, int, int, Decimal]]
) -> dict[SubjectKey, MeasureValue]:
    bands: dict[SubjectKey, dict[str, Decimal]] = defaultdict(lambda: dict(zero(definition).bands))
    for kind, pk, band, value in rows:
        bands[kind, pk][definition.bands[band].code] = value
    totals = {subject: sum(values.values(), Decimal(0)) for subject, values in bands.items()}
    return {subject: MeasureValue(totals[subject], values) for subject, values in bands.items()}


def _sql(definition: Measure, extent: Extent, statement: Statement, only: Part | None) -> str:
    conditions = [condition_sql(condition, statement, COLUMNS) for condition in definition.where]
    if definition.aggregate in {"sum", "tiers"}:
        conditions.append("amount IS NOT NULL")
    if definition.aggregate == "tiers":
        conditions.append(f"({band_sql(definition.bands, statement)}) IS NOT NULL")
    band = band_sql(definition.bands, statement) if definition.aggregate == "tiers" else "0"
    weight = "share" if definition.share_mode == "points" else "1::numeric"
    number = f"amount * {weight}" if definition.aggregate == "sum" else weight
    return f"""
        WITH line AS ({_lines(definition, extent, statement, only)}),
        entry AS ({_entries(definition)}),
        counted AS (
            SELECT *, {_turn(definition)} AS turn FROM entry WHERE {" AND ".join(conditions) or "TRUE"}
        )
        SELECT subject_kind, subject, {band} AS band, sum({number})
        FROM counted WHERE turn = 1 OR project IS NULL GROUP BY 1, 2, 3
    """  # noqa: S608 - names are constants of this module, values are parameters


def _lines(definition: Measure, extent: Extent, statement: Statement, only: Part | None) -> str:
    """The live lines that are candidates, once for the person and once for the ranked team."""
    narrowed = ""
    if only is not None:
        projects, facts = statement.put(list(only.projects)), statement.put(list(only.facts))
        narrowed = (
            f"AND (l.project_id = ANY({projects}::bigint[]) OR l.achievement_id = ANY({facts}::bigint[]))"
        )
    column = AMOUNTS.get(definition.field)
    factor = statement.put(CONTEXT.divide(Decimal(1), definition.divisor))
    amount = f"l.{column} * {factor}::numeric" if column else "NULL::numeric"
    roles = f"AND l.role = ANY({statement.put(list(definition.roles))})" if definition.roles else ""
    last = statement.put(extent.last_line)
    return f"""
        SELECT s.kind AS subject_kind, s.id AS subject, l.*, {amount} AS measured
        FROM kpi_ledgerline l
        CROSS JOIN LATERAL (VALUES ('person', l.person_id), ('team', l.ranked_team_id)) s(kind, id)
        WHERE l.year = {statement.put(extent.year)} AND l.id <= {last} AND l.reverses_id IS NULL
          AND l.happened_on <= {statement.put(extent.as_of)} AND l.kind = ANY({statement.put(list(definition.kinds))})
          AND s.id IS NOT NULL {roles} {narrowed}
          AND NOT EXISTS (
              SELECT 1 FROM kpi_ledgerline r WHERE r.reverses_id = l.id AND r.year = l.year AND r.id <= {last}
          )
    """  # noqa: S608


def _entries(definition: Measure) -> str:
    """One row per subject and fact, with the summed share and the amount in the measure's unit."""
    share = "1::numeric" if definition.share_mode == "none" else "sum(share)"
    amount = "max(measured) * sum(share)" if definition.share_mode == "amount" else "max(measured)"
    texts = ", ".join(f"min({column}) AS {column}" for column in sorted(set(TEXT_ATTRIBUTES.values())))
    return f"""
        SELECT subject_kind, subject, achievement_id AS fact, min(project_id) AS project, min(happened_on) AS day,
               {share} AS share, {amount} AS amount, max(full_amount_usd) AS full_amount_usd,
               max(full_people) AS full_people, {texts}
        FROM line GROUP BY subject_kind, subject, achievement_id HAVING sum(share) <> 0
    """  # noqa: S608


def _turn(definition: Measure) -> str:
    """Which fact of a project counts when only one does: the first, or the highest."""
    if definition.once == "no" and definition.aggregate != "count_projects":
        return "1"
    order = "coalesce(amount, 0) DESC, day, fact" if definition.once == "highest" else "day, fact"
    return f"row_number() OVER (PARTITION BY subject_kind, subject, project ORDER BY {order})"


def condition_sql(condition: Filter, statement: Statement, columns: Mapping[str, str]) -> str:
    """A filter as SQL over the expressions in `columns`; an empty or unknown attribute, or one of another type, passes none."""
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    is_number = condition.attribute in AMOUNTS
    cast, kind = ("numeric", Decimal) if is_number else ("text", str)
    options = [value for value in wanted if isinstance(value, kind)]
    column = columns.get(condition.attribute, "")
    if not column or not options or (condition.operator in LISTED) != isinstance(condition.value, tuple):
        return "FALSE"
    if condition.operator in LISTED:
        return f"coalesce({column} {LISTED[condition.operator]}({statement.put(options)}::{cast}[]), FALSE)"
    return f"coalesce({column} {COMPARISONS[condition.operator]} {statement.put(options[0])}::{cast}, FALSE)"


def band_sql(bands: tuple[Band, ...], statement: Statement, amount: str = "amount") -> str:
    """The position of the first band that holds the amount, NULL outside all."""
    cases = []
    for position, band in enumerate(bands):
        ends = []
        if band.from_ is not None:
            ends.append(
                f"{amount} {'>=' if band.includes_from else '>'} {statement.put(band.from_)}::numeric"
            )
        if band.to is not None:
            ends.append(f"{amount} {'<=' if band.includes_to else '<'} {statement.put(band.to)}::numeric")
        cases.append(f"WHEN {' AND '.join(ends) or 'TRUE'} THEN {position}")
    return f"CASE {' '.join(cases)} END" if cases else "NULL::integer"
