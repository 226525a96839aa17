"""What changed between the published run and the final one (公示后变动), by itself: whom, by how much, why, and after which objection."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kpi.access import explained_standings_visible_to, standings_visible_to
from kpi.models import Item, Publicity, Run, ScoreObjection, Standing
from kpi.models.score_objection import GRANTED
from kpi.queries.causes import Cause, Causes
from kpi.queries.run import current_run
from kpi.queries.scheme import read_scheme
from kpi.queries.sources import subject_key
from kpi.queries.statement import RELATED
from kpi.scoring.differences import Difference, ItemDifference, Result, differences
from promotion.web.formats import NOTHING, exact, number
from staff.models import Account

#: Group, kind of subject, and its key: the same subject in any run.
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """An item whose points differ, with why, and the granted objections that led to it. `item` is the newer row."""

    item: Item
    found: ItemDifference
    causes: tuple[Cause, ...]
    objections: tuple[ScoreObjection, ...]

    @property
    def words(self) -> str:
        """12.5 → 15; a dash where there was no score."""
        shown = [
            NOTHING if points is None else exact(points) for points in (self.found.before, self.found.after)
        ]
        return " → ".join(shown)

    @property
    def cause_words(self) -> str:
        return "；".join(f"{one.name} {one.words}".strip().rstrip("。") for one in self.causes)


@dataclass(frozen=True, slots=True)
class ChangedSubject:
    """A subject that differs. `standing` is the newer of the two; the causes are for those who may open it (`can_open`)."""

    standing: Standing
    group: str
    before: Standing | None
    after: Standing | None
    found: Difference[Key]
    items: tuple[ChangedItem, ...]
    objections: tuple[ScoreObjection, ...]
    can_open: bool

    @property
    def points(self) -> Decimal:
        return self.found.points

    @property
    def is_rank_only(self) -> bool:
        return self.found.is_rank_only

    @property
    def rank_words(self) -> str:
        """5 → 3."""
        return _arrow(*(str(one.rank) if one else NOTHING for one in (self.before, self.after)))

    @property
    def total_words(self) -> str:
        """70.50 → 83.00."""
        return _arrow(*(number(one.total) if one else NOTHING for one in (self.before, self.after)))

    @property
    def merit_words(self) -> str:
        """合格 → 优秀; empty where the grade is the same."""
        merits = [one.merit if one else "" for one in (self.before, self.after)]
        return "" if merits[0] == merits[1] else _arrow(*(merit or NOTHING for merit in merits))

    @property
    def ground(self) -> str:
        """Why it differs, in a word: an objection, others' moves, or something nobody objected to."""
        if self.objections:
            return _("异议采纳")
        return _("随他人变动") if self.is_rank_only else _("没有异议的变动")

    @property
    def tone(self) -> str:
        return "done" if self.objections else "plain" if self.is_rank_only else "attention"


@dataclass(frozen=True, slots=True)
class PublicityChanges:
    """All of it. `run` is the final run, or the present one while the list is not final."""

    publicity: Publicity
    run: Run | None
    subjects: tuple[ChangedSubject, ...]

    @property
    def is_final(self) -> bool:
        return self.publicity.final_run_id is not None

    @property
    def scored(self) -> int:
        """How many differ by more than their place."""
        return sum(not one.is_rank_only for one in self.subjects)


