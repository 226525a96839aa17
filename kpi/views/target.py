"""Targets: who is to reach what, as a grid, subject by subject, and what is lacking."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kpi import access, actions
from kpi.forms import PeriodForm, TargetsForm, YearForm, grid_cells, subject_cells
from kpi.models import TargetPeriod
from kpi.queries.run import current_run
from kpi.queries.target import TargetLine, people_of, target_lines, target_years, wanted_targets, with_values
from kpi.queries.target_check import differing_targets, lacking_targets
from kpi.queries.target_history import target_history
from kpi.queries.target_progress import has_begun, reached, reached_by
from kpi.scoring.scheme import Target as WantedTarget
from kpi.views import target_cells as cells
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Team


@require_http_methods(["GET", "POST"])
def targets(request: SignedInRequest) -> HttpResponse:
    """Subjects by targets, of one period and level; those who may, type over the cells."""
    year, team = YearForm.asked(request.GET), asked_team(request)
    period, level = PeriodForm.asked(request.GET)
    everybody = target_lines(request.user, year)
    shown = with_values(request.user, year, lines_shown(request, everybody, team))
    wanted = wanted_targets(year)
    editing = request.method == "POST" or request.GET.get("edit") == "1"
    form = None
    if editing and may_set(request):
        form = TargetsForm(grid_cells(shown, wanted, period, level), request.POST or None)
    if form is not None and request.method == "POST" and form.is_valid() and save(request, year, form):
        return done(
            request, cells.targets_url(year, team, period, level), _("目标已保存，下一次核算起生效。")
        )
    place = (year, period, level)
    context = grid_context(request, team, place, (shown, everybody), wanted) | {"form": form}
    return page(request, "kpi/targets.html", context, status=422 if form is not None and form.errors else 200)


def may_set(request: SignedInRequest) -> bool:
    """Whether the account may set targets; who sends them without that is told so."""
    if not access.can_set_targets(request.user):
        if request.method == "POST":
            raise NotAllowed(_("只有人事和分管领导可以下达目标。"))
        return False
    return True


def lines_shown(request: SignedInRequest, everybody: list[TargetLine], team: Team | None) -> list[TargetLine]:
    """The teams and offices, or a team with its people; whoever sees only a few, sees them all at once."""
    if not access.sees_all(request.user):
        return everybody
    if team is None:
        return [line for line in everybody if line.team is not None]
    return [line for line in everybody if line.team == team] + people_of(everybody, team)


def save(request: SignedInRequest, year: int, form: TargetsForm) -> bool:
    """Write the changed cells; nothing to write is no fault."""
    rows = form.changed_rows()
    if not rows:
        return True
    return attempt(form, lambda: actions.set_targets(actor=request.user, year=year, rows=rows)) is not None


def asked_team(request: SignedInRequest) -> Team | None:
    """The team whose people are shown; unknown teams answer 404."""
    asked = request.GET.get("team", "")
    if not asked:
        return None
    team = access.target_teams_visible_to(request.user).filter(public_id=asked).first()
    if team is None:
        raise NotFound(_("没有这个团队，或您无权查看它的目标。"))
    return team


def grid_context(
    request: SignedInRequest,
    team: Team | None,
    place: tuple[int, str, str],
    lines: tuple[list[TargetLine], list[TargetLine]],
    wanted: list[WantedTarget],
) -> dict[str, Any]:
    (shown, everybody), (year, period, level) = lines, place
    run = current_run(year)
    begun = run is not None and has_begun(run, period)
    done_so_far = reached(run, [one.code for one in wanted], period) if run and begun else None
    rows = cells.grid_rows(shown, everybody, wanted, place, done_so_far)
    return {
        "year": year,
        "years": target_years(request.user),
        "team": team,
        "period": TargetPeriod(period),
        "wanted": wanted,
        "rows": rows,
        "run": run,
        "has_people": team is None and shows_people(request, year, rows),
        "missing": sum(len(line.missing) for line in everybody),
        "differing": sum(bool(cell.warnings) for row in rows for cell in row["cells"]),
        "switch": cells.period_switch(year, team, period, level),
        "can_set": access.can_set_targets(request.user),
        "back_url": cells.targets_url(year),
        "here_url": cells.targets_url(year, team, period, level),
        "edit_url": cells.targets_url(year, team, period, level, edit="1"),
    }


def shows_people(request: SignedInRequest, year: int, rows: list[dict[str, Any]]) -> bool:
    """Whether the column of personal targets says anything: people are no rows themselves, and they have targets, lack some,
    or may be given them.
    """
    if not any(row["people"] for row in rows) or any(row["line"].person for row in rows):
        return False
    if access.can_set_targets(request.user) or any(row["people_missing"] for row in rows):
        return True
    return access.targets_visible_to(request.user).filter(year=year, person__isnull=False).exists()


@require_http_methods(["GET", "POST"])
def targets_of(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """One subject's targets, one after the other: every period at both levels, what was reached, and how it came about."""
    year = YearForm.asked(request.GET)
    wanted = wanted_targets(year)
    line = found_line(request, year, kind, public_id)
    if not wanted:
        back = {"year": year, "line": line, "back_url": cells.targets_url(year)}
        return page(request, "kpi/targets_of.html", back)
    target = next((one for one in wanted if one.code == request.GET.get("code")), wanted[0])
    form = None
    if may_set(request):
        form = TargetsForm(subject_cells(line, target), request.POST or None)
        if request.method == "POST" and form.is_valid() and save(request, year, form):
            url = cells.subject_url(line, year, target.code)
            return done(request, url, _("目标已保存，下一次核算起生效。"))
    context = subject_context(request, year, line, target, form)
    return page(
        request, "kpi/targets_of.html", context, status=422 if form is not None and form.errors else 200
    )


