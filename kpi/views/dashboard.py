"""The dashboard of a team or of the whole house, and the cockpit: the same figures on a dark full screen."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi import access
from kpi.models import AssessmentYear, Item, Standing
from kpi.queries import dashboard as figures
from kpi.queries.standing import tied_ranks
from projects.models import Industry
from promotion.errors import NotFound
from promotion.web.formats import number, percent, usd_wan, yi
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.access import posts_of, teams_led_by, teams_of, teams_visible_to
from staff.models import Role, Team, TeamKind

RANKED = (TeamKind.TASK_FORCE, TeamKind.STATIONED)


@require_GET
def dashboard(request: SignedInRequest) -> HttpResponse:
    """One row of figures with their lists, then funnel, targets, ageing, ranking."""
    return page(request, "kpi/dashboard.html", dashboard_context(request), fragment="figures")


@require_GET
def cockpit(request: SignedInRequest) -> HttpResponse:
    """The dark full-screen version, for the wall; it asks for itself again every five minutes."""
    context = dashboard_context(request) | {"theme": "dark"}
    return page(request, "kpi/cockpit.html", context, fragment="figures")


def dashboard_context(request: SignedInRequest) -> dict[str, Any]:
    scope = scope_of(request)
    steps = figures.funnel(scope)
    ranking = team_ranking(scope)
    own_teams = posts_of(request.user).seen
    return {
        "scope": scope,
        "teams": teams_visible_to(request.user).filter(kind__in=RANKED),
        "figures": headline(scope),
        "steps": steps,
        "funnel": funnel_chart(steps),
        "months": month_chart(figures.by_month(scope)),
        "industries": industry_chart(scope, figures.by_industry(scope)),
        "ages": [label for label, _low, _high in figures.AGES],
        # The last stage is the end of the way: nothing ages there.
        "ageing": figures.ageing(scope)[:-1],
        "ranking": ranking,
        "own": {one.pk for one in ranking if one.team_id in own_teams},
        "tied": tied_ranks(ranking),
        "points": points_chart(ranking),
        "targets": target_rows(scope),
        "progress": None if scope.team else progress_rows(scope, ranking),
        "elapsed": elapsed(scope),
        "cockpit_url": scope_url("kpi:cockpit", scope),
        "back_url": scope_url("kpi:dashboard", scope),
        "targets_url": f"{reverse('kpi:targets')}?year={scope.year}",
    }


def scope_url(name: str, scope: figures.Scope) -> str:
    """The same scope on another page."""
    team = scope.team.public_id if scope.team else "all"
    return f"{reverse(name)}?{urlencode({'team': team, 'year': scope.year})}"


def scope_of(request: SignedInRequest) -> figures.Scope:
    """The team asked for; without one a leader's own, everybody else all that is visible. Unknown teams answer 404."""
    today = timezone.localdate()
    asked = request.GET.get("team", "")
    team: Team | None = None
    if asked and asked != "all":
        team = teams_visible_to(request.user).filter(public_id=asked).first()
        if team is None:
            raise NotFound(_("没有这个团队。"))
    elif not asked and request.user.role in (Role.LEADER, Role.OFFICER):
        own = teams_led_by(request.user) if request.user.role == Role.LEADER else teams_of(request.user)
        team = own.order_by("position").first()
    year = request.GET.get("year", "")
    return figures.Scope(
        request.user, team, int(year) if year.isdigit() and len(year) == 4 else today.year, today
    )


def headline(scope: figures.Scope) -> list[figures.Figure]:
    stock, year = figures.stock(scope), figures.year_totals(scope)
    span = {"from": f"{scope.year}-01-01", "to": f"{scope.year}-12-31", "state": "recognised"}
    achievements, projects = "projects:achievements", "projects:list"
    return [
        figures.Figure(
            _("在库项目"), number(stock["count"], 0), _("个"), scope.url(projects, status="active")
        ),
        figures.Figure(
            _("计划总投资"), yi(stock["amount"], 1), _("亿元"), scope.url(projects, status="active")
        ),
        figures.Figure(
            _("本年认定签约"),
            number(year["signed"], 0),
            _("个"),
            scope.url(achievements, kind="signed", **span),
        ),
        figures.Figure(
            _("签约认定额"),
            yi(year["signed_amount"], 1),
            _("亿元"),
            scope.url(achievements, kind="signed", **span),
        ),
        figures.Figure(
            _("外资到账"),
            usd_wan(year["paid_in_usd"], 0),
            _("万美元"),
            scope.url(achievements, kind="paid_in", **span),
        ),
        figures.Figure(
            _("待认定"),
            number(figures.waiting(scope), 0),
            _("条"),
            scope.url(achievements, state="submitted"),
        ),
        figures.Figure(
            _("下一步逾期"),
            number(stock["overdue"], 0),
            _("个"),
            scope.url(projects, status="active", step="overdue"),
        ),
    ]


