"""A judge's score sheet, saved in parts while it is written, and the ranking that comes of all of them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed, NotFound, Outcome, Refused
from promotion.web.pages import done, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff.access.competition import SEES_APPLICATIONS
from staff.access.interview import interviews_judged_by
from staff.actions.sheet import reopen_sheet, save_scores, submit_sheet
from staff.actions.sheet_export import note_export
from staff.exports.interview import application_sheet, ranking_sheets
from staff.models import Interview, ScoreSheet, SessionState, SheetState
from staff.queries.application import desk
from staff.queries.competition import visible_competition
from staff.queries.ranking import ranking_of


def sheet_url(interview: Interview) -> str:
    """The judge's sheet for the candidate."""
    return reverse("staff:interview-sheet", args=[interview.pk])


def judged_interview(request: SignedInRequest, pk: int) -> Interview:
    """The interview that the account scores. Raises NotFound for anybody else, recused judges among them."""
    rows = interviews_judged_by(request.user).select_related("session__competition", "person", "application")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("您不是这场面试的评委，或者您对这位报名人回避。"))
    return found


@require_http_methods(["GET", "POST"])
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheet: large inputs for phone and tablet; without script the buttons save and hand it in."""
    found = judged_interview(request, pk)
    wrong, status = "", 200
    if request.method == "POST":
        try:
            return _posted(request, found)
        except (NotAllowed, NotFound):
            raise
        except Outcome as outcome:
            wrong, status = outcome.message, outcome.status
    own = ScoreSheet.objects.filter(interview=found, panelist__account=request.user).first()
    points = {each.criterion_id: each.points for each in own.scores.all()} if own else {}
    typed = request.POST if wrong else {}
    rows = [
        (each, typed.get(f"points_{each.pk}", points.get(each.pk, "")))
        for each in found.session.competition.criteria.order_by("position")
    ]
    context = {
        "interview": found,
        "competition": found.session.competition,
        "sheet": own,
        "rows": rows,
        "remark": typed.get("remark", own.remark if own else ""),
        "wrong": wrong,
        "is_open": found.session.state == SessionState.PLANNED
        and not found.was_absent
        and (own is None or own.state == SheetState.OPEN),
        "may_reopen": found.session.state == SessionState.PLANNED
        and own is not None
        and own.state != SheetState.OPEN,
        "save_url": reverse("staff:interview-sheet-save", args=[pk]),
    }
    return page(request, "staff/interview_sheet.html", context, status=status)


def _posted(request: SignedInRequest, found: Interview) -> HttpResponse:
    if "reopen" in request.POST:
        reopen_sheet(actor=request.user, interview=found)
        return done(request, sheet_url(found), _("已取回，可以修改。"))
    _save(request, found)
    if "submit" in request.POST:
        submit_sheet(actor=request.user, interview=found)
        return done(request, reverse("staff:interviews-own"), _("评分表已提交。"))
    return done(request, sheet_url(found), _("评分已保存，还没有提交。"))


def _save(request: SignedInRequest, found: Interview) -> ScoreSheet:
    """What the request holds of a sheet, kept."""
    seen = request.POST.get("seen", "")
    return save_scores(
        actor=request.user,
        interview=found,
        points=_typed(request),
        remark=request.POST.get("remark"),
        key=request.POST.get("key", ""),
        seen=int(seen) if seen.isascii() and seen.isdigit() else None,
    )


def _typed(request: SignedInRequest) -> dict[int, Decimal]:
    """The points by criterion; an empty input says nothing. Raises Refused for what is no number."""
    points: dict[int, Decimal] = {}
    for name, value in request.POST.items():
        key = name.removeprefix("points_")
        if key == name or not key.isdigit() or not str(value).strip():
            continue
        try:
            points[int(key)] = Decimal(str(value).strip()).quantize(Decimal("0.01"))
        except InvalidOperation as error:
            sentence = _("得分要填 0 到 100 之间的数字，最多两位小数。")
            raise Refused(sentence, fields={name: sentence}) from error
    return points


@require_POST
def sheet_save(request: SignedInRequest, pk: int) -> JsonResponse:
    """A part of the sheet as the browser keeps sending it; the answer says the version it now stands on.

    A refusal is told in words with what is stored, so that the page loses nothing and can ask what shall hold.
    """
    found = judged_interview(request, pk)
    try:
        kept = _save(request, found)
    except Outcome as outcome:
        own = ScoreSheet.objects.filter(interview=found, panelist__account=request.user).first()
        stored = {str(each.criterion_id): str(each.points) for each in own.scores.all()} if own else {}
        answer: dict[str, Any] = {"message": outcome.message, "points": stored}
        return JsonResponse(answer | {"version": own.version if own else None}, status=outcome.status)
    return JsonResponse({"version": kept.version, "saved_at": f"{timezone.localtime():%H:%M:%S}"})


@require_GET
def ranking(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The candidates by rank, ties shown, each with the arithmetic."""
    found = visible_competition(request.user, public_id)
    context = {
        "competition": found,
        "places": ranking_of(request.user, found),
        "criteria": found.criteria.order_by("position"),
        "waiting": found.sessions.exclude(state=SessionState.CLOSED).count(),
        "back_url": reverse("staff:competition", args=[public_id]),
    }
    return page(request, "staff/competition_ranking.html", context)


@require_GET
def ranking_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The same as a workbook, with every judge's points of closed sessions."""
    found = visible_competition(request.user, public_id)
    places = ranking_of(request.user, found)
    note_export(actor=request.user, competition=found, what="ranking", rows=len(places))
    return workbook_response(f"{found.number}-{_('排名')}.xlsx", ranking_sheets(found, places))


@require_GET
def applications_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The applications of a round as a workbook."""
    found = visible_competition(request.user, public_id)
    if not request.user.is_role(*SEES_APPLICATIONS):
        raise NotAllowed(_("报名名单由人事、分管领导和纪检审计查看；您可以在“我的报名”查看自己的。"))
    rows = list(desk(request.user, found).order_by("person__staff_number"))
    note_export(actor=request.user, competition=found, what="applications", rows=len(rows))
    return workbook_response(f"{found.number}-{_('报名')}.xlsx", [application_sheet(found, rows)])