def found_line(request: SignedInRequest, year: int, kind: str, public_id: str) -> TargetLine:
    """The subject among those the account may see, with all its targets."""
    for line in target_lines(request.user, year):
        if line.key[0] == kind and line.public_id == public_id:
            return with_values(request.user, year, [line])[0]
    raise NotFound(_("%(year)s 年没有这个对象，或您无权查看它的目标。") % {"year": year})


def subject_context(
    request: SignedInRequest, year: int, line: TargetLine, target: WantedTarget, form: TargetsForm | None
) -> dict[str, Any]:
    run = current_run(year)
    periods = [period.value for period in TargetPeriod]
    done_so_far = reached_by(run, line, target.code, periods) if run else {}
    bound = {name: form[name] for name in form.cells} if form is not None else {}
    lacking = {goal[0] for goal in line.missing}
    team = line.ranked_team if line.person else line.team
    return {
        "year": year,
        "line": line,
        "target": target,
        "form": form,
        "run": run,
        "rows": cells.subject_rows(line, target, run, done_so_far, bound, year),
        "tabs": [
            {
                "label": one.title,
                "url": cells.subject_url(line, year, one.code),
                "active": one.code == target.code,
                "count": _("缺") if one.code in lacking else "",
                "alarm": True,
            }
            for one in wanted_targets(year)
        ],
        "history": target_history(line, year, target.code),
        "back_url": cells.targets_url(year, team if access.sees_all(request.user) else None),
        "scope": f"{line.key[0]}:{line.public_id}",
        "here_url": cells.subject_url(line, year, target.code),
    }


@require_GET
def targets_check(request: SignedInRequest) -> HttpResponse:
    """What the scheme asks for and nobody has set, and what does not add up; each with the place to mend it."""
    year = YearForm.asked(request.GET)
    wanted = wanted_targets(year)
    lines = with_values(request.user, year, target_lines(request.user, year))
    lacking = cells.fault_rows(lacking_targets(lines, {one.code: one for one in wanted}), year)
    differing = cells.fault_rows(differing_targets(lines, wanted), year)
    context = {
        "year": year,
        "years": target_years(request.user),
        "wanted": wanted,
        "asked": sum(len(line.owed) for line in lines),
        "missing": Paginator(lacking, 50).get_page(request.GET.get("page")),
        "differing": Paginator(differing, 50).get_page(request.GET.get("differing")),
        "can_set": access.can_set_targets(request.user),
        "back_url": cells.targets_url(year),
    }
    return page(request, "kpi/targets_check.html", context)
