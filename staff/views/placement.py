"""The decision board, the publicity and the appointment of a round, with its letters."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff.access.competition import SEES_APPLICATIONS, applications_visible_to
from staff.access.placement import (
    can_approve_placements,
    can_decide_placements,
    letters_visible_to,
    objections_visible_to,
    placements_visible_to,
)
from staff.actions.placement import (
    accept_proposal,
    answer_objection,
    approve_decision,
    place_candidate,
    raise_objection,
    reconsider_decision,
    submit_decision,
)
from staff.actions.round_appointment import appoint_round
from staff.actions.sheet_export import note_export
from staff.exports.placement import letter_of, letters_archive, placement_sheet
from staff.forms.placement import AnswerForm, ApprovalForm, ObjectionForm, PlacementForm, WhyForm
from staff.models import BodyName, Competition, CompetitionState
from staff.queries.competition import visible_competition
from staff.queries.placement import board_of, changes_of, consequences_of, placements_of
from staff.views.competition import address_of, panel

LATE = (CompetitionState.DECIDED, CompetitionState.PUBLICITY, CompetitionState.APPOINTED)


def board_url(competition: Competition) -> str:
    """The decision board."""
    return reverse("staff:competition-decision", args=[competition.public_id])


def publicity_url(competition: Competition) -> str:
    """The list as it is made public."""
    return reverse("staff:competition-publicity", args=[competition.public_id])


def watched(request: SignedInRequest, public_id: str) -> Competition:
    """The round, for those who decide and watch. Raises NotAllowed."""
    found: Competition = visible_competition(request.user, public_id)
    if not request.user.is_role(*SEES_APPLICATIONS):
        raise NotAllowed(_("拟聘决定由人事、分管领导和纪检审计查看；公示后全体可看名单。"))
    return found


@require_GET
def decision(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The candidates by rank with what is proposed and decided, and the seats of each post."""
    found = watched(request, public_id)
    rows, posts = board_of(found)
    deciding = found.state == CompetitionState.SCORED
    placed, losing = consequences_of(found) if found.state in LATE[:2] else ([], [])
    context = {
        "competition": found,
        "rows": rows,
        "posts": posts,
        "placed": placed,
        "losing": losing,
        "may_decide": deciding and can_decide_placements(request.user),
        "may_approve": found.state == CompetitionState.DECIDED
        and can_approve_placements(request.user, found),
        "may_appoint": found.state == CompetitionState.PUBLICITY
        and can_decide_placements(request.user)
        and found.publicity_until is not None
        and timezone.localdate() > found.publicity_until,
        "back_url": address_of(found),
    }
    return page(request, "staff/competition_decision.html", context)


@require_POST
def decision_accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write down what is proposed."""
    found = watched(request, public_id)
    made = accept_proposal(actor=request.user, competition=found)
    return done(request, board_url(found), _("已按建议拟聘 %(count)s 人。") % {"count": len(made)})


@require_http_methods(["GET", "POST"])
def decision_place(request: SignedInRequest, public_id: str, application: str) -> HttpResponse:
    """Decide about one candidate."""
    found = watched(request, public_id)
    if not can_decide_placements(request.user):
        raise NotAllowed(_("拟聘由人事办理，由分管领导审批。"))
    rows = applications_visible_to(request.user).select_related("person")
    candidate = get_object_or_404(rows, public_id=application, competition=found)
    present = found.placements.filter(application=candidate).first()
    initial = {"post": present.post_id, "reason": present.reason} if present else None
    form = PlacementForm(request.POST or None, competition=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = attempt(
            form,
            lambda: [
                place_candidate(
                    actor=request.user, competition=found, application=candidate, **form.cleaned_data
                )
            ],
        )
        if said is not None:
            return done(request, board_url(found), _("已保存。"))
    return panel(request, form, gettext_lazy("决定拟聘"), board_url(found), about=candidate.person.name)


@require_POST
def decision_submit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand the decision to a manager."""
    found = watched(request, public_id)
    submit_decision(actor=request.user, competition=found)
    return done(request, board_url(found), _("已提交，等分管领导审批。"))


@require_http_methods(["GET", "POST"])
def decision_approve(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Approve the decision, or give it back."""
    found = watched(request, public_id)
    if not can_approve_placements(request.user, found):
        raise NotAllowed(_("拟聘决定由一位分管领导审批，不能是提交人，也不能是报名人。"))
    form = ApprovalForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form, lambda: approve_decision(actor=request.user, competition=found, **form.cleaned_data)
        )
        if kept is not None:
            return done(request, board_url(found), _("审批已保存。"))
    return panel(request, form, gettext_lazy("审批拟聘决定"), board_url(found), about=found.name)


@require_http_methods(["GET", "POST"])
def decision_reconsider(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the list back from the publicity."""
    found = watched(request, public_id)
    if not can_approve_placements(request.user, found):
        raise NotAllowed(_("撤回公示由提交人以外的一位分管领导办理。"))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form, lambda: reconsider_decision(actor=request.user, competition=found, **form.cleaned_data)
        )
        if kept is not None:
            return done(request, board_url(found), _("已撤回公示，可以重新决定。"))
    return panel(request, form, gettext_lazy("撤回公示重新决定"), publicity_url(found), about=found.name)