def funnel_chart(steps: list[figures.FunnelStep]) -> dict[str, Any]:
    return {
        "data": {
            "items": [{"name": s.stage.label, "value": s.reached, "url": s.reached_url} for s in steps],
            "unit": _("个"),
        },
        "table": {
            "head": [
                _("阶段"),
                _("在库（个）"),
                _("计划投资（亿元）"),
                _("到过（个）"),
                _("转化率"),
                _("停留中位（天）"),
            ],
            "rows": [
                [
                    s.stage.label,
                    s.count,
                    yi(s.amount, 1),
                    s.reached,
                    percent(s.conversion),
                    s.median_days or "—",
                ]
                for s in steps
            ],
        },
    }


def month_chart(rows: list[tuple[int, int, Decimal]]) -> dict[str, Any]:
    names = [_("%(month)s月") % {"month": month} for month, _n, _amount in rows]
    return {
        "data": {
            "categories": names,
            "series": [
                {"name": _("签约认定额"), "values": [float(amount / 10**8) for _m, _n, amount in rows]}
            ],
            "unit": _("亿元"),
        },
        "table": {
            "head": [_("月份"), _("签约（个）"), _("认定额（亿元）")],
            "rows": [[name, n, yi(amount)] for name, (_m, n, amount) in zip(names, rows, strict=True)],
        },
    }


def industry_chart(scope: figures.Scope, rows: Any) -> dict[str, Any]:
    labels = dict(Industry.choices) | {"": _("未填产业")}
    names = [str(labels[row["industry"]]) for row in rows]
    # A list cannot be asked for an empty industry, so that bar leads nowhere.
    urls = [
        scope.url("projects:list", status="active", industry=row["industry"]) if row["industry"] else ""
        for row in rows
    ]
    return {
        "data": {
            "categories": names,
            "series": [{"name": _("计划投资"), "values": [float(row["amount"] / 10**8) for row in rows]}],
            "urls": urls,
            "unit": _("亿元"),
        },
        "table": {
            "head": [_("产业"), _("在库（个）"), _("计划投资（亿元）")],
            "rows": [
                [name, row["count"], yi(row["amount"], 1)] for name, row in zip(names, rows, strict=True)
            ],
        },
    }


def team_ranking(scope: figures.Scope) -> list[Standing]:
    """The teams in the order of the year's current run."""
    year = AssessmentYear.objects.filter(year=scope.year).first()
    if year is None or year.current_run_id is None:
        return []
    standings = access.standings_visible_to(scope.actor).filter(run=year.current_run_id, group="teams")
    return list(standings.select_related("team").order_by("rank", "subject_name"))


def points_chart(ranking: list[Standing]) -> dict[str, Any]:
    return {
        "data": {
            "categories": [one.subject_name for one in ranking],
            "series": [{"name": _("总分"), "values": [float(one.total) for one in ranking]}],
            "urls": [reverse("kpi:standing", args=[one.pk]) for one in ranking],
        },
        "table": {
            "head": [_("名次"), _("团队"), _("总分")],
            "rows": [[one.rank, one.subject_name, number(one.total)] for one in ranking],
        },
    }


def target_rows(scope: figures.Scope) -> list[Item]:
    """The team's indicators with their targets in the year's current run; the first team's when none is chosen."""
    year = AssessmentYear.objects.filter(year=scope.year).first()
    if year is None or year.current_run_id is None or scope.team is None:
        return []
    items = Item.objects.filter(
        standing__in=access.explained_standings_visible_to(scope.actor)
        .filter(run=year.current_run_id, team=scope.team)
        .values("pk")
    )
    return list(items.select_related("standing").order_by("position"))


def progress_rows(scope: figures.Scope, ranking: list[Standing]) -> dict[str, Any]:
    """Every team's completion against its targets, where the reader may open it; indicators without a target are left out."""
    items = Item.objects.filter(
        standing__in=access.explained_standings_visible_to(scope.actor).filter(
            pk__in=[one.pk for one in ranking]
        ),
        progress__isnull=False,
    ).order_by("position")
    heads = list(dict.fromkeys((item.indicator, item.title) for item in items))
    found = {(item.standing_id, item.indicator): item for item in items}
    rows = [
        {"standing": one, "cells": [found.get((one.pk, code)) for code, _title in heads]}
        for one in ranking
        if any((one.pk, code) in found for code, _title in heads)
    ]
    return {"heads": [title for _code, title in heads], "rows": rows} if rows else {}


def elapsed(scope: figures.Scope) -> Decimal:
    """How much of the year has passed on the day, from 0 to 1."""
    if scope.year != scope.today.year:
        return Decimal(1) if scope.year < scope.today.year else Decimal(0)
    days = Decimal(366 if scope.year % 4 == 0 else 365)
    return Decimal(scope.today.timetuple().tm_yday) / days
