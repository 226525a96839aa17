"""Grades of the next year: the round of a year with everybody's proposal, or one's own."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import grades as access
from kpi.actions.grade_export import note_grade_export
from kpi.exports.grades import grades_sheet
from kpi.forms import YearForm
from kpi.forms.grades import GradeApprovalForm, GradeDecisionForm
from kpi.models import GradeProposal, GradeRound, GradeRoundState, GradeRule, Run
from kpi.queries.course import decisive_run
from kpi.queries.grades import (
    candidates,
    grade_round_of,
    grade_rule_for,
    last_day_of,
    own_grades,
    proposals_of,
    round_figures,
)
from kpi.queries.run import assessed_years
from kpi.queries.standing import own_standing
from kpi.views.panel import form_panel
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from promotion.web.workbooks import workbook_response
from staff.access import people_visible_to

PER_PAGE = 50
STATES = GradeRoundState


def grades_url(year: int) -> str:
    return f"{reverse('kpi:grades')}?year={year}"


@require_GET
def grades(request: SignedInRequest) -> HttpResponse:
    """The round of the year for those who decide and watch; for everybody else the own decision and the thresholds."""
    year = YearForm.asked(request.GET)
    found = grade_round_of(request.user, year)
    rule = found.rule if found else grade_rule_for(year)
    run = decisive_run(year)
    context = {"year": year, "years": assessed_years(), "round": found, "rule": rule, "run": run}
    if not access.sees_grades(request.user):
        return page(request, "kpi/grades_own.html", context | _own(request, year, run, rule))
    context |= _rows(request, found, run, rule) | _doors(request, found, run, rule)
    return page(request, "kpi/grades.html", context)


def _own(request: SignedInRequest, year: int, run: Run | None, rule: GradeRule | None) -> dict[str, Any]:
    """One's own decisions, and what this year's result would propose as it stands."""
    own = candidates(run, rule, last_day_of(year)) if run and rule else []
    mine = next((each for each in own if each.post.person_id == request.user.person_id), None)
    decided = list(own_grades(request.user.person_id, request.user))
    return {
        "decided": decided,
        "candidate": None if any(one.round.year == year for one in decided) else mine,
        "standing": own_standing(request.user, year),
    }


def _rows(
    request: SignedInRequest, found: GradeRound | None, run: Run | None, rule: GradeRule | None
) -> dict[str, Any]:
    """The proposals of the round, or what the rule would propose today when there is none."""
    if found is None:
        listed = candidates(run, rule, last_day_of(run.year)) if run and rule else []
        return {"trial": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")), "only": ""}
    only = request.GET.get("only", "")
    rows = _only(proposals_of(request.user, found), only)
    return {
        "figures": round_figures(found),
        "only": only,
        "page": Paginator(rows.order_by("pk"), PER_PAGE).get_page(request.GET.get("page")),
        "is_late": run is not None and run.pk != found.run_id and found.state == STATES.DRAFT,
    }


def _only(rows: QuerySet[GradeProposal], only: str) -> QuerySet[GradeProposal]:
    if only == "changed":
        return rows.exclude(decided=F("present"))
    return rows.exclude(decided=F("proposed")) if only == "departing" else rows


def _doors(
    request: SignedInRequest, found: GradeRound | None, run: Run | None, rule: GradeRule | None
) -> dict[str, Any]:
    """What the account may do now."""
    keeps, state = access.can_keep_grades(request.user), found.state if found else ""
    return {
        "may_open": keeps
        and found is None
        and rule is not None
        and run is not None
        and run.as_of >= last_day_of(run.year),
        "may_renew": keeps and state == STATES.DRAFT,
        "may_submit": keeps and state == STATES.DRAFT,
        "may_decide": access.can_decide_grades(request.user) and state == STATES.DRAFT,
        "may_approve": found is not None and state == STATES.SUBMITTED and _may_approve(request, found),
        "may_apply": keeps and state == STATES.APPROVED,
    }


def _may_approve(request: SignedInRequest, found: GradeRound) -> bool:
    return (
        access.can_approve_grades(request.user)
        and found.submitted_by_id != request.user.pk
        and not access.stands_in(request.user, found)
        and not access.departed(request.user, found)
    )


@require_POST
def grade_open(request: SignedInRequest) -> HttpResponse:
    """Propose everybody's grade."""
    year = YearForm.asked(request.POST)
    found = actions.open_grade_round(actor=request.user, year=year)
    return done(
        request,
        grades_url(year),
        _("已按办法拟定 %(count)s 人的职级。") % {"count": found.proposals.count()},
    )


