"""Whether each achievement of a project counts, for how much, and if not why (计 / 不计，因为…)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import AssessmentYear, Item, LedgerLine, Run
from kpi.queries.investors import with_investors
from kpi.queries.line_book import LineBook
from kpi.queries.lines import credit_lines
from kpi.queries.roster import targets_of
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.queries.sources import subject_key
from kpi.queries.verdicts import Key, Parts, line_key, verdicts_of
from kpi.scoring.rounding import total
from kpi.scoring.scheme import Indicator, Scheme
from projects.access import achievements_visible_to
from projects.models import Achievement, CreditShare, Project, Recognition
from projects.queries.evidence import Checklist, checklists_of
from promotion.web.formats import exact
from staff.models import Account

ROUNDED = Decimal("0.01")


@dataclass(frozen=True)
class Verdict:
    """What one achievement brings. `counts` is None while that is open; `points` only where single facts have them.

    `reason` says why it does not count (or not yet), `indicators` what it counts towards.
    """

    achievement: Achievement
    counts: bool | None
    text: str
    tone: str
    reason: str = ""
    points: Decimal | None = None
    indicators: tuple[str, ...] = ()
    url: str = ""


@dataclass
class _Found:
    """What the items of a run say of one achievement."""

    points: Decimal = Decimal(0)
    has_points: bool = True
    indicators: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    item: int | None = None


def project_verdicts(actor: Account, project: Project) -> list[Verdict]:
    """A verdict for each achievement that is not withdrawn, by the years' current runs; a constant number of queries.

    Points are those of the people whose items the actor may open; for others it only says what the fact counts towards.
    """
    listed = achievements_visible_to(actor).filter(project=project).exclude(state=Recognition.WITHDRAWN)
    achievements = list(listed.order_by("happened_on", "id"))
    for one in achievements:
        one.project = project
    checklists = checklists_of(achievements)
    years = {one.happened_on.year for one in achievements if one.state == Recognition.RECOGNISED}
    runs = {
        each.year: each.current_run
        for each in AssessmentYear.objects.filter(year__in=years).select_related("current_run__scheme")
        if each.current_run is not None
    }
    lines = _lines(Q(project=project), runs)
    found = _found(actor, lines, runs)
    shares = list(CreditShare.objects.filter(project=project).values_list("holds_from", "holds_until"))
    credited = {line.achievement_id for line in lines}
    return [
        _verdict(one, checklists[one.pk], runs, found, shares, is_credited=one.pk in credited)
        for one in achievements
    ]


def _lines(which: Q, runs: Mapping[int, Run]) -> list[LedgerLine]:
    """The live lines of the runs' years as far as each run has read them."""
    reach = Q(pk__in=[])
    for year, run in runs.items():
        reach |= Q(year=year, pk__lte=run.last_line, happened_on__lte=run.as_of)
    reversing = LedgerLine.objects.filter(reverses=OuterRef("pk"))
    live = LedgerLine.objects.filter(~Exists(reversing), which, reach, reverses=None)
    return list(live.select_related("project", "achievement").order_by("happened_on", "achievement", "pk"))


def _found(actor: Account, own: Sequence[LedgerLine], runs: Mapping[int, Run]) -> dict[int, _Found]:
    """What the people's indicators make of the project's facts."""
    people = {line.person_id for line in own}
    facts = {line.achievement_id for line in own}
    standings = {"standing__run__in": [run.pk for run in runs.values()], "standing__person__in": people}
    items = list(Item.objects.filter(**standings).select_related("standing__run__scheme"))
    openable = set(
        access.explained_standings_visible_to(actor)
        .filter(pk__in={item.standing_id for item in items})
        .values_list("pk", flat=True)
    )
    theirs: dict[tuple[int, int | None], list[LedgerLine]] = defaultdict(list)
    for line in _lines(Q(person__in=people, kind__in=_all_kinds(items)), runs):
        theirs[line.year, line.person_id].append(line)
    schemes = {year: read_scheme(run.scheme) for year, run in runs.items()}
    targets = targets_of(schemes, Q(person__in=people))
    found: dict[int, _Found] = defaultdict(_Found)
    for item in items:
        subject = item.standing.run.year, item.standing.person_id
        held = targets.get((subject[0], ("person", subject[1] or 0)), {})
        _weigh(item, theirs[subject], held, facts, found, may_open=item.standing_id in openable)
    return found


def _all_kinds(items: Iterable[Item]) -> set[str]:
    """The kinds of fact that any measure of the items reads."""
    kinds: set[str] = set()
    for item in items:
        indicator = indicator_of(read_scheme(item.standing.run.scheme), item.indicator)
        for definition in indicator.measures.values() if indicator else ():
            kinds.update(definition.kinds)
    return kinds


