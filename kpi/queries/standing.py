"""Standings as pages and API read them: always of the year's current run, always from the visible set."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from kpi import access
from kpi.access.award import award_candidates_visible_to
from kpi.models import AwardCandidate, Item, Run, Standing
from kpi.queries.run import current_run
from kpi.queries.scheme import read_scheme
from kpi.scoring.scheme import Group, Scheme
from staff.models import Account

HISTORY = 30


@dataclass(frozen=True, slots=True)
class Gap:
    """What parts a subject from the next better rank: the points, and who holds it."""

    points: Decimal
    rank: int
    name: str


@dataclass(frozen=True, slots=True)
class Point:
    """A subject's result in one run."""

    number: int
    as_of: date
    rank: int
    total: Decimal


def current_standings(actor: Account, year: int) -> QuerySet[Standing]:
    """The standings that readers see for the year; none before the first whole run."""
    run = current_run(year)
    standings = access.standings_visible_to(actor)
    if run is None:
        return standings.none()
    return standings.filter(run=run).select_related("person", "team", "home_team", "run")


def own_standing(actor: Account, year: int) -> Standing | None:
    """The account's own standing in the year."""
    if actor.person_id is None:
        return None
    return current_standings(actor, year).filter(person=actor.person_id).first()


def ranking(actor: Account, year: int, group: str) -> QuerySet[Standing]:
    """A group's ranking of the year's current run, best first."""
    return current_standings(actor, year).filter(group=group).order_by("rank", "subject_name", "pk")


def ranking_of_run(actor: Account, run: Run, group: str) -> QuerySet[Standing]:
    """A group's ranking as any run found it, best first."""
    found = access.standings_visible_to(actor).filter(run=run, group=group)
    return found.select_related("person", "team", "home_team", "run").order_by("rank", "subject_name", "pk")


def groups_of(run: Run) -> list[Group]:
    """The groups that the run's scheme ranks, in its order."""
    return list(read_scheme(run.scheme).groups.values())


def scheme_of(run: Run) -> Scheme:
    """The scheme the run applied."""
    return read_scheme(run.scheme)


def movement(standing: Standing) -> int | None:
    """Ranks gained (positive) or lost since the run before; None for a newcomer."""
    return None if standing.previous_rank is None else standing.previous_rank - standing.rank


def items_of(actor: Account, standing: Standing) -> QuerySet[Item]:
    """The items behind a total; empty when the actor may see the total but not what is behind it."""
    allowed = access.explained_standings_visible_to(actor).filter(pk=standing.pk)
    return Item.objects.filter(standing__in=allowed.values("pk"))


def can_open(actor: Account, standing: Standing) -> bool:
    """Whether the actor may see the items of this standing."""
    return access.explained_standings_visible_to(actor).filter(pk=standing.pk).exists()


def gap_to_next(standing: Standing) -> Gap | None:
    """How far the next better rank is; None for the first."""
    better = (
        Standing.objects.filter(run=standing.run_id, group=standing.group, rank__lt=standing.rank)
        .order_by("-rank", "subject_name")
        .first()
    )
    if better is None:
        return None
    return Gap(better.total - standing.total, better.rank, better.subject_name)


def history(standing: Standing, *, runs: int = HISTORY) -> list[Point]:
    """Rank and total of the same subject in the year's last whole runs, oldest first."""
    rows = (
        Standing.objects.filter(
            run__year=standing.run.year,
            run__state="done",
            run__lte=standing.run_id,
            group=standing.group,
            person=standing.person_id,
            team=standing.team_id,
        )
        .order_by("-run_id")
        .values_list("run__number", "run__as_of", "rank", "total")[:runs]
    )
    return [Point(*row) for row in reversed(list(rows))]


def tied_ranks(standings: Sequence[Standing]) -> set[int]:
    """The ranks that more than one subject holds."""
    ranks = Counter(standing.rank for standing in standings)
    return {rank for rank, count in ranks.items() if count > 1}


def same_subject(actor: Account, standing: Standing, run: Run) -> Standing | None:
    """The standing of the same subject in another run."""
    found = access.standings_visible_to(actor).filter(
        run=run, group=standing.group, person=standing.person_id, team=standing.team_id
    )
    return found.first()


def shares_rank(standings: Iterable[Standing]) -> set[int]:
    """Which of the standings share their rank with somebody of their run and group."""
    others = Standing.objects.filter(
        run=OuterRef("run"), group=OuterRef("group"), rank=OuterRef("rank")
    ).exclude(pk=OuterRef("pk"))
    keys = [standing.pk for standing in standings]
    return set(Standing.objects.filter(Exists(others), pk__in=keys).values_list("pk", flat=True))


def award_candidates(run: Run, *, with_passed_over: bool = False) -> QuerySet[AwardCandidate]:
    """Who stands for each award in the run; on request also those at the place whom the condition passes over."""
    found = AwardCandidate.objects.filter(run=run).select_related("standing__person", "standing__team")
    return found if with_passed_over else found.filter(passed_over=False)


def candidates_shown(actor: Account, run: Run) -> QuerySet[AwardCandidate]:
    """Who is at a place of an award, as the actor may see it: notices only of himself and his team."""
    seen = award_candidates_visible_to(actor).filter(run=run)
    return award_candidates(run, with_passed_over=True).filter(pk__in=seen.values("pk"))


def undecided_items(actor: Account, run: Run) -> QuerySet[Item]:
    """Items of the run that cannot be scored yet, with what is owed: they block publication."""
    visible = access.explained_standings_visible_to(actor).filter(run=run)
    return Item.objects.filter(
        standing__in=visible.values("pk"), status=Item.Status.UNDECIDED
    ).select_related("standing")


def undecided_by_title(run: Run) -> list[tuple[str, int]]:
    """How many subjects wait for each undecided item."""
    rows = Item.objects.filter(standing__run=run, status=Item.Status.UNDECIDED).values_list("title")
    return list(rows.annotate(count=Count("pk")).order_by("-count", "title"))