def _round(request: SignedInRequest, public_id: str) -> GradeRound:
    """The round, for those who decide and watch."""
    if not access.sees_grades(request.user):
        raise NotFound(_("没有这个页面。"))
    return get_object_or_404(access.grade_rounds_visible_to(request.user), public_id=public_id)


def _seen(request: SignedInRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


@require_POST
def grade_renew(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Propose anew."""
    found = _round(request, public_id)
    actions.renew_grade_round(actor=request.user, found=found, seen=_seen(request))
    return done(request, grades_url(found.year), _("已按最新核算重新拟定；与建议不同的决定都保留了。"))


@require_POST
def grade_submit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand the round to a manager."""
    found = _round(request, public_id)
    actions.submit_grade_round(actor=request.user, found=found, seen=_seen(request))
    return done(request, grades_url(found.year), _("已提交，等分管领导审批。"))


@require_http_methods(["GET", "POST"])
def grade_approve(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Approve the round, or give it back."""
    found = _round(request, public_id)
    if not _may_approve(request, found):
        raise NotAllowed(_("职级评定由一位分管领导审批，不能是提交人，也不能是本轮评定的人。"))
    form = GradeApprovalForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.approve_grade_round(actor=request.user, found=found, **given)):
            said = _("已批准，本人都会收到通知。") if given["approve"] else _("已退回重新拟定。")
            return done(request, grades_url(found.year), said)
    return form_panel(request, form, _("审批职级评定"), grades_url(found.year), about=str(found))


@require_POST
def grade_apply(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Carry the round out."""
    found = _round(request, public_id)
    actions.apply_grade_round(actor=request.user, found=found, seen=_seen(request))
    return done(request, grades_url(found.year), _("已执行：任职上的级别已从执行日起变更。"))


@require_http_methods(["GET", "POST"])
def grade_decide(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Decide about one person."""
    rows = access.grade_proposals_visible_to(request.user).select_related("person", "round")
    found = get_object_or_404(rows, public_id=public_id)
    if not access.can_decide_grades(request.user) or found.person_id == request.user.person_id:
        raise NotAllowed(_("职级由人事和分管领导决定，不能决定自己的。"))
    form = GradeDecisionForm(request.POST or None, initial=GradeDecisionForm.initial_of(found))
    back = grades_url(found.round.year)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.decide_grade(actor=request.user, proposal=found, **given)):
            return done(request, back, _("已保存。"))
    about = f"{found.person.name} · {found.basis}"
    return form_panel(request, form, _("决定职级"), back, about=about, label=_("保存"))


@require_GET
def grades_workbook(request: SignedInRequest) -> HttpResponse:
    """The round as a workbook; the trail keeps that it was taken."""
    found = grade_round_of(request.user, YearForm.asked(request.GET))
    if found is None or not access.sees_grades(request.user):
        raise NotFound(_("这一年还没有职级评定。"))
    note_grade_export(actor=request.user, found=found)
    rows = proposals_of(request.user, found).order_by("pk")
    return workbook_response(f"{found}.xlsx", [grades_sheet(found, rows)])


@require_GET
def person_grades(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A person's grade decisions, for the slot on the personal page; empty when there is nothing to see."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    decided = [each for each in own_grades(person.pk, request.user) if each.round.state in access.DECIDED]
    return page(request, "kpi/grades_slot.html", {"decided": decided})
