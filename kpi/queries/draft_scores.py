"""A group of subjects by a scheme that is still being written: measured from the ledger of a run and scored by the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Max
from django.utils.translation import gettext as _

from kpi.models import AssessmentInput, LedgerLine, Run
from kpi.queries import calculation as engine
from kpi.queries.linear import Found
from kpi.queries.lines import needs_lines
from kpi.queries.measures import Extent
from kpi.queries.subtotals import ENGINE, in_full
from kpi.scoring.beside import NOTHING, Beside, beside_of
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.owed import Owner
from kpi.scoring.results import Standing
from kpi.scoring.scheme import Group, Indicator, Scheme
from promotion.errors import Refused

#: Beyond these a preview would no longer answer at once.
MOST_SUBJECTS, MOST_LINES = 800, 50_000
KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Was:
    """What a subject has by the draft as saved; `gates` are those that hold (None: undecided), `awards` what it stands for."""

    name: str
    total: Decimal
    place: int
    points: Mapping[str, Decimal | None]
    beside: Beside
    gates: Mapping[str, bool | None]
    awards: frozenset[str]


def before_change(scheme: Scheme, asked: Group, run: Run) -> Mapping[str, Was]:
    """The subjects of a group by the draft as saved, in whatever groups it ranks them."""
    found: dict[str, Was] = {}
    for group in scheme.groups.values():
        if group.code == asked.code or set(group.subjects) & set(asked.subjects):
            found |= _group_before(scheme, group, run)
    return found


def _group_before(scheme: Scheme, group: Group, run: Run) -> Mapping[str, Was]:
    """One group by the draft as saved; computed once for as long as nothing that it rests on changes."""
    calculation = _prepared(scheme, group, run)
    subjects = {one.subject.code: calculation.targets.get(one.key, {}) for one in calculation.subjects}
    # What people gave is never written over: the last decision tells whether anything is new.
    given = AssessmentInput.objects.aggregate(Max("decided_at"), Max("ended_at"))
    basis = [run.pk, run.fingerprint, run.last_line, sorted(map(str, given.values()))]
    name = fingerprint([ENGINE, *basis, scheme, group.code, subjects])
    kept: Mapping[str, Was] | None = cache.get(f"draft-scores:{name}")
    if kept is not None:
        return kept
    work = scored(scheme, group, run)
    beside = beside_of(work.outcomes.values(), work.candidates)
    found = {
        one.sheet.subject.code: _was(one, beside.get(one.sheet.subject.code, NOTHING), work)
        for one in work.standings[group.code]
    }
    cache.set(f"draft-scores:{name}", found, KEPT_SECONDS)
    return found


def _was(standing: Standing, beside: Beside, work: engine.Calculation) -> Was:
    code = standing.sheet.subject.code
    outcome = work.outcomes.get(code)
    return Was(
        name=standing.sheet.subject.name,
        total=standing.sheet.total,
        place=standing.place,
        points={item.code: item.points for item in standing.sheet.items},
        beside=beside,
        gates={gate.code: gate.holds for gate in outcome.gates} if outcome else {},
        awards=frozenset(
            one.award for one in work.candidates if one.subject.code == code and one.status != "passed_over"
        ),
    )


def _prepared(scheme: Scheme, group: Group, run: Run) -> engine.Calculation:
    """The group's subjects and targets."""
    calculation = engine.prepare(scheme, "", Extent(run.year, run.last_line, run.as_of))
    calculation.subjects = [one for one in calculation.subjects if one.subject.kind in group.subjects]
    return calculation


def scored(scheme: Scheme, group: Group, run: Run) -> engine.Calculation:
    """The group by the scheme: measured from the ledger of the run, scored and ranked by the engine, with what stands beside."""
    calculation = _prepared(scheme, group, run)
    if len(calculation.subjects) > MOST_SUBJECTS:
        words = {"group": group.title, "count": len(calculation.subjects)}
        raise Refused(_("“%(group)s”有 %(count)s 个对象，不能即时试算；请保存后发起核算。") % words)
    _check_lines(calculation)
    found: Found = {}
    for owner in calculation.scheme.owners:
        for key, values in _counted(calculation, owner, run).items():
            found.setdefault(key, {}).update(values)
    engine.take_subtotals(calculation, found, _silent)
    engine.score(calculation, _silent)
    engine.rank(calculation, _silent)
    return calculation


def _check_lines(calculation: engine.Calculation) -> None:
    """Rules that look at projects one by one read every line of the year: not of a large one while somebody types."""
    if not needs_lines(calculation.scheme):
        return
    lines = LedgerLine.objects.filter(year=calculation.extent.year, pk__lte=calculation.extent.last_line)
    if lines[: MOST_LINES + 1].count() > MOST_LINES:
        raise Refused(_("细则里有逐个项目计分的指标，本年业绩太多，不能即时试算；请保存后发起核算。"))


def _counted(calculation: engine.Calculation, owner: Owner, run: Run) -> Found:
    """What the ledger counts for an indicator or gate; kept for a while, because most edits change points only."""
    name = fingerprint([ENGINE, run.pk, run.fingerprint, run.last_line, owner.code, owner.measures])
    kept: Found | None = cache.get(f"draft-scores:{name}")
    if kept is not None:
        return kept
    indicators, gates = ((owner,), ()) if isinstance(owner, Indicator) else ((), (owner,))
    found = in_full(replace(calculation.scheme, indicators=indicators, gates=gates), calculation.extent)
    cache.set(f"draft-scores:{name}", found, KEPT_SECONDS)
    return found


def _silent(done: int, size: int) -> None:
    """A preview tells no progress."""
