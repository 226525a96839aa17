"""The path of a point: item → rule and clause → the ledger lines that count, and those that do not, with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import Item, LedgerLine, SchemeVersion
from kpi.queries.calculation import elapsed_part
from kpi.queries.ledger import live_lines
from kpi.queries.lines import credit_lines, fact_id
from kpi.queries.measures import is_measurable, zero
from kpi.queries.roster import targets_of
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.scoring.facts import CreditLine, MeasureValue
from kpi.scoring.measures import measure
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.rules import Inputs, NotApplicable, Undecided
from kpi.scoring.scheme import Indicator, Scheme
from projects.access import achievements_visible_to, documents_visible_to
from promotion.errors import NotFound
from staff.models import Account

#: Two sums of fifty-digit quotients are the same when they agree this far.
SAME = Decimal("1e-20")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A ledger line as candidate of an item. `points` only where the rule gives points fact by fact.

    `can_open` says whether the reader may open the achievement behind it.
    """

    line: LedgerLine
    points: Decimal | None
    reason: str
    can_open: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one item: `counted` lines make the number, `excluded` ones say why they do not."""

    item: Item
    scheme_version: SchemeVersion
    indicator: Indicator | None
    counted: tuple[ExplainedLine, ...]
    excluded: tuple[ExplainedLine, ...]

    @property
    def has_points(self) -> bool:
        """Whether the points fall to single facts."""
        return any(line.points is not None for line in self.counted)


def explain_item(actor: Account, item_id: int) -> Explanation:
    """Open an item down to its achievements and their documents. Raises NotFound for what the actor may not open."""
    visible = access.explained_standings_visible_to(actor).values("pk")
    items = Item.objects.select_related("standing__run__scheme", "standing__person", "standing__team")
    item = items.filter(standing__in=visible, pk=item_id).first()
    if item is None:
        raise NotFound(_("没有这项得分，或者您不能查看它的明细。"))
    run = item.standing.run
    indicator = indicator_of(read_scheme(run.scheme), item.indicator)
    if indicator is None:
        return Explanation(item, run.scheme, None, (), ())
    lines = list(_candidates(actor, item, indicator))
    counted, reasons = verdicts_of(indicator, lines)
    points = points_by_fact(read_scheme(run.scheme), item, indicator, lines, counted, _targets(item))
    openable = set(
        achievements_visible_to(actor)
        .filter(pk__in={line.achievement_id for line in lines})
        .values_list("pk", flat=True)
    )
    explained = [
        (
            line_key(line) in counted,
            ExplainedLine(
                line,
                share_of(points.get(fact_id(line.achievement_id)), line, lines)
                if line_key(line) in counted
                else None,
                "" if line_key(line) in counted else reasons.get(line_key(line), ""),
                line.achievement_id in openable,
            ),
        )
        for line in lines
    ]
    return Explanation(
        item,
        run.scheme,
        indicator,
        tuple(line for counts, line in explained if counts),
        tuple(line for counts, line in explained if not counts),
    )


def _candidates(actor: Account, item: Item, indicator: Indicator) -> QuerySet[LedgerLine]:
    """The subject's live lines of the kinds that the indicator reads, with the documents the actor may open."""
    standing = item.standing
    kinds = {kind for definition in indicator.measures.values() for kind in definition.kinds}
    subject = {"person": standing.person_id} if standing.person_id else {"ranked_team": standing.team_id}
    lines = live_lines(standing.run.year, standing.run.last_line).filter(
        kind__in=kinds, happened_on__lte=standing.run.as_of, **subject
    )
    documents = Prefetch("achievement__documents", documents_visible_to(actor), to_attr="evidence")
    return (
        lines.select_related("achievement__decided_by", "project", "person", "team")
        .prefetch_related(documents)
        .order_by("happened_on", "achievement", "pk")
    )


def line_key(line: LedgerLine) -> Key:
    return fact_id(line.achievement_id), line.role


def verdicts_of(indicator: Indicator, lines: list[LedgerLine]) -> tuple[set[Key], dict[Key, str]]:
    """Which lines make the number, and why the others do not; a line counts when any measure of the rule counts it."""
    used = dict.fromkeys(indicator.uses().measures) or dict.fromkeys(indicator.measures)
    counted: set[Key] = set()
    reasons: dict[Key, str] = {}
    subject_lines = credit_lines(lines, "subject")
    for code in [*used, *(code for code in indicator.measures if code not in used)]:
        if code not in indicator.measures:
            continue
        value = measure(indicator.measures[code], subject_lines)
        if code in used:
            counted |= {(line.fact.id, line.role) for line in value.counted}
        for excluded in value.excluded:
            reasons.setdefault((excluded.line.fact.id, excluded.line.role), excluded.reason)
    return counted, reasons


def points_by_fact(
    scheme: Scheme,
    item: Item,
    indicator: Indicator,
    lines: list[LedgerLine],
    counted: set[Key],
    targets: Mapping[str, Decimal | None],
) -> dict[str, Decimal]:
    """The points of each counted fact, when the rule adds up fact by fact; otherwise nothing.

    Asked of the rule itself: the points of each fact alone must sum to the points of all together.
    """
    inputs = _Points(scheme, item, indicator, targets)
    kept = [line for line in lines if line_key(line) in counted]
    facts = list(dict.fromkeys(fact_id(line.achievement_id) for line in kept))
    try:
        nothing = inputs.of([])
        alone = {
            fact: inputs.of([line for line in kept if fact_id(line.achievement_id) == fact]) - nothing
            for fact in facts
        }
        together = inputs.of(kept) - nothing
    except (Undecided, NotApplicable, InvalidOperation):
        return {}
    total = sum(alone.values(), Decimal(0))
    return alone if abs(total - together) <= SAME else {}


class _Points:
    """The raw points of the item's rule for any selection of lines."""

    def __init__(
        self, scheme: Scheme, item: Item, indicator: Indicator, targets: Mapping[str, Decimal | None]
    ) -> None:
        self.scheme, self.indicator, self.targets = scheme, indicator, targets
        self.elapsed = elapsed_part(item.standing.run.as_of, scheme.elapsed_by)

    def of(self, lines: Iterable[LedgerLine]) -> Decimal:
        subject_lines: list[CreditLine] = credit_lines(lines, "subject")
        values: dict[str, MeasureValue] = {}
        for code, definition in self.indicator.measures.items():
            if is_measurable(definition):
                values[code] = measure(definition, subject_lines) if subject_lines else zero(definition)
        inputs = Inputs(values, self.targets, self.elapsed, self.indicator.measures, self.scheme.targets)
        return self.indicator.rule.compute(inputs).value


def _targets(item: Item) -> dict[str, Decimal | None]:
    """The subject's targets as they are now."""
    standing, run = item.standing, item.standing.run
    mine = Q(person=standing.person_id, team=standing.team_id)
    found = targets_of({run.year: read_scheme(run.scheme)}, mine)
    return next((dict(targets) for targets in found.values()), {})


def share_of(points: Decimal | None, line: LedgerLine, lines: list[LedgerLine]) -> Decimal | None:
    """The line's part of its fact's points, by the shares of the subject's lines of that fact."""
    if points is None:
        return None
    whole = sum((other.share for other in lines if other.achievement_id == line.achievement_id), Decimal(0))
    return CONTEXT.divide(CONTEXT.multiply(points, line.share), whole) if whole else points
