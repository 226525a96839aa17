"""What changed last night (昨夜变化): items before and after with what caused it, and who passed whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from kpi import access
from kpi.models import Item, Run, Standing
from kpi.queries.causes import Cause, Causes
from kpi.queries.sources import subject_key
from promotion.web.formats import NOTHING, exact
from staff.models import Account

ZERO = Decimal(0)
Placing = tuple[str, str, int | None, int]
#: Of those who passed a subject, or were passed, so many are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in this run and in the one before; None where it was not there or not scored.

    `item` is the newer row of the two, to open.
    """

    item: Item
    before: Decimal | None
    after: Decimal | None
    actual_before: Decimal | None
    actual_after: Decimal | None
    causes: tuple[Cause, ...]

    @property
    def indicator(self) -> str:
        return self.item.indicator

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def difference(self) -> Decimal:
        return (self.after or ZERO) - (self.before or ZERO)

    @property
    def words(self) -> str:
        """12.5 → 15; a dash where there was no score."""
        shown = [NOTHING if points is None else exact(points) for points in (self.before, self.after)]
        return " → ".join(shown)


@dataclass(frozen=True, slots=True)
class Changes:
    """A subject's change between two runs. `before` is None in the first run that names it.

    `passed_by` and `passed` are those of the group who went past it and whom it went past, by name.
    """

    standing: Standing
    before: Standing | None
    items: tuple[ItemChange, ...]
    passed_by: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        return self.standing.total - (self.before.total if self.before else ZERO)

    @property
    def main_causes(self) -> list[Cause]:
        """The causes of the items whose points moved, the largest first, each sentence once."""
        moved = sorted((one for one in self.items if one.difference), key=lambda one: -abs(one.difference))
        found = {(cause.name, cause.words): cause for one in moved for cause in one.causes}
        return list(found.values())


def changes_of(actor: Account, standing: Standing) -> Changes:
    """What the standing's run changed for its subject; the caller has checked that the items may be seen."""
    return changes_between(actor, standing.run, [standing])[standing.pk]


def changes_between(actor: Account, run: Run, standings: Sequence[Standing]) -> dict[int, Changes]:
    """The changes of standings of one run against the one before, by standing, in a constant number of queries.

    The caller has checked that the actor may see the items of all of them.
    """
    before = _before(run, standings)
    rows = [*standings, *before.values()]
    items = _items(rows)
    causes = Causes(actor, run, standings, items, before)
    placings = _placings(run, {standing.group for standing in standings})
    return {
        one.pk: _changes(one, before.get(one.pk), items, causes, placings[one.group]) for one in standings
    }


def open_changes(actor: Account, run: Run | None, rows: Sequence[Standing]) -> dict[int, Changes]:
    """The changes of those of the rows whose items the actor may see, by standing."""
    keys = [row.pk for row in rows]
    allowed = access.explained_standings_visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)
    seen = set(allowed)
    opened = [row for row in rows if row.pk in seen]
    return changes_between(actor, run, opened) if run and opened else {}


def _before(run: Run, standings: Sequence[Standing]) -> dict[int, Standing]:
    """The standing of the same subject in the run before, by the newer one."""
    if run.previous_id is None:
        return {}
    people = {one.person_id for one in standings if one.person_id}
    teams = {one.team_id for one in standings if one.team_id}
    kept = Standing.objects.filter(Q(person__in=people) | Q(team__in=teams), run=run.previous_id)
    found = {(one.group, subject_key(one)): one for one in kept}
    return {
        one.pk: found[one.group, subject_key(one)]
        for one in standings
        if (one.group, subject_key(one)) in found
    }


def _items(standings: Sequence[Standing]) -> dict[int, dict[str, Item]]:
    rows = {one.pk: one for one in standings}
    found: dict[int, dict[str, Item]] = defaultdict(dict)
    for item in Item.objects.filter(standing__in=rows).order_by("position"):
        item.standing = rows[item.standing_id]
        found[item.standing_id][item.indicator] = item
    return found


def _placings(run: Run, groups: set[str]) -> Mapping[str, Sequence[Placing]]:
    """Name, group, rank before and rank of everybody in the groups."""
    found: dict[str, list[Placing]] = defaultdict(list)
    rows = Standing.objects.filter(run=run, group__in=groups).order_by("rank", "subject_name")
    for row in rows.values_list("subject_name", "group", "previous_rank", "rank"):
        found[row[1]].append(row)
    return found


def _changes(
    standing: Standing,
    before: Standing | None,
    items: Mapping[int, Mapping[str, Item]],
    causes: Causes,
    placings: Sequence[Placing],
) -> Changes:
    now = items.get(standing.pk, {})
    then = items.get(before.pk, {}) if before else {}
    changed = []
    for code in dict.fromkeys([*now, *then]):
        change = _change(now.get(code), then.get(code), causes)
        if change.causes or change.before != change.after or change.actual_before != change.actual_after:
            changed.append(change)
    was, rank = standing.previous_rank, standing.rank
    if was is None:
        return Changes(standing, before, tuple(changed))
    passed_by = [name for name, _group, past, present in placings if _went_past(past, present, was, rank)]
    passed = [
        name
        for name, _group, past, present in placings
        if past is not None and _went_past(was, rank, past, present)
    ]
    return Changes(standing, before, tuple(changed), tuple(passed_by[:NAMED]), tuple(passed[:NAMED]))


def _went_past(past: int | None, present: int, other_past: int, other_present: int) -> bool:
    """Whether one who was not ahead, or new, is ahead now."""
    return present < other_present and (past is None or past >= other_past)


def _change(now: Item | None, then: Item | None, causes: Causes) -> ItemChange:
    newer = now or then
    if newer is None:
        raise ValueError("an item in neither run")
    return ItemChange(
        item=newer,
        before=then.points if then else None,
        after=now.points if now else None,
        actual_before=then.actual if then else None,
        actual_after=now.actual if now else None,
        causes=tuple(causes.of(now, then)),
    )
