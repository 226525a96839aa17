"""What has been reached of each target, by the current run: of the year, or of one of its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpi.models import Run, RunSubtotals
from kpi.queries.ledger import live_lines
from kpi.queries.linear import Found, Key, is_linear, linear_sums
from kpi.queries.lines import credit_lines
from kpi.queries.measures import Extent, SubjectKey, is_measurable, measure_all
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import measures_of, read_subtotals
from kpi.scoring.goals import measured_by
from kpi.scoring.measures import measure
from kpi.scoring.periods import YEAR, period_days
from kpi.scoring.rounding import total
from kpi.scoring.scheme import Filter, Measure

Reached = Mapping[tuple[SubjectKey, str], Decimal]


def reached(run: Run, codes: Iterable[str], period: str = YEAR) -> dict[tuple[SubjectKey, str], Decimal]:
    """What every subject reached of each target in the period, as far as the run reads; no line is no entry.

    A target that nothing is measured against is left out.
    """
    scheme = read_scheme(run.scheme)
    known = measures_of(scheme)
    wanted: dict[str, list[Key]] = {}
    for code in codes:
        keys = [(owner, name) for owner, name in measured_by(scheme, code) if (owner, name) in known]
        if keys:
            wanted[code] = keys
    asked = {key: known[key] for keys in wanted.values() for key in keys}
    found = _subtotals(run) if period == YEAR else None
    if found is None:
        found = _measured(run, {key: _within(one, period, run.year) for key, one in asked.items()}, period)
    values: dict[tuple[SubjectKey, str], Decimal] = {}
    for subject, held in found.items():
        for code, keys in wanted.items():
            present = [held[key].value for key in keys if key in held]
            if present:
                values[subject, code] = total(present)
    return values


def _subtotals(run: Run) -> Found | None:
    """What the run itself measured, while it is kept."""
    kept = RunSubtotals.objects.filter(run=run).values_list("values", flat=True).first()
    return None if kept is None else read_subtotals(kept)


def _measured(run: Run, measures: Mapping[Key, Measure], period: str) -> Found:
    _first, last = period_days(period, run.year)
    extent = Extent(run.year, run.last_line, min(run.as_of, last))
    found = linear_sums({key: one for key, one in measures.items() if is_linear(one)}, extent)
    for key, definition in measures.items():
        if not is_linear(definition):
            for subject, value in measure_all(definition, extent).items():
                found.setdefault(subject, {})[key] = value
    return found


def _within(definition: Measure, period: str, year: int) -> Measure:
    """The measure over the facts of a period only."""
    first, last = period_days(period, year)
    days = (
        Filter("on", "gte", first.isoformat()),
        Filter("on", "lte", last.isoformat()),
    )
    return replace(definition, where=(*definition.where, *days))


def reached_by(run: Run, subject: SubjectKey, code: str, periods: Sequence[str]) -> dict[str, Decimal]:
    """What one subject reached of one target in each period, from its own lines; empty where nothing is measured."""
    scheme = read_scheme(run.scheme)
    owners = {owner.code: owner for owner in scheme.owners}
    definitions = [owners[owner].measures[name] for owner, name in measured_by(scheme, code)]
    if not definitions or not all(is_measurable(one) for one in definitions):
        return {}
    kinds = {kind for one in definitions for kind in one.kinds}
    column = "person" if subject[0] == "person" else "ranked_team"
    lines = live_lines(run.year, run.last_line).filter(
        happened_on__lte=run.as_of, kind__in=kinds, **{column: subject[1]}
    )
    credit = credit_lines(lines, f"{subject[0]}:{subject[1]}")
    return {
        period: total(measure(_within(one, period, run.year), credit).value for one in definitions)
        for period in periods
    }


def has_begun(run: Run, period: str) -> bool:
    """Whether the run reaches into the period."""
    return period_days(period, run.year)[0] <= run.as_of
