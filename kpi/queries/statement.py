"""A statement (对账单): everything behind one total, as its run read it, so that a person can check each point."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kpi import access
from kpi.models import Item, LedgerLine, Run, Standing
from kpi.queries.explain import ExplainedLine, Explanation, explanation_of
from kpi.queries.scheme import indicator_of
from kpi.queries.sources import Sources, kinds_of, sources_of, subject_key
from kpi.queries.standing import shares_rank
from kpi.queries.uncounted import Uncounted, uncounted_of
from kpi.queries.worked import Workings
from kpi.scoring.rounding import plain, total
from kpi.scoring.scheme import Group
from promotion.errors import NotFound
from staff.models import Account

RELATED = ("run__scheme", "run__previous", "person", "team", "home_team")


@dataclass(frozen=True, slots=True)
class Statement:
    """One subject's statement. `uncounted_lines` and `uncounted_facts` bring nothing to any of the items.

    `unread` are the lines of kinds that no item reads: there may be many, and one sentence says it for all.
    """

    standing: Standing
    run: Run
    group: Group | None
    tied: bool
    parts: tuple[Explanation, ...]
    uncounted_lines: tuple[ExplainedLine, ...]
    uncounted_facts: tuple[Uncounted, ...]
    unread: tuple[ExplainedLine, ...]

    @property
    def unread_kinds(self) -> list[tuple[str, int]]:
        """How many lines of each kind no item reads."""
        kinds = Counter(str(one.line.achievement.get_kind_display()) for one in self.unread)
        return kinds.most_common()

    @property
    def exact_total(self) -> Decimal:
        """The sum of the items before rounding, as far as the run kept it; the items' own points where they are rounded."""
        return total(points_kept(part.item) for part in self.parts)

    @property
    def shown_sum(self) -> Decimal:
        """The sum of the points as they are printed."""
        scored = (part.item for part in self.parts if not is_report_only(part.item))
        return total(item.points for item in scored if item.points is not None)

    @property
    def rounding_words(self) -> str:
        """Why the printed points do not add up to the total, where they do not."""
        if self.shown_sum == self.standing.total:
            return ""
        words = {"exact": plain(self.exact_total), "total": plain(self.standing.total)}
        return _("各项得分只为显示取舍；未取舍的得分合计 %(exact)s，取舍后总分 %(total)s。") % words

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What caps, floors and vetoes kept from counting, by the title of the item."""
        return [(part.item.title, note) for part in self.parts for note in part.notes]

    @property
    def uncounted_count(self) -> int:
        rows = (self.notes, self.uncounted_lines, self.uncounted_facts, self.unread_kinds)
        return sum(len(found) for found in rows)


def points_kept(item: Item) -> Decimal:
    """What the item adds to the total: its unrounded points; nothing while undecided, or where it is only reported."""
    exact = item.measures.get("exact")
    if is_report_only(item) or exact is None:
        return Decimal(0)
    return Decimal(exact)


def is_report_only(item: Item) -> bool:
    return bool(item.measures.get("report_only"))


def statement_of(actor: Account, pk: int) -> Statement:
    """The statement of one standing. Raises NotFound for one whose items the actor may not open."""
    found = opened_standing(actor, pk)
    return statements_of(actor, found.run, [found])[0]


def opened_standing(actor: Account, pk: int) -> Standing:
    """A standing with what its statement says of it. Raises NotFound for one whose items the actor may not open."""
    found = access.explained_standings_visible_to(actor).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这份对账单，或者您不能查看：明细只对本人、本队队长和管理部门开放。"))
    return found


def statements_of(actor: Account, run: Run, standings: Sequence[Standing]) -> list[Statement]:
    """The statements of standings of one run, in a constant number of queries.

    The caller has checked that the actor may open them all.
    """
    sources = sources_of(actor, run, standings)
    items = _items(standings)
    workings = Workings(sources, standings, items)
    uncounted = uncounted_of(sources, standings)
    tied = shares_rank(standings)
    return [
        _statement(sources, workings, one, items[one.pk], uncounted[subject_key(one)], tied=one.pk in tied)
        for one in standings
    ]


def _items(standings: Iterable[Standing]) -> dict[int, list[Item]]:
    by_standing: dict[int, list[Item]] = defaultdict(list)
    rows = {one.pk: one for one in standings}
    for item in Item.objects.filter(standing__in=rows).order_by("position"):
        item.standing = rows[item.standing_id]
        by_standing[item.standing_id].append(item)
    return by_standing


def _statement(
    sources: Sources,
    workings: Workings,
    standing: Standing,
    items: Sequence[Item],
    uncounted: Sequence[Uncounted],
    *,
    tied: bool,
) -> Statement:
    parts: list[Explanation] = []
    read: set[str] = set()
    for item in items:
        indicator = indicator_of(sources.scheme, item.indicator)
        if indicator is None:
            parts.append(Explanation(item, sources.run.scheme, None))
            continue
        read |= kinds_of(indicator)
        parts.append(explanation_of(sources, workings, item, indicator, uncounted))
    uncounted_lines = list(_uncounted_lines(sources, sources.lines_of(standing), parts))
    return Statement(
        standing,
        sources.run,
        sources.scheme.groups.get(standing.group),
        tied,
        tuple(parts),
        uncounted_lines=tuple(one for one in uncounted_lines if one.line.kind in read),
        uncounted_facts=tuple(one for one in uncounted if one.achievement.kind in read),
        unread=tuple(one for one in uncounted_lines if one.line.kind not in read),
    )


def _uncounted_lines(
    sources: Sources, lines: Iterable[LedgerLine], parts: Sequence[Explanation]
) -> Iterable[ExplainedLine]:
    """The lines that count in none of the items, with the first reason given."""
    counted = {one.line.pk for part in parts for one in part.counted}
    excluded: dict[int, ExplainedLine] = {}
    for part in parts:
        for one in part.excluded:
            if one.reason:
                excluded.setdefault(one.line.pk, one)
    for line in lines:
        if line.pk in counted:
            continue
        yield excluded.get(line.pk) or ExplainedLine(
            line,
            points=None,
            reason=_("已入账，没有一项指标用到它。"),
            can_open=line.achievement_id in sources.openable,
            name=sources.name_of(line.achievement),
        )
