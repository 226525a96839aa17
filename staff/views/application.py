"""Applications: written and handed in by their applicants, checked item by item at HR's desk."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import moment
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access.competition import (
    SEES_APPLICATIONS,
    can_check_application,
    can_enter_applications,
    claims_visible_to,
)
from staff.actions.application import complain, save_application, submit_application, withdraw_application
from staff.actions.eligibility import check_claim, decide_eligibility, return_application, review_complaint
from staff.filters.application import ApplicationFilter
from staff.forms.application import ApplicationForm, ClaimForm, ComplaintForm, EligibilityForm, ReviewForm
from staff.forms.competition import ReasonForm
from staff.models import Application, ApplicationState, Competition, CompetitionState, Role
from staff.queries.application import (
    TONES,
    asked_of,
    claims_of,
    desk,
    own_in,
    own_listed,
    visible_application,
)
from staff.queries.competition import posts_of, visible_competition
from staff.queries.ranking import own_place
from staff.views.competition import address_of as round_address
from staff.views.competition import panel


def address_of(application: Application) -> str:
    """The page of the application."""
    return reverse("staff:application", args=[application.public_id])


def state_badge(application: Application) -> str:
    """The state in its colour."""
    return badge(application.get_state_display(), TONES[ApplicationState(application.state)])


def wanted(application: Any) -> str:
    """The chosen posts in order."""
    return "；".join(str(choice.post) for choice in application.choices.all()) or "—"


DESK_COLUMNS = (
    Column("name", gettext_lazy("姓名"), lambda row: row.person.name, sort="person__pinyin"),
    Column("number", gettext_lazy("工号"), lambda row: row.person.staff_number, wide=True),
    Column("posts", gettext_lazy("志愿"), wanted),
    Column(
        "checked", gettext_lazy("条件核验"), lambda row: f"{row.met + row.unmet}/{row.asked}", align="end"
    ),
    Column(
        "submitted",
        gettext_lazy("提交"),
        lambda row: moment(row.submitted_at),
        sort="submitted_at",
        align="day",
        wide=True,
    ),
    Column("state", gettext_lazy("状态"), state_badge, sort="state"),
)


@require_http_methods(["GET", "POST"])
def apply(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write the own application; the button decides whether it is kept or handed in."""
    found = visible_competition(request.user, public_id)
    application = own_in(request.user, found)
    asked = [
        (text, line.get_grade_display() if line else _("外语"))
        for line, text in asked_of(found, posts_of(found))
    ]
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        competition=found,
        application=application,
        asked=asked,
    )
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: _keep(request, found, form))
        if kept is not None:
            said = (
                _("报名已提交。")
                if kept.state == ApplicationState.SUBMITTED
                else _("草稿已保存，还没有提交。")
            )
            return done(request, address_of(kept), said)
    context = {
        "competition": found,
        "application": application,
        "form": form,
        "is_open": found.takes_applications,
        "back_url": round_address(found),
    }
    return page(request, "staff/application_form.html", context, status=422 if form.errors else 200)


def _keep(request: SignedInRequest, found: Competition, form: ApplicationForm) -> Application:
    """Keep what was written; hand it in when that was asked. A refused submission leaves the draft kept."""
    kept = save_application(actor=request.user, competition=found, **form.values())
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["seen"] = str(kept.version)  # type: ignore[index]
    if "submit" in request.POST:
        return submit_application(actor=request.user, application=kept)
    return kept


@require_GET
def own(request: SignedInRequest) -> HttpResponse:
    """The own applications."""
    rows = [(each, state_badge(each), wanted(each)) for each in own_listed(request.user)]
    return page(request, "staff/application_own.html", {"rows": rows, "title": _("我的报名")})


@require_GET
def applications(request: SignedInRequest, public_id: str) -> HttpResponse:
    """HR's desk: the applications of a round, what waits first."""
    found = visible_competition(request.user, public_id)
    if not request.user.is_role(*SEES_APPLICATIONS):
        raise NotAllowed(_("报名名单由人事、分管领导和纪检审计查看；您可以在“我的报名”查看自己的。"))
    listing = ListPage(
        request=request,
        queryset=desk(request.user, found),
        layout=DESK_COLUMNS,
        row_url=address_of,
        default_sort="submitted",
        filterset=ApplicationFilter,
        empty={"title": _("还没有报名"), "text": _("有人提交报名后，在这里逐项核验条件。")},
    )
    may_enter = can_enter_applications(request.user) and found.takes_applications
    context = {"title": _("报名审核"), "competition": found, "may_enter": may_enter}
    return list_page(request, "staff/application_list.html", listing, context)