def _weigh(
    item: Item,
    lines: list[LedgerLine],
    targets: Mapping[str, Decimal],
    facts: set[int],
    found: dict[int, _Found],
    *,
    may_open: bool,
) -> None:
    """Add what one item says of the facts that are asked about."""
    scheme = read_scheme(item.standing.run.scheme)
    indicator = indicator_of(scheme, item.indicator)
    if indicator is None:
        return
    kinds = {kind for definition in indicator.measures.values() for kind in definition.kinds}
    candidates = [line for line in lines if line.kind in kinds]
    asked = [line for line in candidates if line.achievement_id in facts]
    if not asked:
        return
    subject = subject_key(item.standing)
    own, _digest = with_investors({subject: credit_lines(candidates, "subject")}, scheme)
    book = LineBook(own, year=item.standing.run.year)
    counted, reasons = verdicts_of(indicator, book, subject)
    points = _points(scheme, item, indicator, targets, book, candidates, counted) if may_open else {}
    for line in asked:
        one = found[line.achievement_id]
        if line_key(line) not in counted:
            if reason := reasons.get(line_key(line)):
                one.reasons[reason] = None
            continue
        one.indicators[item.title] = None
        one.item = item.pk if may_open else one.item
        part = points.get(line.pk)
        if part is None:
            one.has_points = False
        else:
            one.points += part


def _points(
    scheme: Scheme,
    item: Item,
    indicator: Indicator,
    targets: Mapping[str, Decimal],
    book: LineBook,
    lines: Sequence[LedgerLine],
    counted: set[Key],
) -> dict[int, Decimal]:
    """The points of each line where facts have points of their own: no cap, floor or base between them and the number."""
    parts = Parts(scheme, item.standing, indicator, targets, book, lines, counted)
    if parts.unit != "fact" or item.points is None:
        return {}
    found = {line.pk: points for line in lines if (points := parts.points(line)) is not None}
    return found if abs(total(found.values()) - item.points) <= ROUNDED else {}


def _verdict(
    achievement: Achievement,
    checklist: Checklist,
    runs: Mapping[int, Run],
    found: Mapping[int, _Found],
    shares: Sequence[tuple[date, date | None]],
    *,
    is_credited: bool,
) -> Verdict:
    if achievement.state != Recognition.RECOGNISED:
        return _undecided(achievement, checklist)
    run = runs.get(achievement.happened_on.year)
    if run is None:
        reason = _("%(year)s 年没有考核结果。") % {"year": achievement.happened_on.year}
        return Verdict(achievement, False, _("不计"), "plain", reason)
    if not is_credited:
        return _uncredited(achievement, run, shares)
    one = found.get(achievement.pk)
    if one is None or not (one.indicators or one.reasons):
        return Verdict(achievement, False, _("不计"), "plain", _("指标不含这类业绩。"))
    if not one.indicators:
        return Verdict(achievement, False, _("不计"), "plain", next(iter(one.reasons)))
    url = reverse("kpi:item-explanation", args=[one.item]) if one.item else ""
    titles = tuple(one.indicators)
    if one.has_points:
        text = _("计 %(points)s") % {"points": exact(one.points, 2)}
        return Verdict(achievement, True, text, "done", "", one.points, titles, url)
    text = _("计入：%(indicator)s") % {"indicator": "、".join(titles)}
    return Verdict(achievement, True, text, "done", "", None, titles, url)


def _undecided(achievement: Achievement, checklist: Checklist) -> Verdict:
    if achievement.state == Recognition.SUBMITTED:
        if checklist.missing:
            return Verdict(achievement, None, checklist.missing_text, "attention")
        return Verdict(achievement, None, _("待认定"), "attention")
    if achievement.state == Recognition.RETURNED:
        reason = _("被退回：%(reason)s") % {"reason": achievement.decision_note}
        return Verdict(achievement, False, _("不计"), "alarm", reason)
    reason = _("%(day)s 已冲销，计过的分在核算时扣回。") % {"day": achievement.reversed_on}
    return Verdict(achievement, False, _("不计"), "plain", reason)


def _uncredited(achievement: Achievement, run: Run, shares: Sequence[tuple[date, date | None]]) -> Verdict:
    """Recognised and not in the ledger that the run read."""
    day = achievement.happened_on
    if not any(start <= day and (end is None or end > day) for start, end in shares):
        reason = _("%(day)s 没有核定的业绩份额。") % {"day": day}
        return Verdict(achievement, False, _("不计"), "alarm", reason)
    reason = _("认定在最近一次核算（截至 %(day)s）之后，下一次核算计入。") % {"day": run.as_of}
    return Verdict(achievement, None, _("待核算"), "attention", reason)