@require_POST
def decision_appoint(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Carry the decision out."""
    found = watched(request, public_id)
    made = appoint_round(actor=request.user, competition=found)
    return done(
        request,
        reverse("staff:competition-letters", args=[public_id]),
        _("已聘任 %(count)s 人，合同已拟好待签。") % {"count": len(made)},
    )


@require_GET
def publicity(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The list as everybody may read it, with the own objections; those who watch see all of them and the changes."""
    found = visible_competition(request.user, public_id)
    rows = placements_of(found).filter(pk__in=placements_visible_to(request.user).values("pk"))
    today = timezone.localdate()
    is_open = (
        found.state == CompetitionState.PUBLICITY
        and found.publicity_until is not None
        and today <= found.publicity_until
    )
    watches = request.user.is_role(*SEES_APPLICATIONS)
    objections = objections_visible_to(request.user).filter(competition=found)
    context = {
        "competition": found,
        "placements": rows if found.state in LATE else rows.none(),
        "objections": objections.select_related("raised_by", "answered_by", "application__person"),
        "changes": changes_of(found) if watches else [],
        "is_open": is_open,
        "may_answer": can_decide_placements(request.user),
        "may_reconsider": found.state == CompetitionState.PUBLICITY
        and can_approve_placements(request.user, found),
        "watches": watches,
        "back_url": address_of(found),
    }
    return page(request, "staff/competition_publicity.html", context)


@require_http_methods(["GET", "POST"])
def objection_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Object to the list."""
    found = visible_competition(request.user, public_id)
    form = ObjectionForm(request.POST or None, competition=found)
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form, lambda: raise_objection(actor=request.user, competition=found, **form.cleaned_data)
        )
        if kept is not None:
            return done(request, publicity_url(found), _("异议已提交，答复后会通知您。"))
    return panel(request, form, gettext_lazy("提出公示异议"), publicity_url(found), about=found.name)


@require_http_methods(["GET", "POST"])
def objection_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer an objection."""
    rows = objections_visible_to(request.user).select_related("competition")
    found = get_object_or_404(rows, pk=pk)
    if not can_decide_placements(request.user):
        raise NotAllowed(_("异议由人事答复，自己提出的请另一位答复。"))
    form = AnswerForm(request.POST or None)
    back = publicity_url(found.competition)
    if request.method == "POST" and form.is_valid():
        kept = attempt(
            form, lambda: answer_objection(actor=request.user, objection=found, **form.cleaned_data)
        )
        if kept is not None:
            return done(request, back, _("已答复，已通知提出人。"))
    return panel(
        request, form, gettext_lazy("答复公示异议"), back, about=found.competition.name, explain=found.text
    )


@require_GET
def letters(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The letters of a round: all for those who run and watch it, the own one for everybody else."""
    found = visible_competition(request.user, public_id)
    rows = placements_of(found).filter(pk__in=letters_visible_to(request.user).values("pk"))
    context: dict[str, Any] = {
        "competition": found,
        "letters": rows,
        "bodies": BodyName.choices,
        "may_pack": request.user.is_role(*SEES_APPLICATIONS),
        "back_url": address_of(found),
    }
    return page(request, "staff/competition_letters.html", context)


@require_GET
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """One letter as PDF, under the name of ?body=."""
    rows = letters_visible_to(request.user).select_related(
        "competition", "application__person", "post__team", "appointment"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这份聘书。"))
    response = HttpResponse(letter_of(found, request.GET.get("body", "")), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{found.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def letters_pack(request: SignedInRequest, public_id: str) -> HttpResponse:
    """All letters in one file."""
    found = watched(request, public_id)
    rows = placements_of(found).select_related("competition", "appointment").exclude(appointment=None)
    if not rows:
        raise NotFound(_("这次竞聘还没有聘书。"))
    note_export(actor=request.user, competition=found, what="letters", rows=len(rows))
    body = letters_archive(rows, request.GET.get("body", ""))
    response = HttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="letters-{found.number}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def placements_workbook(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The list as a workbook."""
    found = watched(request, public_id)
    rows = list(placements_of(found))
    note_export(actor=request.user, competition=found, what="placements", rows=len(rows))
    return workbook_response(f"{found.number}-{_('拟聘名单')}.xlsx", [placement_sheet(found, rows)])
