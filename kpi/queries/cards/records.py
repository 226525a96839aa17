"""What the card rules look at: each subject's figures at the end of a period, from runs and from the credit ledger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import ExtractMonth

from kpi.models import CardRule, Item, LedgerLine, Run, RunState, Standing
from kpi.queries.bulletin.taking import run_at
from kpi.queries.calculation import elapsed_part
from kpi.scoring.bulletin import period_of
from kpi.scoring.cards import Colour, Kind, Record, Rule, months_between, times_last

Key = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the run with what the rules look at."""

    standing: Standing
    record: Record


def rules_on(day: date) -> dict[str, list[Rule]]:
    """The rules that hold on a day, by group: of each kind and colour the latest, unless it has no limit."""
    latest: dict[tuple[str, str, str], CardRule] = {}
    for row in CardRule.objects.filter(holds_from__lte=day).order_by("holds_from"):
        latest[row.group, row.kind, row.colour] = row
    found: dict[str, list[Rule]] = defaultdict(list)
    for row in latest.values():
        if row.limit is not None:
            found[row.group].append(Rule(cast("Kind", row.kind), cast("Colour", row.colour), row.limit))
    return dict(found)


def subjects_at(
    year: int, period: str, as_of: date, groups: Iterable[str]
) -> tuple[Run | None, list[Subject]]:
    """The subjects of these groups in the run of the period's end; a constant number of queries."""
    run = run_at(year, as_of)
    if run is None:
        return None, []
    standings = list(
        Standing.objects.filter(run=run, group__in=list(groups))
        .select_related("person", "team")
        .order_by("group", "rank", "subject_name", "pk")
    )
    progress, last = _progress(standings), _months_last(year, as_of)
    signed = _last_signings(as_of)
    incidents = _incidents(year, period_of(period).days(year)[0], as_of)
    elapsed = elapsed_part(run.as_of)
    return run, [
        Subject(
            one,
            Record(
                progress.get(one.pk, {}),
                elapsed,
                times_last(last.get((one.group, one.person_id, one.team_id), [])),
                months_between(signed.get((one.person_id, one.team_id)), as_of),
                incidents.get((one.person_id, one.team_id), 0),
            ),
        )
        for one in standings
    ]


def _progress(standings: list[Standing]) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    items = Item.objects.filter(standing__in=[one.pk for one in standings], progress__isnull=False)
    for standing, title, progress in items.values_list("standing", "title", "progress"):
        found[standing][title] = progress or Decimal(0)
    return found


def _months_last(year: int, as_of: date) -> dict[tuple[str, Any, Any], list[tuple[int, int]]]:
    """Per subject its rank and the last rank of its group in the last run of each month, oldest first."""
    runs = Run.objects.filter(year=year, state=RunState.DONE, as_of__lte=as_of).order_by("as_of", "pk")
    by_month = dict(runs.annotate(month=ExtractMonth("as_of")).values_list("month", "pk"))
    rows = list(
        Standing.objects.filter(run__in=by_month.values()).values_list(
            "run", "group", "person", "team", "rank"
        )
    )
    worst: dict[tuple[int, str], int] = {}
    for run, group, _person, _team, rank in rows:
        worst[run, group] = max(worst.get((run, group), 0), rank)
    ranks = {(run, group, person, team): rank for run, group, person, team, rank in rows}
    found: dict[tuple[str, Any, Any], list[tuple[int, int]]] = defaultdict(list)
    subjects = {(group, person, team) for _run, group, person, team, _rank in rows}
    for group, person, team in subjects:
        for month in sorted(by_month):
            place = ranks.get((by_month[month], group, person, team))
            last = worst.get((by_month[month], group), 0)
            # A month in which it was not ranked breaks the row.
            found[group, person, team].append((place or 0, last if place else 1))
    return found


def _live(**narrowed: Any) -> QuerySet[LedgerLine]:
    return LedgerLine.objects.filter(reverses=None, reversed_by=None, **narrowed).order_by()


def _last_signings(as_of: date) -> dict[Key, date]:
    """The last day on which a person or a ranked team was credited with a signing."""
    lines = _live(kind="signed", happened_on__lte=as_of, happened_on__gte=date(as_of.year - 1, 1, 1))
    people: QuerySet[Any, Any] = lines.values_list("person").annotate(last=Max("happened_on"))
    teams: QuerySet[Any, Any] = (
        lines.exclude(ranked_team=None).values_list("ranked_team").annotate(last=Max("happened_on"))
    )
    return {(person, None): day for person, day in people} | {(None, team): day for team, day in teams}


def _incidents(year: int, first: date, as_of: date) -> dict[Key, int]:
    """How many incidents of the period a person or a ranked team was debited with."""
    lines = _live(year=year, kind="incident", happened_on__range=(first, as_of))
    facts = Count("achievement", distinct=True)
    people: QuerySet[Any, Any] = lines.values_list("person").annotate(facts=facts)
    teams: QuerySet[Any, Any] = (
        lines.exclude(ranked_team=None).values_list("ranked_team").annotate(facts=facts)
    )
    return {(person, None): count for person, count in people} | {
        (None, team): count for team, count in teams
    }
