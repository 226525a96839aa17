"""Leaving with a preview, the file of a leaver, and coming back."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to
from staff.access.absence import can_see_off
from staff.actions.departure import finish_departure, open_departure, return_person
from staff.actions.departure_revoke import revoke_departure
from staff.filters.absence import DepartureFilter
from staff.forms.course import FinishForm, LeaveForm, ReturnForm, RevokeForm
from staff.models import Departure, DepartureState
from staff.queries.absence import departures_listed, held_by, what_leaving_ends
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page

TONES = {
    DepartureState.OPEN: "attention",
    DepartureState.FINISHED: "plain",
    DepartureState.RETURNED: "done",
    DepartureState.REVOKED: "plain",
}


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_leave(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say who leaves when; what that ends is shown, and written when it comes back confirmed."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    begin = {"last_day": timezone.localdate(), "reason": request.GET.get("reason", "")[:200]}
    form = LeaveForm(request.POST or None, initial=begin)
    back = reverse("staff:person", args=[person.public_id])
    leaving: Any = None
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        last_day = typed.pop("last_day")
        ends_on = last_day + timedelta(days=1)
        # Another day than the one that was looked at is looked at first.
        if request.POST.get("confirmed") == last_day.isoformat():
            opened = attempt(
                form, lambda: open_departure(actor=request.user, person=person, ends_on=ends_on, **typed)
            )
            if opened is not None:
                text = _("已办理离职。下一步：交接在管事项，全部交出后办结。")
                return done(request, reverse("staff:departure", args=[opened.public_id]), text)
        else:
            leaving = what_leaving_ends(request.user, person, ends_on)
    context = {"form": form, "person": person, "back_url": back, "leaving": leaving}
    return page(request, "staff/leave.html", context, fragment="panel", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_return(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take somebody back under a new post."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    begin = {"starts_on": timezone.localdate()}
    form = ReturnForm(request.POST or None, actor=request.user, initial=begin)
    back = reverse("staff:person", args=[person.public_id])
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: return_person(actor=request.user, person=person, **values)):
            return done(request, back, _("已返聘。下一步：拟订合同，请系统管理员重置密码后启用账号。"))
    return form_page(request, form, _("返聘：%(name)s") % {"name": person.name}, back)


@require_GET
def departure(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The file of a leaver: what ended, what is still held, and the end of it."""
    return departure_page(request, _visible(request, public_id), None)


@require_POST
@for_roster_keepers
def departure_finish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Close the file."""
    found = _visible(request, public_id)
    form = FinishForm(request.POST)
    if form.is_valid():
        done_with = attempt(
            form, lambda: finish_departure(actor=request.user, departure=found, **form.cleaned_data)
        )
        if done_with is not None:
            return done(request, _url(found), _("离职已办结。"))
    return departure_page(request, found, form)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def departure_revoke(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take it back before its day."""
    found = _visible(request, public_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done_with = attempt(
            form, lambda: revoke_departure(actor=request.user, departure=found, **form.cleaned_data)
        )
        if done_with is not None:
            return done(request, _url(found), _("离职已撤回，任职、合同和离岗照旧。"))
    return form_page(request, form, _("撤回离职：%(name)s") % {"name": found.person.name}, _url(found))


def departure_page(request: SignedInRequest, found: Departure, form: FinishForm | None) -> HttpResponse:
    """The page of a departure; a refused end comes back in its form."""
    today = timezone.localdate()
    is_open = found.state == DepartureState.OPEN
    context = {
        "departure": found,
        "tone": TONES[DepartureState(found.state)],
        "held": held_by(found.person),
        "posts": found.person.appointments.filter(ends_on=found.ends_on).select_related("team"),
        "contracts": found.person.contracts.filter(ends_on=found.ends_on, state="ended"),
        "may_finish": is_open and can_see_off(request.user),
        "is_over": found.ends_on <= today,
        "form": form or FinishForm(),
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "staff/departure.html", context, status=status)


def _visible(request: SignedInRequest, public_id: str) -> Departure:
    return get_object_or_404(departures_listed(request.user), public_id=public_id)


def _url(found: Departure) -> str:
    return reverse("staff:departure", args=[found.public_id])


COLUMNS = (
    Column("person", gettext_lazy("姓名"), lambda one: one.person.name, sort="person__pinyin"),
    Column(
        "last_day", gettext_lazy("最后在岗日"), lambda one: day(one.last_day), sort="ends_on", align="day"
    ),
    Column("kind", gettext_lazy("离职类别"), lambda one: one.get_kind_display(), sort="kind"),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda one: badge(one.get_state_display(), TONES[DepartureState(one.state)]),
        sort="state",
    ),
    Column("reason", gettext_lazy("理由"), lambda one: one.reason, wide=True),
)


@require_GET
def departure_list(request: SignedInRequest) -> HttpResponse:
    """Who leaves or has left, the last first."""
    listing = ListPage(
        request=request,
        queryset=departures_listed(request.user),
        layout=COLUMNS,
        row_url=_url,
        default_sort="-last_day",
        filterset=DepartureFilter,
        url_name="staff:departures",
        empty={
            "title": _("没有离职办理"),
            "text": _("在人员的页面上点“办理离职”：先看会结束什么，确认后一次办好。"),
        },
    )
    return list_page(request, "staff/departures.html", listing, {"title": _("离职")})
