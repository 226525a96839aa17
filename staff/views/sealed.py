"""Sealed archives: that they are there, who opened them, and the one dialog that shows what one says."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from promotion.errors import NotAllowed, NotFound
from promotion.web.formats import NOTHING, day, moment
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to
from staff.access.sealed import can_open_sealed, sealed_visible_to
from staff.actions.sealed import end_sealed, open_sealed, write_sealed
from staff.forms.sealed import EndSealForm, OpenForm, SealForm
from staff.models import Person, Role, SealedRecord
from staff.queries.sealed import key_state, openings_of, sealed_listed, sealed_of
from staff.views.person import form_page

COLUMNS = (
    Column("person", gettext_lazy("姓名"), lambda one: one.person.name, sort="person__pinyin"),
    Column("subject", gettext_lazy("封存事项"), lambda one: one.get_subject_display(), sort="subject"),
    Column("starts_on", gettext_lazy("起"), lambda one: day(one.starts_on), sort="starts_on", align="day"),
    Column("ends_on", gettext_lazy("最后一日"), lambda one: day(one.last_day), sort="ends_on", align="day"),
    Column("opened", gettext_lazy("开启次数"), lambda one: one.opened or NOTHING, sort="opened", align="end"),
    Column(
        "last_opened",
        gettext_lazy("最近开启"),
        lambda one: moment(one.last_opened) if one.last_opened else NOTHING,
        sort="last_opened",
        wide=True,
    ),
)


@require_GET
def sealed_list(request: SignedInRequest) -> HttpResponse:
    """Whose archives are sealed, for HR and auditors; what they say is nowhere in a list."""
    if not request.user.is_role(Role.HR, Role.AUDITOR):
        raise NotAllowed(_("封存档案只有人事和纪检审计看得到目录；自己的在自己的人员页面上看。"))
    listing = ListPage(
        request=request,
        queryset=sealed_listed(request.user),
        layout=COLUMNS,
        row_url=lambda one: reverse("staff:person-sealed", args=[one.person.public_id]),
        default_sort="person",
        url_name="staff:sealed",
        empty={
            "title": _("没有封存档案"),
            "text": _(
                "档案职务、档案工资和档案管理与岗位、实际薪酬和合同分开，加密封存；在人员的页面上封存，或用表格导入。"
            ),
        },
    )
    context = {
        "title": _("封存档案"),
        "may_open": can_open_sealed(request.user),
        "keys": key_state(),
    }
    return list_page(request, "staff/sealed.html", listing, context)


@require_GET
def person_sealed(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The person's sealed records and every opening of them, for HR, auditors and the person."""
    person = _person(request, public_id)
    context = {
        "person": person,
        "records": sealed_of(request.user, person),
        "openings": openings_of(request.user, person),
        "may_open": can_open_sealed(request.user),
        "keys": key_state(),
    }
    return page(request, "staff/person_sealed.html", context)


@sensitive_post_parameters("text")
@never_cache
@require_http_methods(["GET", "POST"])
def sealed_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Seal one fact of a person."""
    person = _person(request, public_id)
    _need_hr(request)
    form = SealForm(request.POST or None)
    back = reverse("staff:person-sealed", args=[person.public_id])
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: write_sealed(actor=request.user, person=person, **values)):
            return done(request, back, _("已封存。"))
    return form_page(request, form, _("封存档案：%(name)s") % {"name": person.name}, back)


@require_http_methods(["GET", "POST"])
def sealed_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say from which day a sealed fact holds no more."""
    found = _visible(request, public_id)
    _need_hr(request)
    form = EndSealForm(request.POST or None)
    back = reverse("staff:person-sealed", args=[found.person.public_id])
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if attempt(form, lambda: end_sealed(actor=request.user, sealed=found, **values)):
            return done(request, back, _("已保存。"))
    return form_page(request, form, _("终止封存事项：%(name)s") % {"name": str(found)}, back)


@never_cache
@sensitive_variables("text")
@require_http_methods(["GET", "POST"])
def sealed_open(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask why, then show what is sealed once: a reload asks again."""
    found = _visible(request, public_id)
    _need_hr(request)
    form, text = OpenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        text = attempt(
            form, lambda: open_sealed(actor=request.user, sealed=found, reason=form.cleaned_data["reason"])
        )
    context: dict[str, Any] = {
        "sealed": found,
        "form": form,
        "text": text,
        "back_url": reverse("staff:person-sealed", args=[found.person.public_id]),
    }
    response = page(
        request, "staff/sealed_open.html", context, fragment="panel", status=422 if form.errors else 200
    )
    response["Cache-Control"] = "no-store, private"
    return response


def _person(request: SignedInRequest, public_id: str) -> Person:
    """The person, for HR, auditors and the person itself; nobody else learns whether anything is sealed."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    if not request.user.is_role(Role.HR, Role.AUDITOR) and person.pk != request.user.person_id:
        raise NotFound(_("没有这个页面。"))
    return person


def _visible(request: SignedInRequest, public_id: str) -> SealedRecord:
    return get_object_or_404(sealed_visible_to(request.user).select_related("person"), public_id=public_id)


def _need_hr(request: SignedInRequest) -> None:
    if not can_open_sealed(request.user):
        raise NotAllowed(_("封存档案只由人事封存和开启。"))
