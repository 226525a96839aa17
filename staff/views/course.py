"""Moves, secondments and days away: each a form in the shared dialog or on a page of its own, and the list of who is away."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.web.formats import NOTHING, day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done
from promotion.web.requests import SignedInRequest
from staff.access import appointments_visible_to, people_visible_to
from staff.actions.absence import change_absence, remove_absence, write_absence
from staff.actions.move import change_secondment_end, move_person, second_person
from staff.filters.absence import AbsenceFilter
from staff.forms.course import AbsenceForm, MoveForm, SecondForm, UntilForm
from staff.models import Absence, Person, Role
from staff.queries.absence import absences_listed, shown
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_move(request: SignedInRequest, public_id: str) -> HttpResponse:
    """To another team in one step."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    begin = {"starts_on": timezone.localdate(), "reason": request.GET.get("reason", "")[:200]}
    form = MoveForm(request.POST or None, actor=request.user, initial=begin)
    title = _("调动：%(name)s") % {"name": person.name}
    return _step(
        request, form, title, person, lambda **values: move_person(person=person, **values), _("已调动。")
    )


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_second(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Lent to another team for a time."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    form = SecondForm(request.POST or None, actor=request.user, initial={"starts_on": timezone.localdate()})
    title = _("借调驻点：%(name)s") % {"name": person.name}
    text = _("已借调，期满自动回到原团队。")
    return _step(request, form, title, person, lambda **values: second_person(person=person, **values), text)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def appointment_until(request: SignedInRequest, pk: int) -> HttpResponse:
    """A secondment that ends earlier or later."""
    post = get_object_or_404(appointments_visible_to(request.user).select_related("person", "team"), pk=pk)
    form = UntilForm(request.POST or None, initial={"last_day": post.last_day})
    title = _("变更借调期满日：%(name)s，%(team)s") % {"name": post.person.name, "team": post.team.name}

    def perform(**values: Any) -> object:
        values.pop("seen", None)
        return change_secondment_end(appointment=post, **values)

    return _step(request, form, title, post.person, perform, _("已变更。"))


@require_http_methods(["GET", "POST"])
def person_absence(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write that somebody is away."""
    if not request.user.is_role(Role.HR):
        raise NotAllowed(_("离岗由人事登记；请把起止日期告诉人事。"))
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    form = AbsenceForm(request.POST or None, initial={"starts_on": timezone.localdate()})

    def perform(**values: Any) -> object:
        values.pop("seen", None)
        return write_absence(person=person, **values)

    return _step(
        request, form, _("登记离岗：%(name)s") % {"name": person.name}, person, perform, _("已登记。")
    )


@require_http_methods(["GET", "POST"])
def absence_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change the days or the reason; only HR opens it, because it shows why."""
    absence = _absence_of_hr(request, public_id)
    drawn = {name: getattr(absence, name) for name in ("kind", "starts_on", "last_day", "note")}
    form = AbsenceForm(request.POST or None, initial={**drawn, "seen": absence.version})
    title = _("修改离岗：%(name)s") % {"name": absence.person.name}
    return _step(
        request,
        form,
        title,
        absence.person,
        lambda **values: change_absence(absence=absence, **values),
        _("已保存。"),
    )


@require_POST
def absence_remove(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back what was written by mistake."""
    absence = _absence_of_hr(request, public_id)
    remove_absence(actor=request.user, absence=absence, reason=_("登记有误"))
    return done(request, reverse("staff:person", args=[absence.person.public_id]), _("离岗登记已删除。"))


def _absence_of_hr(request: SignedInRequest, public_id: str) -> Absence:
    listed = absences_listed(request.user)
    if not request.user.is_role(Role.HR):
        listed = listed.none()
    return get_object_or_404(listed, public_id=public_id)


def _step(
    request: SignedInRequest, form: Any, title: str, person: Person, perform: Callable[..., object], text: str
) -> HttpResponse:
    """One form, done by its action, back to the person."""
    back = reverse("staff:person", args=[person.public_id])
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: perform(actor=request.user, **values) or True):
            return done(request, back, text)
    return form_page(request, form, title, back)


def _columns(request: SignedInRequest) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("姓名"), lambda one: one.person.name, sort="person__pinyin"),
        Column(
            "starts_on", gettext_lazy("第一日"), lambda one: day(one.starts_on), sort="starts_on", align="day"
        ),
        Column(
            "ends_on",
            gettext_lazy("最后一日"),
            lambda one: day(one.last_day) if one.ends_on else _("未定"),
            sort="ends_on",
            align="day",
        ),
        Column("why", gettext_lazy("离岗事由"), lambda one: shown(request.user, one).why or NOTHING),
    )


@require_GET
def absence_list(request: SignedInRequest) -> HttpResponse:
    """Who is away, today first."""
    listing = ListPage(
        request=request,
        queryset=absences_listed(request.user),
        layout=_columns(request),
        row_url=lambda one: reverse("staff:person", args=[one.person.public_id]),
        default_sort="-starts_on",
        filterset=AbsenceFilter,
        url_name="staff:absences",
        empty={
            "title": _("没有人离岗"),
            "text": _("离岗由人事在人员的页面上登记；队长看到谁离岗，看不到事由。"),
        },
    )
    return list_page(request, "staff/absences.html", listing, {"title": _("离岗")})
