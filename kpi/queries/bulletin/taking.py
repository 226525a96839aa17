"""Taking the figures of a bulletin (取数): each with the address of the list that sums to it; eleven queries whatever the data.

The whole house counts, secret projects too: only their sums are told, and no project is named. Amounts in 元 and 美元.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from kpi.models import Card, CardState, Item, Run, RunState, Standing
from kpi.queries.run import current_run
from kpi.queries.standing import groups_of
from kpi.scoring.bulletin import Compared, Span, Spans, compared, period_of, spans_of
from kpi.scoring.rounding import plain
from projects.access import parts_counted_for
from projects.models import RUNNING, Achievement, Blocker, Level
from projects.queries.ageing import stalled_on
from projects.queries.blocker import at_level
from projects.queries.clock import clock_book
from projects.queries.facts import RECOGNISED_USD
from projects.workflow import Status
from staff.models import Account, Team, TeamKind

ZERO = Decimal(0)
#: What a bulletin tells of the year: code → (kind of fact, which figure of it).
TOTALS: dict[str, tuple[str, str]] = {
    "signed": ("signed", "count"),
    "signed_amount": ("signed", "amount"),
    "registered": ("registered", "count"),
    "started": ("started", "count"),
    "completed": ("completed", "count"),
    "produced": ("produced", "count"),
    "paid_in": ("paid_in", "usd"),
    "fixed_asset": ("fixed_asset", "amount"),
    "win": ("win", "count"),
}
KINDS = sorted({kind for kind, _figure in TOTALS.values()})
TEAMS = "teams"
Monthly = dict[tuple[str, str], dict[int, Decimal]]


def take_figures(actor: Account, year: int, period: str, as_of: date) -> dict[str, Any]:
    """Everything a bulletin of the period says in figures, as plain data; the actor is one to whom every project counts."""
    spans = spans_of(period, year, as_of)
    run = run_at(year, as_of)
    before = run_at(year, period_of(period).days(year)[0], earlier=True)
    own, past = monthly(spans.year), monthly(spans.before)
    return {
        "period": [str(spans.period.first), str(spans.period.last)],
        "before": [str(spans.before.first), str(spans.before.last)],
        "taken_at": timezone.now().isoformat(timespec="seconds"),
        "run": _run(run),
        "earlier_run": _run(before),
        "totals": [_total(code, spans, compared(period, *_months(code, own, past))) for code in TOTALS],
        "months": _by_month(as_of, own, past),
        "teams": _teams(spans, run, before),
        "cards": _cards(year, period),
        "now": _now(actor),
    }


def run_at(year: int, day: date, *, earlier: bool = False) -> Run | None:
    """The run that says how the year stood on a day: the last whole one up to it (before it, if `earlier`).

    The one that readers see where it counts to that very day.
    """
    shown = current_run(year)
    if not earlier and shown is not None and shown.as_of == day:
        return shown
    upto = Q(as_of__lt=day) if earlier else Q(as_of__lte=day)
    whole = Run.objects.filter(upto, year=year, state=RunState.DONE).select_related("scheme")
    return whole.order_by("-as_of", "-pk").first()


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"id": run.public_id, "number": run.number, "as_of": str(run.as_of)}


def recognised_in(span: Span) -> QuerySet[Achievement]:
    """What was recognised and happened in these days."""
    return Achievement.objects.filter(
        state="recognised", kind__in=KINDS, happened_on__range=(span.first, span.last)
    )


def _sums() -> dict[str, Any]:
    money = {"output_field": DecimalField(max_digits=20, decimal_places=2)}
    return {
        "count": Count("pk"),
        "amount": Coalesce(Sum("recognised_cny"), ZERO, **money),
        "usd": Coalesce(Sum(RECOGNISED_USD), ZERO, **money),
    }


def monthly(span: Span) -> Monthly:
    """Number, 元 and USD per kind and month."""
    found: Monthly = defaultdict(dict)
    grouped: QuerySet[Any, Any] = recognised_in(span).order_by().values("kind", "happened_on__month")
    rows = grouped.annotate(**_sums())
    for row in rows:
        for figure in ("count", "amount", "usd"):
            found[row["kind"], figure][row["happened_on__month"]] = Decimal(row[figure])
    return found


def _months(code: str, own: Monthly, past: Monthly) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    key = TOTALS[code]
    return own.get(key, {}), past.get(key, {})


def list_of(span: Span, kind: str, teams: list[str] | None = None) -> str:
    """The list of what was recognised of a kind in these days."""
    query: dict[str, Any] = {"kind": kind, "state": "recognised", "from": span.first, "to": span.last}
    if teams:
        query["project_team"] = teams
    return f"{reverse('projects:achievements')}?{urlencode(query, doseq=True)}"


def _told(value: Decimal, url: str) -> dict[str, str]:
    return {"value": plain(value), "url": url}


def _total(code: str, spans: Spans, found: Compared) -> dict[str, Any]:
    kind = TOTALS[code][0]
    return {
        "code": code,
        "period": _told(found.period, list_of(spans.period, kind)),
        "year": _told(found.year, list_of(spans.year, kind)),
        "before": _told(found.before, list_of(spans.before, kind)),
    }


def _by_month(as_of: date, own: Monthly, past: Monthly) -> list[dict[str, Any]]:
    """The signings of each month up to the day, with those of the year before."""
    count, amount = own.get(("signed", "count"), {}), own.get(("signed", "amount"), {})
    before = past.get(("signed", "amount"), {})
    return [
        {
            "month": month,
            "signed": plain(count.get(month, ZERO)),
            "amount": plain(amount.get(month, ZERO)),
            "before": plain(before.get(month, ZERO)),
        }
        for month in range(1, as_of.month + 1)
    ]


def _teams(spans: Spans, run: Run | None, earlier: Run | None) -> list[dict[str, Any]]:
    """The ranked teams in their order: rank, movement, total, targets, and what they signed in the period."""
    if run is None or TEAMS not in {group.code for group in groups_of(run)}:
        return []
    standings = list(
        Standing.objects.filter(run=run, group=TEAMS)
        .select_related("team")
        .order_by("rank", "team__position", "pk")
    )
    past = (
        {
            row["team"]: row["rank"]
            for row in Standing.objects.filter(run=earlier, group=TEAMS).values("team", "rank")
        }
        if earlier
        else {}
    )
    signed, below = _signed_by_team(spans.period), _below()
    targets = _targets(standings)
    return [
        _team(
            one,
            past.get(one.team_id or 0),
            signed,
            below.get(one.team_id or 0, []),
            spans.period,
            targets[one.pk],
        )
        for one in standings
    ]


def _team(
    one: Standing,
    before: int | None,
    signed: dict[int, tuple[int, Decimal]],
    below: list[tuple[int, str]],
    span: Span,
    targets: list[dict[str, Any]],
) -> dict[str, Any]:
    own = [signed.get(key, (0, ZERO)) for key in (one.team_id or 0, *(key for key, _id in below))]
    url = list_of(
        span, "signed", [one.team.public_id, *(public for _key, public in below)] if one.team else None
    )
    return {
        "code": one.team.code if one.team else "",
        "name": one.subject_name,
        "rank": one.rank,
        "before": before,
        "total": plain(one.total),
        "url": reverse("kpi:standing", args=[one.pk]),
        "signed": _told(Decimal(sum(count for count, _amount in own)), url),
        "signed_amount": _told(sum((amount for _count, amount in own), ZERO), url),
        "targets": targets,
    }


def _signed_by_team(span: Span) -> dict[int, tuple[int, Decimal]]:
    grouped: QuerySet[Any, Any] = recognised_in(span).filter(kind="signed").order_by().values("project__team")
    return {row["project__team"]: (row["count"], row["amount"]) for row in grouped.annotate(**_sums())}


def _below() -> dict[int, list[tuple[int, str]]]:
    """The offices below each team, by key and public id."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Team.objects.filter(kind=TeamKind.LIAISON, parent__isnull=False).order_by("position")
    for key, public, parent in rows.values_list("pk", "public_id", "parent"):
        found[parent or 0].append((key, public))
    return found