@require_GET
def application(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One application: choices, statement, each requirement with what is shown and what was found."""
    found = visible_application(request.user, public_id)
    actor = request.user
    is_own = actor.person_id == found.person_id
    checks = can_check_application(actor, found)
    waits = found.state == ApplicationState.SUBMITTED
    context = {
        "application": found,
        "competition": found.competition,
        "marks": [(found.get_state_display(), TONES[ApplicationState(found.state)])],
        "claims": claims_of(found),
        "is_own": is_own,
        "may_check": checks and waits,
        "may_return": checks and waits and found.competition.takes_applications,
        "may_review": checks
        and bool(found.complaint)
        and found.reviewed_at is None
        and found.handled_by_id != actor.pk,
        "may_change": is_own
        and found.competition.takes_applications
        and found.state in (ApplicationState.DRAFT, ApplicationState.RETURNED, ApplicationState.WITHDRAWN),
        "may_withdraw": is_own
        and found.competition.state == CompetitionState.ANNOUNCED
        and found.state != ApplicationState.WITHDRAWN,
        "mark": own_place(actor, found),
        "may_see_form": actor.is_role(Role.HR, Role.AUDITOR),
        "may_complain": is_own and found.state == ApplicationState.INELIGIBLE and not found.complaint,
    }
    return page(request, "staff/application.html", context)


@require_POST
def application_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the own application back."""
    found = visible_application(request.user, public_id)
    withdraw_application(actor=request.user, application=found)
    return done(request, address_of(found), _("报名已撤回；截止前可以再次提交。"))


VERBS: dict[str, tuple[Any, Any, Callable[..., Any], Any]] = {
    "decide": (
        gettext_lazy("审核报名资格"),
        EligibilityForm,
        decide_eligibility,
        gettext_lazy("审核结果已保存，已通知本人。"),
    ),
    "return": (
        gettext_lazy("退回补正"),
        ReasonForm,
        return_application,
        gettext_lazy("已退回补正，已通知本人。"),
    ),
    "review": (
        gettext_lazy("复核报名资格"),
        ReviewForm,
        review_complaint,
        gettext_lazy("复核结果已保存，已通知本人。"),
    ),
    "complain": (gettext_lazy("申诉"), ComplaintForm, complain, gettext_lazy("申诉已提交，由另一位复核。")),
}


@require_http_methods(["GET", "POST"])
def application_move(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """The panel of one verb; the action decides whether it may happen."""
    if verb not in VERBS:
        raise NotFound(_("没有这个操作。"))
    found = visible_application(request.user, public_id)
    title, form_class, perform, said = VERBS[verb]
    if verb != "complain" and not can_check_application(request.user, found):
        raise NotAllowed(_("报名由人事审核；自己的报名请另一位审核。"))
    form = form_class(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: perform(actor=request.user, application=found, **form.cleaned_data))
        if moved is not None:
            return done(request, address_of(found), str(said))
    return panel(request, form, title, address_of(found), about=found.person.name)


@require_http_methods(["GET", "POST"])
def application_claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say whether one requirement is met."""
    claim = get_object_or_404(claims_visible_to(request.user).select_related("application__person"), pk=pk)
    if not can_check_application(request.user, claim.application):
        raise NotAllowed(_("报名由人事审核；自己的报名请另一位审核。"))
    form = ClaimForm(request.POST or None, claim=claim)
    back = address_of(claim.application)
    if request.method == "POST" and form.is_valid():
        checked = attempt(form, lambda: check_claim(actor=request.user, claim=claim, **form.cleaned_data))
        if checked is not None:
            return done(request, back, _("核验结果已保存。"))
    return panel(
        request, form, gettext_lazy("核验条件"), back, about=claim.application.person.name, explain=claim.text
    )
