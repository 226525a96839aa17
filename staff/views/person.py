"""The people list, a person's page, and what HR changes on it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from promotion.web.formats import NOTHING, day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import appointments_visible_to, can_change_roster, people_visible_to
from staff.filters.person import PersonFilter
from staff.forms.day import day_after
from staff.forms.person import AppointForm, EndAppointmentForm, PersonChangeForm, PersonForm
from staff.models import Grade, Role
from staff.queries import appointments_of, people_listed, requirements_on, skills_of, with_languages
from staff.queries.file import file_of
from staff.queries.training import profile_of, radar_of
from staff.views.permits import for_roster_keepers
from staff.views.profile import holds_today


def post_label(person: Any) -> str:
    """Today's grade, with the mark of a leader."""
    if not person.grade:
        return NOTHING
    label = str(Grade(person.grade).label)
    return f"{label} · {_('队长')}" if person.leads else label


PEOPLE_COLUMNS = (
    Column("name", gettext_lazy("姓名"), lambda person: person.name, sort="pinyin"),
    Column("staff_number", gettext_lazy("工号"), lambda person: person.staff_number, sort="staff_number"),
    Column("team", gettext_lazy("团队"), lambda person: person.team_name or NOTHING, sort="team_position"),
    Column("grade", gettext_lazy("级别"), post_label, sort="grade"),
    Column(
        "identity",
        gettext_lazy("身份"),
        lambda person: person.get_identity_display(),
        sort="identity",
        wide=True,
    ),
    Column(
        "home_unit",
        gettext_lazy("原单位"),
        lambda person: person.home_unit or NOTHING,
        sort="home_unit",
        wide=True,
        extra=True,
    ),
    Column("languages", gettext_lazy("外语"), lambda person: person.languages or NOTHING, wide=True),
    Column(
        "joined_on",
        gettext_lazy("入职日期"),
        lambda person: day(person.joined_on),
        sort="joined_on",
        align="end",
    ),
    Column(
        "post_since",
        gettext_lazy("任职起"),
        lambda person: day(person.post_since),
        sort="post_since",
        align="end",
    ),
)


@require_GET
def person_list(request: SignedInRequest) -> HttpResponse:
    """Everybody with today's post."""
    may_change = can_change_roster(request.user)
    listing = ListPage(
        request=request,
        queryset=people_listed(request.user),
        layout=PEOPLE_COLUMNS,
        row_url=lambda person: reverse("staff:person", args=[person.public_id]),
        default_sort="name",
        filterset=PersonFilter,
        url_name="staff:people",
        export_url=reverse("staff:roster-export") if may_change else "",
        empty={
            "title": _("还没有人员"),
            "text": _("导入名册后，这里列出每个人今天的团队和级别。"),
            "action_url": reverse("staff:roster-import") if may_change else "",
            "action_label": _("导入名册"),
        },
    )
    return list_page(
        request, "staff/people.html", listing, {"title": _("人员"), "can_change_roster": may_change}
    )


@require_GET
def person(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A person's posts, what the grade asks for, languages; the score comes from its own app."""
    found = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    posts = list(appointments_of(request.user, found))
    post = next((each for each in posts if holds_today(each)), None)
    context = {
        "person": found,
        "skills": skills_of(request.user, found),
        "radar": radar_of(profile_of(found, post.grade if post else "", timezone.localdate())),
        "opens_papers": request.user.is_role(Role.HR, Role.AUDITOR),
        "today": timezone.localdate(),
        "posts": posts,
        "post": post,
        "requirements": requirements_on(post.grade, timezone.localdate()) if post else [],
        "can_change_roster": can_change_roster(request.user),
        "file": file_of(request.user, found),
        "is_hr": request.user.is_role(Role.HR),
    }
    return page(request, "staff/person.html", context)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_new(request: SignedInRequest) -> HttpResponse:
    """Put one person into the staff file."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: actions.add_person(actor=request.user, **form.cleaned_data))
        if added is not None:
            return done(
                request, reverse("staff:person", args=[added.public_id]), _("已登记。下一步：任命到团队。")
            )
    return form_page(request, form, _("登记人员"), reverse("staff:people"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change what the staff file says of a person."""
    found = get_object_or_404(with_languages(people_visible_to(request.user)), public_id=public_id)
    form = PersonChangeForm(request.POST or None, person=found)
    back = reverse("staff:person", args=[found.public_id])
    if request.method == "POST" and form.is_valid():
        changes = form.cleaned_data
        seen = form.seen()
        if attempt(
            form, lambda: actions.change_person(actor=request.user, person=found, seen=seen, **changes)
        ):
            return done(request, back, _("已保存。"))
    return form_page(request, form, _("修改资料：%(name)s") % {"name": found.name}, back)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def person_appoint(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Appoint a person to a team."""
    found = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    form = AppointForm(request.POST or None, actor=request.user)
    back = reverse("staff:person", args=[found.public_id])
    if request.method == "POST" and form.is_valid():
        post = attempt(
            form, lambda: actions.appoint_person(actor=request.user, person=found, **form.values())
        )
        if post is not None:
            return done(request, back, _("已任命到%(team)s。") % {"team": post.team.name})
    return form_page(request, form, _("任命：%(name)s") % {"name": found.name}, back)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def appointment_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a post on a day."""
    posts = appointments_visible_to(request.user).select_related("person", "team")
    found = get_object_or_404(posts, pk=pk)
    form = EndAppointmentForm(request.POST or None, initial={"last_day": timezone.localdate()})
    back = reverse("staff:person", args=[found.person.public_id])
    if request.method == "POST" and form.is_valid():
        typed = {"ends_on": day_after(form.cleaned_data["last_day"]), "reason": form.cleaned_data["reason"]}
        if attempt(form, lambda: actions.end_appointment(actor=request.user, appointment=found, **typed)):
            return done(request, back, _("任职已结束。"))
    words = {"name": found.person.name, "team": found.team.name}
    return form_page(request, form, _("结束任职：%(name)s，%(team)s") % words, back)


def form_page(request: SignedInRequest, form: Any, title: str, back_url: str) -> HttpResponse:
    """One form on a page of its own, or in the shared dialog."""
    context = {"form": form, "title": title, "back_url": back_url}
    return page(request, "staff/form.html", context, fragment="panel", status=422 if form.errors else 200)