def _targets(standings: list[Standing]) -> dict[int, list[dict[str, Any]]]:
    """Per standing, the indicators that have a target: what was reached, of how much, and where that is explained."""
    found: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in standings}
    items = Item.objects.filter(standing__in=found, target__isnull=False).order_by("position")
    for item in items:
        found[item.standing_id].append(
            {
                "code": item.indicator,
                "title": item.title,
                "actual": plain(item.actual or ZERO),
                "target": plain(item.target or ZERO),
                "unit": item.unit,
                "progress": None if item.progress is None else plain(item.progress),
                "url": reverse("kpi:item-explanation", args=[item.pk]),
            }
        )
    return found


def _cards(year: int, period: str) -> dict[str, Any]:
    """The cards shown for the period: those of teams by name, those of people by number only."""
    shown = Card.objects.filter(year=year, period=period, state=CardState.SHOWN)
    people = shown.exclude(person=None).aggregate(
        yellow=Count("pk", filter=Q(colour="yellow")), red=Count("pk", filter=Q(colour="red"))
    )
    teams = shown.exclude(team=None).select_related("team").order_by("-colour", "team__position", "pk")
    query = urlencode({"year": year, "period": period, "state": CardState.SHOWN.value, "subject": "person"})
    return {
        "people": people | {"url": f"{reverse('kpi:cards')}?{query}"},
        "teams": [
            {
                "name": one.team.name if one.team else "",
                "colour": one.colour,
                "reason": one.reason,
                "url": reverse("kpi:card", args=[one.public_id]),
            }
            for one in teams
        ],
    }


def _now(actor: Account) -> list[dict[str, Any]]:
    """What stands in the way on the day of taking: projects in hand, stalled ones, late next steps, blockers under a card."""
    today = timezone.localdate()
    active = [part.filter(status=Status.ACTIVE) for part in parts_counted_for(actor)]
    stalled = stalled_on(clock_book(today).ageing)
    running = Blocker.objects.filter(state__in=RUNNING)
    levels = running.aggregate(
        yellow=Count("pk", filter=at_level(Level.YELLOW, today)),
        red=Count("pk", filter=at_level(Level.RED, today)),
    )
    projects, blockers = reverse("projects:list"), reverse("projects:blockers")
    counted = {
        "active": (sum(part.count() for part in active), f"{projects}?status=active"),
        "stalled": (
            sum(part.filter(stalled).count() for part in active),
            f"{projects}?status=active&stalled=1",
        ),
        "overdue": (
            sum(part.filter(next_step_on__lt=today).count() for part in active),
            f"{projects}?status=active&step=overdue",
        ),
        "yellow": (levels["yellow"], f"{blockers}?level=yellow"),
        "red": (levels["red"], f"{blockers}?level=red"),
    }
    return [{"code": code, **_told(Decimal(value), url)} for code, (value, url) in counted.items()]
