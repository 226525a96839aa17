"""The path of a point: item → rule and clause → the ledger lines that count, and what does not, with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from kpi import access
from kpi.models import Item, LedgerLine, SchemeVersion
from kpi.queries.peers import Comparison
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.queries.sources import Sources, kinds_of, sources_of, subject_key
from kpi.queries.uncounted import Uncounted, uncounted_of
from kpi.queries.verdicts import Parts, Unit, line_key, verdicts_of
from kpi.queries.words import IndicatorWords, indicator_words
from kpi.queries.worked import Workings
from kpi.scoring.rounding import plain, rounded, total
from kpi.scoring.scheme import Indicator
from kpi.scoring.working import Stage
from promotion.errors import NotFound
from staff.models import Account


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A ledger line as candidate of an item. `points` only where the rule gives points fact by fact, or project by project.

    `name` is the project as the reader may call it; `can_open` says whether he may open the achievement behind it.
    """

    line: LedgerLine
    points: Decimal | None
    reason: str
    can_open: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one item: `counted` lines make the number, `excluded` lines and `uncounted` facts do not.

    `unit` says what the points of lines are given for; `base` is what the rule gives without any fact. `stages` are those
    of the points; `notes` say what a cap, a floor or a veto kept from counting.
    """

    item: Item
    scheme_version: SchemeVersion
    indicator: Indicator | None
    counted: tuple[ExplainedLine, ...] = ()
    excluded: tuple[ExplainedLine, ...] = ()
    uncounted: tuple[Uncounted, ...] = ()
    words: IndicatorWords | None = None
    unit: Unit | None = None
    base: Decimal = Decimal(0)
    stages: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()
    comparison: Comparison | None = None

    @property
    def has_points(self) -> bool:
        """Whether the points fall to single facts or projects."""
        return self.unit is not None

    @property
    def counted_points(self) -> Decimal:
        """What the lines bring together with the base, before cap, floor, veto and rounding."""
        return total([self.base, *(line.points for line in self.counted if line.points is not None)])

    @property
    def uncounted_count(self) -> int:
        return len(self.excluded) + len(self.uncounted) + len(self.notes)


def explain_item(actor: Account, item_id: int) -> Explanation:
    """Open an item down to its achievements and their documents. Raises NotFound for what the actor may not open."""
    visible = access.explained_standings_visible_to(actor).values("pk")
    items = Item.objects.select_related("standing__run__scheme", "standing__person", "standing__team")
    item = items.filter(standing__in=visible, pk=item_id).first()
    if item is None:
        raise NotFound(_("没有这项得分，或者您不能查看它的明细。"))
    standing = item.standing
    indicator = indicator_of(read_scheme(standing.run.scheme), item.indicator)
    if indicator is None:
        return Explanation(item, standing.run.scheme, None)
    sources = sources_of(actor, standing.run, [standing], indicators=[indicator])
    uncounted = uncounted_of(sources, [standing])[subject_key(standing)]
    siblings = {standing.pk: list(standing.items.select_related("standing__team"))}
    workings = Workings(sources, [standing], siblings)
    recorded = indicator_of(sources.scheme, item.indicator) or indicator
    return explanation_of(sources, workings, item, recorded, uncounted)


def explanation_of(
    sources: Sources,
    workings: Workings,
    item: Item,
    indicator: Indicator,
    uncounted: Iterable[Uncounted],
) -> Explanation:
    """One item explained from what was read for its standing, without another query."""
    lines = sources.lines_of(item.standing, indicator)
    key = subject_key(item.standing)
    counted, reasons = verdicts_of(indicator, sources.book, key)
    targets = sources.targets_of(item.standing)
    parts = Parts(sources.scheme, item.standing, indicator, targets, sources.book, lines, counted)
    explained = [
        ExplainedLine(
            line,
            points=parts.points(line),
            reason="" if line_key(line) in counted else reasons.get(line_key(line), ""),
            can_open=line.achievement_id in sources.openable,
            name=sources.name_of(line.achievement),
        )
        for line in lines
    ]
    kinds = kinds_of(indicator)
    worked = workings.stages(item, indicator)
    return Explanation(
        item,
        sources.run.scheme,
        indicator,
        counted=tuple(one for one in explained if line_key(one.line) in counted),
        excluded=tuple(one for one in explained if line_key(one.line) not in counted),
        uncounted=tuple(one for one in uncounted if one.achievement.kind in kinds),
        words=indicator_words(sources.scheme, indicator),
        unit=parts.unit,
        base=parts.base,
        stages=worked,
        notes=tuple(_notes(worked)),
        comparison=workings.comparison(item, indicator),
    )


def _notes(worked: Sequence[Stage]) -> Iterable[str]:
    """What a limit kept from counting, in figures."""
    for before, after in pairwise(worked):
        words = {
            "before": plain(rounded(before.value, 4)),
            "after": plain(rounded(after.value, 4)),
            "difference": plain(rounded(abs(before.value - after.value), 4)),
            "words": after.words,
        }
        if after.name == "cap" and after.value < before.value:
            yield _("封顶：算得 %(before)s 分，最高 %(after)s 分，超出的 %(difference)s 分不计。") % words
        elif after.name == "cap":
            yield _("保底：算得 %(before)s 分，最低 %(after)s 分，多扣的 %(difference)s 分不计。") % words
        elif after.name == "veto":
            yield _("%(words)s：否决之前的 %(before)s 分不计。") % words
