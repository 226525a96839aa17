"""A year's calculation from the ledger to ranked sheets: what is read from the database, and what the pure package makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpi.queries.gathered import Gathered, completed, entry_parts, fingerprint_part, gather, projects_behind
from kpi.queries.inputs import as_recorded
from kpi.queries.linear import Found
from kpi.queries.lines import project_names
from kpi.queries.measures import Extent, SubjectKey, is_measurable, zero
from kpi.queries.roster import Assessed, assessed_subjects, targets_by_subject
from kpi.queries.subtotals import ENGINE, in_full
from kpi.scoring import awards, ranking
from kpi.scoring import evaluate as evaluating
from kpi.scoring.evaluate import Entry, Evaluation
from kpi.scoring.facts import MeasureValue
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.outcomes import outcomes
from kpi.scoring.results import Candidate, Outcome, Sheet, Standing
from kpi.scoring.scheme import Scheme

Values = dict[str, dict[str, MeasureValue]]
Beat = Callable[[int, int], None]
EVERY = 25


def as_of_day(year: int, today: date) -> date:
    """Until which day the year counts: today in the running year, 31 December in a past one."""
    return min(today, date(year, 12, 31))


def elapsed_part(as_of: date, by: str = "days") -> Decimal:
    """The part of the year that is past at the end of the day, 1 on 31 December."""
    return evaluating.elapsed_part(as_of.year, as_of, by)


@dataclass(slots=True)
class Calculation:
    """Everything one run reads, and what it finds step by step."""

    scheme: Scheme
    scheme_fingerprint: str
    extent: Extent
    subjects: list[Assessed]
    targets: dict[SubjectKey, dict[str, Decimal]]
    measured: dict[SubjectKey, Values] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    standings: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    subtotals: Found = field(default_factory=dict)
    ledger: str = ""
    gathered: Gathered = field(default_factory=Gathered)
    evaluation: Evaluation | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def elapsed(self) -> Decimal:
        return elapsed_part(self.extent.as_of, self.scheme.elapsed_by)


def prepare(scheme: Scheme, scheme_fingerprint: str, extent: Extent) -> Calculation:
    """Read roster and targets; subjects of kinds that the scheme does not rank are left out."""
    subjects = [
        one for one in assessed_subjects(extent.year, extent.as_of) if scheme.group_of(one.subject.kind)
    ]
    targets = targets_by_subject(extent.year, scheme)
    return Calculation(as_recorded(scheme), scheme_fingerprint, extent, subjects, targets)


def measure(calculation: Calculation, beat: Beat) -> None:
    """Measure all subjects from the whole ledger of the year."""
    take_subtotals(calculation, in_full(calculation.scheme, calculation.extent), beat)


def take_subtotals(calculation: Calculation, found: Found, beat: Beat) -> None:
    """Give each subject its measures; nothing achieved is a zero, an unrecorded kind of fact is absent."""
    calculation.subtotals = found
    gathered = calculation.gathered = gather(calculation.scheme, calculation.extent)
    owners = calculation.scheme.owners
    zeros = {
        owner.code: {code: zero(one) for code, one in owner.measures.items() if is_measurable(one)}
        for owner in owners
    }
    for one in calculation.subjects:
        own: Values = {owner.code: dict(zeros[owner.code]) for owner in owners}
        for (owner_code, code), value in found.get(one.key, {}).items():
            own[owner_code][code] = value
        calculation.measured[one.key] = {
            owner.code: completed(gathered, owner, one, own[owner.code]) for owner in owners
        }
    beat(1, 1)


def score(calculation: Calculation, beat: Beat) -> None:
    """Let the scheme make points of measures and targets, subject by subject."""
    size = len(calculation.subjects)
    evaluation = calculation.evaluation = Evaluation(
        calculation.scheme, entries_of(calculation), calculation.elapsed
    )
    calculation.sheets = []
    for position, one in enumerate(calculation.subjects):
        calculation.sheets.append(evaluation.sheet(one.subject.code))
        if (position + 1) % EVERY == 0 or position + 1 == size:
            beat(position + 1, size)


def entries_of(calculation: Calculation) -> list[Entry]:
    """What is known of each subject once it is measured."""
    names = project_names(projects_behind(calculation.gathered))
    return [_entry(calculation, one, names) for one in calculation.subjects]


def _entry(calculation: Calculation, one: Assessed, names: Mapping[str, str]) -> Entry:
    return Entry(
        subject=one.subject,
        measures=calculation.measured[one.key],
        targets=calculation.targets.get(one.key, {}),
        names=names,
        **entry_parts(calculation.gathered, calculation.scheme, one, calculation.extent.as_of),
    )


def rank(calculation: Calculation, beat: Beat) -> None:
    """Places in each group, and who stands for each award."""
    groups = calculation.scheme.groups
    calculation.standings = {}
    for position, (code, group) in enumerate(groups.items()):
        calculation.standings[code] = ranking.rank(calculation.sheets, group)
        beat(position + 1, len(groups))
    beside = _outcomes(calculation)
    calculation.outcomes = {outcome.subject.code: outcome for outcome in beside}
    calculation.candidates = awards.candidates(
        calculation.scheme,
        calculation.standings,
        calculation.elapsed,
        beside,
        calculation.evaluation,
    )


def _outcomes(calculation: Calculation) -> tuple[Outcome, ...]:
    """Gates and grades, which look at totals and places."""
    if calculation.evaluation is None:
        return ()
    return outcomes(calculation.scheme, calculation.evaluation, calculation.standings)


def input_fingerprint(calculation: Calculation) -> str:
    """What the result depends on, as one digest: scheme, ledger, targets, roster, day and engine.

    `calculation.ledger` is the ledger's own fingerprint (`kpi.queries.ledger.ledger_digest`).
    """
    subjects = {one.key: one.subject.code for one in calculation.subjects}
    return fingerprint(
        {
            "engine": ENGINE,
            "scheme": calculation.scheme_fingerprint,
            "ledger": calculation.ledger,
            "targets": {code: calculation.targets.get(key, {}) for key, code in subjects.items()},
            "roster": sorted(
                [one.subject.code, one.subject.kind, one.subject.name, one.grade]
                for one in calculation.subjects
            ),
            "as_of": calculation.extent.as_of,
            **fingerprint_part(calculation.gathered),
        }
    )