def changes_since(actor: Account, publicity: Publicity) -> PublicityChanges:
    """The published run against the final one, or the present one before; the number of queries is constant."""
    run = publicity.final_run or current_run(publicity.year)
    if run is None or run.pk == publicity.run_id:
        return PublicityChanges(publicity, run, ())
    then, now = _standings(actor, publicity.run), _standings(actor, run)
    points = _points([*then.values(), *now.values()])
    found = differences(_results(then, points), _results(now, points))
    newest = {key: now.get(key) or then[key] for key in found}
    opened = explained_standings_visible_to(actor).filter(pk__in=[one.pk for one in newest.values()])
    may_open = set(opened.values_list("pk", flat=True))
    items = _items([each[key] for key in found for each in (then, now) if key in each])
    before = {now[key].pk: then[key] for key in found if key in now and key in then}
    causes = Causes(actor, run, [now[key] for key in found if key in now], items, before, publicity.run)
    groups = {code: group.title for code, group in read_scheme(run.scheme).groups.items()}
    granted = _granted(publicity)
    subjects = []
    for key, one in found.items():
        rows = _rows(one, now.get(key), then.get(key), items, causes, granted)
        because = {row.pk: row for each in rows for row in each.objections}
        if not one.is_rank_only:
            because |= {row.pk: row for row in granted if _is_about(row, key) and not row.indicator}
        standing = newest[key]
        both = then.get(key), now.get(key)
        titled = groups.get(key[0], key[0])
        subjects.append(
            ChangedSubject(
                standing, titled, *both, one, tuple(rows), tuple(because.values()), standing.pk in may_open
            )
        )
    subjects.sort(key=lambda one: (one.is_rank_only, -abs(one.points), one.standing.group, one.standing.rank))
    return PublicityChanges(publicity, run, tuple(subjects))


def _standings(actor: Account, run: Run) -> dict[Key, Standing]:
    rows = standings_visible_to(actor).filter(run=run).select_related(*RELATED)
    return {(one.group, *subject_key(one)): one for one in rows.order_by("group", "rank", "pk")}


def _points(standings: Iterable[Standing]) -> dict[int, dict[str, tuple[Decimal | None, bool]]]:
    """By standing and item: the points, and whether they are only reported."""
    found: dict[int, dict[str, tuple[Decimal | None, bool]]] = defaultdict(dict)
    rows = Item.objects.filter(standing__in=[one.pk for one in standings]).order_by("position")
    for pk, code, points, reported in rows.values_list(
        "standing_id", "indicator", "points", "measures__report_only"
    ):
        found[pk][code] = (points, bool(reported))
    return found


def _results(
    standings: Mapping[Key, Standing], points: Mapping[int, Mapping[str, tuple[Decimal | None, bool]]]
) -> dict[Key, Result]:
    return {
        key: Result(
            one.total,
            one.rank,
            one.merit,
            {code: value for code, (value, _reported) in points.get(one.pk, {}).items()},
            frozenset(code for code, (_value, reported) in points.get(one.pk, {}).items() if reported),
        )
        for key, one in standings.items()
    }


def _items(standings: Iterable[Standing]) -> dict[int, dict[str, Item]]:
    """The items of everybody who differs, in both runs, by standing and indicator."""
    rows = {one.pk: one for one in standings}
    found: dict[int, dict[str, Item]] = defaultdict(dict)
    for item in Item.objects.filter(standing__in=rows).order_by("position"):
        item.standing = rows[item.standing_id]
        found[item.standing_id][item.indicator] = item
    return found


def _granted(publicity: Publicity) -> list[ScoreObjection]:
    rows = ScoreObjection.objects.filter(publicity=publicity, state__in=GRANTED)
    return list(rows.select_related("standing").order_by("pk"))


def _is_about(objection: ScoreObjection, key: Key) -> bool:
    return (objection.standing.group, *subject_key(objection.standing)) == key


def _rows(
    one: Difference[Key],
    now: Standing | None,
    then: Standing | None,
    items: Mapping[int, Mapping[str, Item]],
    causes: Causes,
    granted: Sequence[ScoreObjection],
) -> list[ChangedItem]:
    """The items that differ, each with its causes and the objections it follows from: to this line, or carried out on the same fact."""
    rows = []
    newer, older = items.get(now.pk, {}) if now else {}, items.get(then.pk, {}) if then else {}
    for each in one.items:
        item = newer.get(each.code) or older[each.code]
        because = tuple(causes.of(newer.get(each.code), older.get(each.code)))
        facts = {cause.achievement.pk for cause in because if cause.achievement is not None}
        led = tuple(
            row
            for row in granted
            if (_is_about(row, one.key) and row.indicator in ("", each.code))
            or row.remedy_achievement_id in facts
        )
        rows.append(ChangedItem(item, each, because, led))
    return rows


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"
