"""Scores: one's own, any standing one may open, where a point comes from, the ranking, and what a project earned."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi import access
from kpi.models import Run, Standing
from kpi.queries import standing as standings
from kpi.queries.calculation import elapsed_part
from kpi.queries.cards.listing import cards_of
from kpi.queries.changes import changes_of
from kpi.queries.explain import explain_item
from kpi.queries.project_credit import project_verdicts as verdicts_of_project
from kpi.queries.run import assessed_years, current_run, whole_run
from kpi.scoring.scheme import Group
from kpi.views.explanation import objection_link, path_context
from kpi.views.owing import owing_rows
from projects.access import projects_visible_to
from promotion.errors import NotFound
from promotion.web.formats import number
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.access import posts_of
from staff.models import Grade

TEAMS, OFFICERS = "teams", "officers"


def asked_year(request: SignedInRequest) -> int:
    """The year of the page: what the address says, else this one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and len(text) == 4 else timezone.localdate().year


@require_GET
def score(request: SignedInRequest) -> HttpResponse:
    """One's own score of the year; who has none (managers, HR) is shown the ranking."""
    year = asked_year(request)
    own = standings.own_standing(request.user, year)
    if own is None:
        return ranking(request)
    return page(request, "kpi/standing.html", standing_context(request, own))


@require_GET
def standing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Any standing: its total is open to the house, its items to those who may explain them."""
    related = ("run__scheme", "run__previous", "person", "team", "home_team")
    found = get_object_or_404(access.standings_visible_to(request.user).select_related(*related), pk=pk)
    return page(request, "kpi/standing.html", standing_context(request, found))


def standing_context(request: SignedInRequest, one: Standing) -> dict[str, Any]:
    run = one.run
    can_open = standings.can_open(request.user, one)
    items = list(standings.items_of(request.user, one)) if can_open else []
    owing = owing_rows(request, one, items)
    is_own = one.person_id is not None and one.person_id == request.user.person_id
    ranking_url = f"{reverse('kpi:ranking')}?year={run.year}&group={one.group}"
    context = {
        "standing": one,
        "run": run,
        "is_own": is_own,
        **past_context(request, one),
        "title": standing_title(one, is_own=is_own),
        "marks": [] if one.person is None else standing_marks(one),
        "back_url": "" if is_own else ranking_url,
        "ranking_url": ranking_url,
        "rank_label": _("个人排名") if one.person_id else _("团队排名"),
        "can_open": can_open,
        "items": items,
        "undecided": [(item, owing.get(item.pk, [])) for item in items if item.pk in owing],
        "changes": changes_of(request.user, one) if can_open else None,
        "gap": standings.gap_to_next(one),
        "what_if_url": f"{reverse('kpi:what-if')}?year={run.year}",
        "elapsed": elapsed_part(run.as_of),
        "team_standing": team_standing(request, one),
        "members": members_of(request, one),
        "years": assessed_years(),
        "history": history_chart(standings.history(one)),
        **objection_link(request, one),
    }
    return context | (path_context(explain_item(request.user, items[0].pk), owing) if items else {})


def past_context(request: SignedInRequest, one: Standing) -> dict[str, Any]:
    """Whether the standing is that of the year's current run, and where the present one is if it is not."""
    now = current_run(one.run.year)
    if now is None or now == one.run:
        return {"is_current": now == one.run, "current_url": ""}
    present = standings.same_subject(request.user, one, now)
    address = reverse("kpi:standing", args=[present.pk]) if present else reverse("kpi:ranking")
    return {"is_current": False, "current_url": address}


def standing_title(one: Standing, *, is_own: bool) -> str:
    """我的考核 · 2026 年度, or the subject's name in its place."""
    words = {"name": _("我的考核") if is_own else one.subject_name, "year": one.run.year}
    return _("%(name)s · %(year)s 年度") % words


def standing_marks(one: Standing) -> list[tuple[str, str]]:
    """Grade and team on the day of the run, beside the title."""
    grade = (str(Grade(one.grade).label), "accent") if one.grade else None
    team = (one.home_team.name, "plain") if one.home_team else None
    return [mark for mark in (grade, team) if mark]


def members_of(request: SignedInRequest, one: Standing) -> list[Standing]:
    """The people of a team and of the offices below it, as they stand in the same run."""
    if one.team_id is None:
        return []
    served = Q(home_team=one.team_id) | Q(home_team__parent=one.team_id)
    found = access.standings_visible_to(request.user).filter(served, run=one.run_id, person__isnull=False)
    return list(found.order_by("rank", "subject_name"))


def team_standing(request: SignedInRequest, one: Standing) -> Standing | None:
    """The standing of the team a person serves in, of the same run; a liaison office counts for its parent."""
    if one.person_id is None or one.home_team is None:
        return None
    teams = [team for team in (one.home_team_id, one.home_team.parent_id) if team]
    return (
        access.standings_visible_to(request.user).filter(run=one.run_id, group=TEAMS, team__in=teams).first()
    )


