"""What waits for a second person, one input with its course, and the paper it rests on."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import ReasonForm, YearForm
from kpi.models import AssessmentInput, InputState
from kpi.queries.input_course import course_of, titled, waiting_inputs
from kpi.views.inputs import framed
from promotion.errors import NotAllowed
from promotion.files.serving import file_response
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

PER_PAGE = 100


@require_http_methods(["GET", "POST"])
def inputs_waiting(request: SignedInRequest) -> HttpResponse:
    """Everything of the year that waits, to be confirmed or returned, one by one or many at once."""
    year = YearForm.asked(request.GET)
    if not access.sees_voters(request.user):
        raise NotAllowed(_("只有人事、分管领导和纪检审计可以查看待确认的录入。"))
    here = f"{reverse('kpi:inputs-waiting')}?year={year}"
    form = ReasonForm(request.POST) if request.POST.get("verb") == "return" else ReasonForm()
    if request.method == "POST":
        chosen = chosen_inputs(request)
        if request.POST.get("verb") == "confirm":
            confirmed = actions.confirm_inputs(actor=request.user, inputs=chosen)
            return done(request, here, _("已确认 %(n)s 条，下一次核算起计入。") % {"n": len(confirmed)})
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            act = lambda: actions.return_inputs(actor=request.user, inputs=chosen, reason=reason)  # noqa: E731
            if (returned := attempt(form, act)) is not None:
                return done(request, here, _("已退回 %(n)s 条，录入人会收到通知。") % {"n": len(returned)})
    listed = Paginator(waiting_inputs(request.user, year), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **framed(request, year),
        "page": listed,
        "rows": titled(year, list(listed)),
        "form": form,
        "can_tick": access.can_confirm_inputs(request.user)
        and any(one.recorded_by_id != request.user.pk for one in listed),
        "ticked": set(request.POST.getlist("input")),
    }
    return page(request, "kpi/inputs_waiting.html", context, status=422 if form.errors else 200)


def chosen_inputs(request: SignedInRequest) -> list[AssessmentInput]:
    """The ticked inputs that the account sees."""
    named = request.POST.getlist("input")
    return list(access.inputs_visible_to(request.user).filter(public_id__in=named).order_by("pk"))


def find_input(request: SignedInRequest, public_id: str) -> AssessmentInput:
    related = ("person", "team", "project", "paper", "recorded_by", "decided_by", "ended_by")
    return get_object_or_404(
        access.inputs_visible_to(request.user).select_related(*related), public_id=public_id
    )


@require_GET
def input_entry(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One input: what was given, by whom, who confirmed it, and what stood in its place before and after."""
    entry = find_input(request, public_id)
    is_open = entry.state == InputState.SUBMITTED
    can_decide = access.can_confirm_inputs(request.user)
    context = {
        **framed(request, entry.year),
        "entry": entry,
        "title": titled(entry.year, [entry])[0],
        "course": course_of(request.user, entry),
        "can_open_paper": entry.paper_id is not None
        and access.input_papers_visible_to(request.user).filter(pk=entry.paper_id).exists(),
        "can_withdraw": is_open and entry.recorded_by_id == request.user.pk,
        "can_decide": is_open and can_decide and entry.recorded_by_id != request.user.pk,
        "can_reverse": entry.state == InputState.CONFIRMED and can_decide,
    }
    return page(request, "kpi/input_entry.html", context)


@require_POST
def input_confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Confirm one input."""
    entry = find_input(request, public_id)
    actions.confirm_inputs(actor=request.user, inputs=[entry])
    return done(request, reverse("kpi:input-entry", args=[public_id]), _("已确认，下一次核算起计入。"))


@require_POST
def input_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back what nobody has confirmed."""
    actions.withdraw_input(actor=request.user, entry=find_input(request, public_id))
    return done(request, reverse("kpi:input-entry", args=[public_id]), _("已撤回，不计入。"))


@require_http_methods(["GET", "POST"])
def input_return(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Send one back with the reason."""
    entry = find_input(request, public_id)
    need_permission(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: actions.return_inputs(actor=request.user, inputs=[entry], reason=reason)  # noqa: E731
        if attempt(form, act) is not None:
            return done(
                request, reverse("kpi:input-entry", args=[public_id]), _("已退回，录入人会收到通知。")
            )
    return panel(request, entry, form, _("退回录入"), _("退回"))


@require_http_methods(["GET", "POST"])
def input_reverse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a confirmed one out, with the reason."""
    entry = find_input(request, public_id)
    need_permission(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: actions.reverse_input(actor=request.user, entry=entry, reason=reason)  # noqa: E731
        if attempt(form, act) is not None:
            return done(
                request, reverse("kpi:input-entry", args=[public_id]), _("已冲销，下一次核算起不计入。")
            )
    return panel(request, entry, form, _("冲销录入"), _("冲销"))


def need_permission(request: SignedInRequest) -> None:
    if not access.can_confirm_inputs(request.user):
        raise NotAllowed(_("只有人事和分管领导可以确认、退回或冲销考评录入。"))


def panel(
    request: SignedInRequest, entry: AssessmentInput, form: ReasonForm, title: str, label: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "label": label,
        "entry": titled(entry.year, [entry])[0],
        "back": reverse("kpi:input-entry", args=[entry.public_id]),
    }
    return page(
        request, "kpi/input_reason.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_GET
def input_paper(request: SignedInRequest, public_id: str) -> FileResponse:
    """A file behind inputs that the account may see."""
    found = access.input_papers_visible_to(request.user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return file_response(request, found)
