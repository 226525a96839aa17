"""A scheme rehearsed on years that were calculated by others (细则演练): the whole calculation on a copy, nothing written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.core.cache import cache
from django.utils.translation import gettext as _

from kpi.models import LedgerLine, Run, SchemeVersion, Standing, Target
from kpi.queries.beside_words import changes_in_words
from kpi.queries.calculation import Calculation, entries_of, measure, prepare, rank, score
from kpi.queries.inputs import confirmed_inputs
from kpi.queries.measures import Extent
from kpi.queries.run import assessed_years, current_run
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import ENGINE
from kpi.queries.trial import measured
from kpi.scoring.beside import Change, beside_of, changes_by_subject
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.reading import read
from kpi.scoring.rehearsal import (
    AwardChange,
    Move,
    Sensitivity,
    Shift,
    award_changes,
    for_year,
    moves,
    sensitivity,
    shift_of,
    undecided_items,
)
from kpi.scoring.rounding import rounded
from kpi.scoring.scheme import Scheme
from kpi.scoring.what_if import Copy
from promotion.errors import Refused
from staff.models import Team

#: Part of every name under which a rehearsal is kept; raised when what is kept has another shape.
FORM = 2
KEPT_SECONDS = 24 * 60 * 60
#: Up to so many ledger lines and standings a rehearsal is carried out while its reader waits.
LINES_AT_ONCE, STANDINGS_AT_ONCE = 60_000, 1_000
Beat = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an indicator, by code and title, decides when it counts `factor` times as much."""

    code: str
    indicator: str
    factor: Decimal
    shift: Shift


@dataclass(frozen=True, slots=True)
class RehearsedGroup:
    """One group of one year: who moves, by how much all together, what each weight decides.

    `beside` are the changes of grade, gates, cards and awards, by subject.
    """

    code: str
    title: str
    moves: tuple[Move, ...]
    shift: Shift
    sensitivity: tuple[Weighed, ...]
    beside: Mapping[str, tuple[Change, ...]]

    def said(self, code: str) -> str:
        """What changes beside a subject's score, in words."""
        return changes_in_words(self.beside.get(code, ()))


