"""Scores: one's own, any standing one may open, where a point comes from, the ranking, and what a project earned."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi import access
from kpi.models import AssessmentYear, Standing
from kpi.queries import standing as standings
from kpi.queries.calculation import elapsed_part
from kpi.queries.changes import changes_of
from kpi.queries.explain import explain_item
from kpi.queries.run import current_run
from projects.access import projects_visible_to
from promotion.errors import NotFound
from promotion.web.formats import number
from promotion.web.pages import page
from staff.access import teams_of

TEAMS, OFFICERS = "teams", "officers"


def asked_year(request: HttpRequest) -> int:
    """The year of the page: what the address says, else this one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and len(text) == 4 else timezone.localdate().year


def years() -> list[int]:
    """The years that have a whole run, newest first."""
    return list(AssessmentYear.objects.exclude(current_run=None).order_by("-year").values_list("year", flat=True))


@require_GET
def score(request: HttpRequest) -> HttpResponse:
    """One's own score of the year; who has none (managers, HR) is shown the ranking."""
    year = asked_year(request)
    own = standings.own_standing(request.user, year)
    if own is None:
        return ranking(request)
    return page(request, "kpi/standing.html", standing_context(request, own), fragment="body")


@require_GET
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Any standing: its total is open to the house, its items to those who may explain them."""
    found = get_object_or_404(
        access.standings_visible_to(request.user).select_related("run__scheme", "run__previous", "person", "team", "home_team"),
        pk=pk,
    )
    return page(request, "kpi/standing.html", standing_context(request, found), fragment="body")


def standing_context(request: HttpRequest, one: Standing) -> dict[str, Any]:
    run = one.run
    can_open = standings.can_open(request.user, one)
    items = list(standings.items_of(request.user, one)) if can_open else []
    return {
        "standing": one,
        "run": run,
        "is_current": current_run(run.year) == run,
        "can_open": can_open,
        "items": items,
        "changes": changes_of(one) if can_open else None,
        "gap": standings.gap_to_next(one),
        "elapsed": elapsed_part(run.as_of),
        "ranking_url": f"{reverse('kpi:ranking')}?year={run.year}&group={one.group}",
        "team_standing": team_standing(request, one),
        "years": years(),
        "is_own": one.person_id is not None and one.person_id == request.user.person_id,  # type: ignore[union-attr]
        "history": history_chart(standings.history(one)),
        "explanation": explain_item(request.user, items[0].pk) if items else None,
    }


def team_standing(request: HttpRequest, one: Standing) -> Standing | None:
    """The standing of the team a person serves in, of the same run; a liaison office counts for its parent."""
    if one.person_id is None or one.home_team is None:
        return None
    teams = [team for team in (one.home_team_id, one.home_team.parent_id) if team]
    return access.standings_visible_to(request.user).filter(run=one.run_id, group=TEAMS, team__in=teams).first()


def history_chart(points: list[standings.Point]) -> dict[str, Any]:
    names = [_("第 %(number)s 次") % {"number": point.number} for point in points]
    return {
        "data": {"categories": names, "series": [{"name": _("总分"), "values": [float(p.total) for p in points]}]},
        "table": {
            "head": [_("核算"), _("截至"), _("名次"), _("总分")],
            "rows": [
                [name, p.as_of.isoformat(), p.rank, number(p.total)] for name, p in zip(names, points, strict=True)
            ],
        },
        "count": len(points),
    }


@require_GET
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a point comes from: rule, arithmetic, facts, credit, evidence; and what did not count, and why."""
    found = explain_item(request.user, pk)
    context = {"explanation": found, "standing": found.item.standing, "run": found.item.standing.run}
    return page(request, "kpi/explanation.html", context, fragment="path")


@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """A group's ranking of a year with movement, and who stands for each award today."""
    year = asked_year(request)
    run = current_run(year)
    groups = standings.groups_of(run) if run else []
    codes = [group.code for group in groups]
    group = request.GET.get("group", "")
    group = group if group in codes else (codes[0] if codes else "")
    listed = list(standings.ranking(request.user, year, group)) if run else []
    own_teams = set(teams_of(request.user).values_list("pk", flat=True))
    context = {
        "year": year,
        "years": years(),
        "run": run,
        "groups": [{"label": g.title, "url": f"?year={year}&group={g.code}", "active": g.code == group} for g in groups],
        "standings": listed,
        "tied": standings.tied_ranks(listed),
        "awards": standings.award_candidates(run) if run else [],
        "undecided": standings.undecided_by_title(run) if run else [],
        "can_export": access.can_export_ranking(request.user),
        "can_start": access.can_start_run(request.user),
        "own": {one.pk for one in listed if is_own(request, one, own_teams)},
    }
    return page(request, "kpi/ranking.html", context, fragment="body")


def is_own(request: HttpRequest, one: Standing, own_teams: set[int]) -> bool:
    person = request.user.person_id  # type: ignore[union-attr]
    return (one.person_id is not None and one.person_id == person) or one.team_id in own_teams


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """The three figures at the head of the workbench: a fragment that the lower page leaves a slot for."""
    own = standings.own_standing(request.user, timezone.localdate().year)
    return page(request, "kpi/summary.html", {"standing": own})


@require_GET
def team_score(request: HttpRequest, public_id: str) -> HttpResponse:
    """A team's standing for the slot on its own page."""
    return slot(request, team__public_id=public_id)


@require_GET
def person_score(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person's standing for the slot on the personal page."""
    return slot(request, person__public_id=public_id)


def slot(request: HttpRequest, **subject: str) -> HttpResponse:
    year = timezone.localdate().year
    found = standings.current_standings(request.user, year).filter(**subject).first()
    return page(request, "kpi/slot.html", {"standing": found, "year": year})


@require_GET
def project_credit(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a project brought to whom, line by line: the slot on its record page."""
    project = projects_visible_to(request.user).filter(public_id=public_id).first()
    if project is None:
        raise NotFound(_("没有这个项目，或您无权查看。"))
    lines = (
        access.ledger_lines_visible_to(request.user)
        .filter(project=project)
        .select_related("person", "team", "achievement")
        .order_by("happened_on", "achievement_id", "pk")
    )
    return page(request, "kpi/project_credit.html", {"project": project, "lines": lines})