def history_chart(points: list[standings.Point]) -> dict[str, Any]:
    names = [_("第 %(number)s 次") % {"number": point.number} for point in points]
    return {
        "data": {
            "categories": names,
            "series": [{"name": _("总分"), "values": [float(p.total) for p in points]}],
        },
        "table": {
            "head": [_("核算"), _("截至"), _("名次"), _("总分")],
            "rows": [
                [name, p.as_of.isoformat(), p.rank, number(p.total)]
                for name, p in zip(names, points, strict=True)
            ],
        },
        "count": len(points),
    }


@require_GET
def ranking(request: SignedInRequest) -> HttpResponse:
    """A group's ranking of a year, or as an earlier run found it, with movement and who stands for each award."""
    run, year = asked_run(request)
    groups = standings.groups_of(run) if run else []
    codes = [group.code for group in groups]
    group = request.GET.get("group", "")
    group = group if group in codes else (codes[0] if codes else "")
    listed = list(standings.ranking_of_run(request.user, run, group)) if run else []
    own_teams = posts_of(request.user).seen
    context = {
        "year": year,
        "years": assessed_years(),
        "standings": listed,
        "people": any(one.person_id for one in listed),
        "merits": any(one.merit for one in listed),
        "tied": standings.tied_ranks(listed),
        "can_export": access.can_export_ranking(request.user),
        "workbook_url": f"{reverse('kpi:ranking-workbook')}?year={year}",
        "own": {one.pk for one in listed if is_own(request, one, own_teams)},
        **ranking_context(request, run, year, groups, group),
    }
    return page(request, "kpi/ranking.html", context, fragment="body")


def asked_run(request: SignedInRequest) -> tuple[Run | None, int]:
    """The run that the address names, else the current one of its year. Raises NotFound for one without results."""
    named = request.GET.get("run", "")
    if not named:
        year = asked_year(request)
        return current_run(year), year
    found = whole_run(request.user, named)
    return found, found.year


def ranking_context(
    request: SignedInRequest, run: Run | None, year: int, groups: list[Group], group: str
) -> dict[str, Any]:
    """What the ranking says of its run: whether it is the present one, its groups, awards and papers."""
    if run is None:
        return {"run": None}
    now, address = current_run(year), reverse("kpi:ranking")
    is_current = now == run
    papers = reverse("kpi:statements", args=[run.public_id, group]) if group else ""
    base = f"{address}?year={year}" if is_current else f"{address}?run={run.public_id}"
    return {
        "run": run,
        "is_current": is_current,
        "current_url": f"{address}?year={year}&group={group}" if now else "",
        "groups": [
            {"label": one.title, "url": f"{base}&group={one.code}", "active": one.code == group}
            for one in groups
        ],
        "awards": standings.candidates_shown(request.user, run),
        "undecided": standings.undecided_by_title(run),
        "statements_url": papers,
        "statements_zip_url": f"{papers}?form=zip",
    }


def is_own(request: SignedInRequest, one: Standing, own_teams: frozenset[int]) -> bool:
    person = request.user.person_id
    return (one.person_id is not None and one.person_id == person) or one.team_id in own_teams


@require_GET
def summary(request: SignedInRequest) -> HttpResponse:
    """The figures at the head of the workbench, with what the next place takes: a fragment that the lower page leaves a slot for."""
    own = standings.own_standing(request.user, timezone.localdate().year)
    return page(
        request, "kpi/summary.html", {"standing": own, "gap": standings.gap_to_next(own) if own else None}
    )


@require_GET
def team_score(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A team's standing for the slot on its own page."""
    return slot(request, team__public_id=public_id)


@require_GET
def person_score(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A person's standing for the slot on the personal page."""
    return slot(request, person__public_id=public_id)


def slot(request: SignedInRequest, **subject: str) -> HttpResponse:
    year = timezone.localdate().year
    found = standings.current_standings(request.user, year).filter(**subject).first()
    cards = cards_of(request.user, year, **subject)
    return page(request, "kpi/slot.html", {"standing": found, "year": year, "cards": cards})


@require_GET
def project_credit(request: SignedInRequest, public_id: str) -> HttpResponse:
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


@require_GET
def project_verdicts(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Whether each milestone of a project counts: cells that find their place in the table of the record page."""
    project = projects_visible_to(request.user).filter(public_id=public_id).first()
    if project is None:
        raise NotFound(_("没有这个项目，或您无权查看。"))
    verdicts = verdicts_of_project(request.user, project)
    return page(request, "kpi/project_verdicts.html", {"project": project, "verdicts": verdicts})
