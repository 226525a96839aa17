"""What has been reached of each target, by the current run: of the year, or of one of its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kpi.models import Item, Run, RunSubtotals, Target, TargetLevel
from kpi.queries.investors import with_investors
from kpi.queries.ledger import live_lines
from kpi.queries.linear import Found, Key, is_linear, linear_sums
from kpi.queries.lines import credit_lines
from kpi.queries.measures import Extent, SubjectKey, is_measurable, measure_all
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import measures_of, read_subtotals
from kpi.queries.target import TargetLine
from kpi.scoring.goals import measured_by
from kpi.scoring.measures import measure
from kpi.scoring.periods import YEAR, period_days
from kpi.scoring.rounding import CONTEXT, total
from kpi.scoring.scheme import Filter, Measure, Scheme
from kpi.scoring.scheme import Target as WantedTarget


@dataclass(frozen=True, slots=True)
class Reached:
    """What each subject reached of each target; `counted` are the targets whose figures the ledger gives."""

    amounts: Mapping[tuple[SubjectKey, str], Decimal]
    counted: frozenset[str]

    def of(self, line: TargetLine, code: str) -> Decimal | None:
        """The figure of a subject: 0 where the ledger has nothing for it, None where nobody counts or has reported."""
        found = self.amounts.get((line.key, code))
        return Decimal(0) if found is None and line.is_credited and code in self.counted else found


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One target of one subject in one period: what is set at both levels, and what was reached of it."""

    line: TargetLine
    target: WantedTarget
    period: str
    reached: Decimal | None

    @property
    def base(self) -> Decimal | None:
        return self._amount(TargetLevel.BASE)

    @property
    def stretch(self) -> Decimal | None:
        return self._amount(TargetLevel.STRETCH)

    @property
    def ratio(self) -> Decimal | None:
        present = self.line.at(self.target.code, self.period)
        same_unit = present is not None and present.unit in ("", self.target.unit)
        return ratio_of(self.reached, present) if same_unit else None

    @property
    def is_missing(self) -> bool:
        return (self.target.code, self.period, TargetLevel.BASE.value) in self.line.missing

    def _amount(self, level: str) -> Decimal | None:
        present = self.line.at(self.target.code, self.period, level)
        return present.amount if present else None


def ratio_of(actual: Decimal | None, target: Target | None) -> Decimal | None:
    """The part of a target that was reached; None without a target, or with one of 0."""
    if actual is None or target is None or not target.amount:
        return None
    return CONTEXT.divide(actual, target.amount)


def reached(run: Run, codes: Iterable[str], period: str = YEAR) -> Reached:
    """What every subject reached of each target in the period, as far as the run reads.

    Of the year it is what the run's items say, and what was measured for targets that no item shows.
    """
    scheme = read_scheme(run.scheme)
    keys = _keys(scheme, codes)
    asked = {key: measures_of(scheme)[key] for of_code in keys.values() for key in of_code}
    found = _subtotals(run) if period == YEAR else None
    if found is None:
        found = _measured(run, {key: within(one, period, run.year) for key, one in asked.items()}, period)
    amounts: dict[tuple[SubjectKey, str], Decimal] = {}
    for subject, held in found.items():
        for code, of_code in keys.items():
            present = [held[key].value for key in of_code if key in held]
            if present:
                amounts[subject, code] = total(present)
    return Reached(amounts | (_shown(run, scheme) if period == YEAR else {}), frozenset(keys))


def _keys(scheme: Scheme, codes: Iterable[str]) -> dict[str, list[Key]]:
    """The measures behind each target, as far as statements compute them."""
    known = measures_of(scheme)
    found = {code: [key for key in measured_by(scheme, code) if key in known] for code in codes}
    return {code: keys for code, keys in found.items() if keys}


def _shown(run: Run, scheme: Scheme) -> dict[tuple[SubjectKey, str], Decimal]:
    """What the items of the run show beside their targets, reported figures included."""
    targets = {one.code: one.progress.target for one in scheme.indicators if one.progress is not None}
    rows = Item.objects.filter(standing__run=run, indicator__in=targets, actual__isnull=False)
    found: dict[tuple[SubjectKey, str], Decimal] = {}
    for person, team, indicator, actual in rows.values_list(
        "standing__person", "standing__team", "indicator", "actual"
    ):
        key: SubjectKey = ("person", person) if person is not None else ("team", team)
        if actual is not None:
            found.setdefault((key, targets[indicator]), actual)
    return found


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


def within(definition: Measure, period: str, year: int) -> Measure:
    """The measure over the facts of a period only."""
    first, last = period_days(period, year)
    days = (Filter("on", "gte", first.isoformat()), Filter("on", "lte", last.isoformat()))
    return replace(definition, where=(*definition.where, *days))


def reached_by(run: Run, line: TargetLine, code: str, periods: Sequence[str]) -> dict[str, Decimal]:
    """What one subject reached of one target in each period, from its own lines; empty where nothing is counted for it."""
    scheme = read_scheme(run.scheme)
    owners = {owner.code: owner for owner in scheme.owners}
    definitions = [owners[owner].measures[name] for owner, name in measured_by(scheme, code)]
    if not line.is_credited or not definitions or not all(is_measurable(one) for one in definitions):
        return {}
    kinds = {kind for one in definitions for kind in one.kinds}
    column = "person" if line.person else "ranked_team"
    lines = live_lines(run.year, run.last_line).filter(
        happened_on__lte=run.as_of, kind__in=kinds, **{column: line.key[1]}
    )
    own, _digest = with_investors({line.key: credit_lines(lines, f"{line.key[0]}:{line.key[1]}")}, scheme)
    credit = own[line.key]
    return {
        period: total(measure(within(one, period, run.year), credit).value for one in definitions)
        for period in periods
    }


def has_begun(run: Run, period: str) -> bool:
    """Whether the run reaches into the period."""
    return period_days(period, run.year)[0] <= run.as_of