@dataclass(frozen=True, slots=True)
class RehearsedYear:
    """One year calculated by its own scheme and by the rehearsed one, from the same ledger, targets and roster.

    `differs`: how many totals of today's base are not those of the run, because targets or roster changed since.
    `teams` says in which team each person serves.
    """

    year: int
    run_number: int
    as_of: date
    base: str
    groups: tuple[RehearsedGroup, ...]
    awards: tuple[AwardChange, ...]
    undecided: tuple[tuple[str, int, str], ...]
    differs: int
    teams: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A scheme version on some years, newest first."""

    scheme: str
    years: tuple[RehearsedYear, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be rehearsed. `key` names its inputs: another run, target or word of the scheme makes another key."""

    version: SchemeVersion
    runs: tuple[Run, ...]
    key: str

    @property
    def is_large(self) -> bool:
        """Whether it is more than a reader should wait for."""
        lines = LedgerLine.objects.filter(year__in=[run.year for run in self.runs]).order_by()
        standings = Standing.objects.filter(run__in=self.runs).order_by()
        return (
            lines[LINES_AT_ONCE : LINES_AT_ONCE + 1].exists()
            or standings[STANDINGS_AT_ONCE : STANDINGS_AT_ONCE + 1].exists()
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A rehearsal as it is kept for a day: under way with its progress, failed with a sentence, or done."""

    state: str
    at: float
    done: int = 0
    planned: int = 1
    step: str = ""
    error: str = ""
    result: Rehearsal | None = None


def plan_of(version: SchemeVersion, years: Sequence[int]) -> Plan:
    """The plan for these years. Raises Refused for none, and for a year without a result."""
    if not years:
        raise Refused(_("请至少选择一个年度。"), fields={"years": _("请至少选择一个年度。")})
    runs = []
    for year in sorted(set(years), reverse=True):
        run = current_run(year)
        if run is None:
            sentence = _("%(year)s 年还没有核算结果，没有可比的名次；请先核算。") % {"year": year}
            raise Refused(sentence, fields={"years": sentence})
        runs.append(run)
    inputs = [FORM, ENGINE, version.pk, version.text, [_inputs_of(version, run) for run in runs]]
    return Plan(version, tuple(runs), fingerprint(inputs)[:32])


def _inputs_of(version: SchemeVersion, run: Run) -> list[object]:
    """What a year's comparison depends on beside the words of the scheme: the run, targets, and what people reported."""
    scheme = scheme_for(version, run.year)
    targets = Target.objects.filter(year=run.year).order_by("pk")
    return [
        run.pk,
        run.fingerprint,
        list(targets.values_list("pk", "indicator", "period", "level", "amount", "unit")),
        confirmed_inputs(scheme, run.as_of).digest,
        confirmed_inputs(read_scheme(run.scheme), run.as_of).digest,
    ]


def years_offered() -> list[int]:
    """The years that a scheme can be rehearsed on, newest first."""
    return assessed_years()


def kept_rehearsal(plan: Plan) -> Kept | None:
    """What is kept of the plan, if anything is."""
    found = cache.get(name_of(plan))
    return found if isinstance(found, Kept) else None


def name_of(plan: Plan) -> str:
    return f"kpi:rehearsal:{plan.key}"


def rehearse(plan: Plan, beat: Beat) -> Rehearsal:
    """Carry a plan out, year by year."""
    steps = len(plan.runs) * STEPS
    years = []
    for position, run in enumerate(plan.runs):

        def beat_year(done: int, year: int = run.year, before: int = position * STEPS) -> None:
            beat(before + done, steps, str(year))

        years.append(_rehearsed_year(plan.version, run, beat_year))
    return Rehearsal(str(plan.version), tuple(years))


#: Base, rehearsed scheme, sensitivity.
STEPS = 3


def _rehearsed_year(version: SchemeVersion, run: Run, beat: Callable[[int], None]) -> RehearsedYear:
    base = measured(run, run.as_of)
    score(base, _silent)
    rank(base, _silent)
    beat(1)
    scheme = scheme_for(version, run.year)
    work = prepare(scheme, version.fingerprint, Extent(run.year, run.last_line, run.as_of))
    measure(work, _silent)
    copy = Copy(work.scheme, entries_of(work), work.elapsed)
    work.sheets, work.evaluation = list(copy.sheets.values()), copy.evaluation
    rank(work, _silent)
    beat(2)
    weighed = sensitivity(copy)
    beat(3)
    return RehearsedYear(
        year=run.year,
        run_number=run.number,
        as_of=run.as_of,
        base=str(run.scheme),
        groups=tuple(_group(base, work, code, weighed[code]) for code in scheme.groups),
        awards=award_changes((base.scheme, base.candidates), (scheme, work.candidates)),
        undecided=tuple(undecided_items(work.sheets)),
        differs=_differing(base, run),
        teams=_teams(work),
    )


def _group(base: Calculation, work: Calculation, code: str, weighed: Sequence[Sensitivity]) -> RehearsedGroup:
    before = [standing for standings in base.standings.values() for standing in standings]
    moved = moves(before, work.standings[code])
    title = work.scheme.groups[code].title
    beside = changes_by_subject(*(beside_of(one.outcomes.values(), one.candidates) for one in (base, work)))
    return RehearsedGroup(
        code,
        title,
        moved,
        shift_of(moved),
        tuple(Weighed(one.indicator.code, one.indicator.title, one.factor, one.shift) for one in weighed),
        {one.subject.code: beside[one.subject.code] for one in moved if one.subject.code in beside},
    )


def _differing(base: Calculation, run: Run) -> int:
    """How many subjects have another total than the run wrote."""
    keys = {one.subject.code: one.key for one in base.subjects}
    rows = Standing.objects.filter(run=run).values_list("person_id", "team_id", "total")
    written = {("person", person) if person else ("team", team): total for person, team, total in rows}
    return sum(
        written.get(keys[sheet.subject.code]) != rounded(sheet.total, 4)
        for sheet in base.sheets
        if base.scheme.group_of(sheet.subject.kind)
    )


def _teams(work: Calculation) -> dict[str, str]:
    names = dict(Team.objects.values_list("pk", "name"))
    return {one.subject.code: names.get(one.home_team, "") for one in work.subjects if one.home_team}


def _silent(_done: int, _planned: int) -> None:
    """No progress."""


def scheme_for(version: SchemeVersion, year: int) -> Scheme:
    """The version as a rule of the year. Raises Refused when it makes no sense in it."""
    if version.year == year:
        return read_scheme(version)
    return _scheme_for(version.text, year)


@lru_cache(maxsize=32)
def _scheme_for(text: str, year: int) -> Scheme:
    try:
        return parse_scheme(for_year(read(text).value, year))
    except InvalidDocument as invalid:
        words = {"year": year, "errors": "".join(str(error) for error in invalid.errors[:3])}
        raise Refused(_("这份细则不能用到 %(year)s 年：%(errors)s") % words) from invalid
