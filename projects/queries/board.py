"""The board: counts and money per stage, the first cards of each column, and the one mark of a card."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.access import SEES_ALL
from projects.models import Achievement, CreditShare, Project, Recognition
from projects.queries.ageing import stalled_on
from projects.queries.by_team import ORDERING, first_of_stages, in_order, stalled_count
from projects.queries.clock import ClockBook, Running, clock_book
from projects.queries.drawn import DrawnProject, drawn_projects
from projects.queries.tally import NOTHING, Kept, Total, counted_by_stage, stage_totals
from projects.workflow import (
    ADMISSION_NOTE,
    GATES,
    INDUSTRY,
    INVESTOR_CODE,
    ORDER,
    PLANNED_INVESTMENT,
    Stage,
    Status,
    missing_fields,
    moves_from,
)
from promotion.web.markup import label_of
from staff.access import posts_of
from staff.models import Account, Role

CARDS = 20


@dataclass(frozen=True)
class Mark:
    """The worst that is to be said of a project: a word and its tone."""

    text: str
    tone: str


@dataclass(frozen=True)
class Move:
    """A stage that a card may go to; `asks` says that its gate needs something first."""

    stage: str
    label: str
    forward: bool
    asks: bool


@dataclass(frozen=True)
class Card:
    project: DrawnProject
    mark: Mark
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class BoardColumn:
    """One stage: how many projects and how much money (元) the filters leave, and the first cards."""

    stage: str
    label: str
    count: int
    amount: Decimal
    cards: tuple[Card, ...]
    shown: int

    @property
    def rest(self) -> int:
        return max(self.count - self.shown, 0)


def board_columns(
    actor: Account,
    found: QuerySet[Project],
    *,
    kept: Kept | None = None,
    limit: int = CARDS,
    book: ClockBook | None = None,
) -> list[BoardColumn]:
    """All columns of the board over the projects found: sums, the first ids and their rows, in a fixed number of queries.

    `kept` says that these are the visible projects of a choice that totals are kept by.
    """
    is_plain = kept is not None and kept.is_plain
    keys = first_of_stages(actor, limit) if is_plain else _first_of_each_stage(actor, found, limit)
    cards: dict[str, list[Card]] = defaultdict(list)
    for card in cards_of(actor, keys, book=book):
        cards[card.project.stage].append(card)
    totals = counted_by_stage(found) if kept is None else stage_totals(actor, kept)
    return [_column(stage, totals.get(stage, NOTHING), tuple(cards[stage])) for stage in ORDER]


def _column(stage: Stage, total: Total, cards: tuple[Card, ...]) -> BoardColumn:
    label, amount = label_of(Stage, stage), total.amount or Decimal(0)
    return BoardColumn(stage, label, total.count, amount, cards, len(cards))


def _first_of_each_stage(actor: Account, found: QuerySet[Project], limit: int) -> list[int]:
    """The keys of the first cards of each column, in one query.

    Who sees nearly all takes them from the index, column by column; who sees a part of it reads that part once.
    """
    if actor.is_role(*SEES_ALL):
        parts = [
            found.filter(stage=stage).order_by(*ORDERING).values_list("pk", flat=True)[:limit]
            for stage in ORDER
        ]
        return list(parts[0].union(*parts[1:], all=True))
    place = Window(RowNumber(), partition_by=[F("stage")], order_by=ORDERING)
    return list(found.order_by().annotate(place=place).filter(place__lte=limit).values_list("pk", flat=True))


def more_cards(
    actor: Account, found: QuerySet[Project], stage: str, offset: int, *, limit: int = CARDS
) -> BoardColumn:
    """The next cards of one column, after the first `offset`."""
    of_stage = found.filter(stage=stage)
    totals = of_stage.aggregate(count=Count("pk"), amount=Sum("planned_investment"))
    ids = list(of_stage.order_by(*ORDERING).values_list("pk", flat=True)[offset : offset + limit])
    cards = tuple(cards_of(actor, ids))
    amount = totals["amount"] or Decimal(0)
    return BoardColumn(stage, str(Stage(stage).label), totals["count"], amount, cards, offset + len(cards))


def cards_of(actor: Account, ids: Sequence[int], *, book: ClockBook | None = None) -> list[Card]:
    """The cards with these keys, in the order of the board."""
    rows = sorted(drawn_projects(ids).values(), key=lambda row: in_order(row.pk, row.planned_investment))
    changeable = changeable_among(actor, rows)
    book = book or clock_book()
    return [
        Card(row, mark_of(row, book.today, book), moves_of(row) if row.pk in changeable else ())
        for row in rows
    ]


def changeable_among(actor: Account, rows: Sequence[DrawnProject]) -> set[int]:
    """Which of the rows this account may change: `access.can_change` for many rows at once, in two queries."""
    if actor.is_role(Role.MANAGER, Role.API_CLIENT):
        return {row.pk for row in rows}
    if not actor.is_role(Role.OFFICER, Role.LEADER) or actor.person_id is None:
        return set()
    led = posts_of(actor).led
    shared = set(
        CreditShare.objects.filter(
            project__in=[row.pk for row in rows], person=actor.person_id, holds_until=None
        ).values_list("project", flat=True)
    )
    return {
        row.pk for row in rows if row.owner_id == actor.person_id or row.team_id in led or row.pk in shared
    }


def mark_of(row: Any, today: date, book: ClockBook) -> Mark:
    """The worst that is to be said: what is over, then what is missing or nearly over, then what waits; else the days."""
    days = max((today - row.stage_since).days, 0)
    if row.has_returned:
        return Mark(_("被退回"), "alarm")
    if row.status != Status.ACTIVE:
        return Mark(label_of(Status, row.status), "plain")
    clock = next((one for one in book.running(row) if one.tone != "plain"), None)
    pressing = _over(row, today, clock) or _nearly_over(row, today, clock)
    if pressing:
        return pressing
    if row.has_pending:
        return Mark(_("待认定"), "accent")
    cutoff = book.ageing.get((row.stage, row.project_class))
    if cutoff and row.verified_on and row.verified_on < cutoff:
        return Mark(_("停留 %(days)s 天") % {"days": days}, "attention")
    return Mark(_("%(days)s 天") % {"days": days}, "plain")


def _over(row: Any, today: date, clock: Running | None) -> Mark | None:
    """A blocker with a red card, a clock that ran out, a next step that is overdue."""
    if row.blocker_due and row.blocker_due < today:
        return Mark(_("堵点红牌"), "alarm")
    if clock and clock.tone == "alarm":
        return Mark(clock.text, clock.tone)
    if row.next_step and row.next_step_on and row.next_step_on < today:
        return Mark(_("逾期 %(days)s 天") % {"days": (today - row.next_step_on).days}, "alarm")
    return None


def _nearly_over(row: Any, today: date, clock: Running | None) -> Mark | None:
    """No next step, a yellow card, a clock that is about to run out."""
    if not row.next_step and row.stage != Stage.PRODUCED:
        return Mark(_("缺下一步"), "alarm")
    if row.blocker_yellow and row.blocker_yellow <= today:
        return Mark(_("堵点黄牌"), "attention")
    return Mark(clock.text, clock.tone) if clock else None


def moves_of(project: DrawnProject) -> tuple[Move, ...]:
    """Where the project may go from here, the step forward first."""
    if project.status != Status.ACTIVE:
        return ()
    present = {
        INDUSTRY: project.industry,
        PLANNED_INVESTMENT: project.planned_investment,
        ADMISSION_NOTE: project.admission_note,
        INVESTOR_CODE: project.credit_code,
    }
    there = frozenset(name for name, value in present.items() if value not in (None, ""))
    return _moves(project.stage, there, get_language() or "")


# Cards differ in their stage and in which of four things they have.
@lru_cache(maxsize=1024)
def _moves(at: str, there: frozenset[str], language: str) -> tuple[Move, ...]:
    here, present = ORDER.index(Stage(at)), dict.fromkeys(there, True)
    moves = [
        Move(
            stage,
            str(stage.label),
            ORDER.index(stage) > here,
            bool(GATES[stage].milestone or missing_fields(stage, present)),
        )
        for stage in moves_from(at)
    ]
    return tuple(sorted(moves, key=lambda move: not move.forward))


def board_signals(
    actor: Account, found: QuerySet[Project], book: ClockBook, *, kept: Kept | None = None
) -> dict[str, int]:
    """How many of the projects found stall, and how many wait for recognition: the figures on the quick filters."""
    is_plain = kept is not None and kept.is_plain
    waiting = Achievement.objects.filter(state=Recognition.SUBMITTED, project__isnull=False).values("project")
    # Asked apart: each has an index, while both together read every row.
    return {
        "stalled": stalled_count(actor, book.ageing)
        if is_plain
        else found.order_by().filter(stalled_on(book.ageing)).count(),
        "awaiting": found.order_by().filter(pk__in=waiting).count(),
    }
