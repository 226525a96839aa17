"""找人: who speaks the language, knows the industry and has room; and the limits that room is counted against."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import can_set_load_limits
from projects.actions.load import drop_load_limit, settle_load_limit
from projects.filters.find_people import FindPeopleFilter
from projects.forms.load import LoadLimitForm
from projects.models import LoadLimit
from projects.queries.find_people import people_to_find
from projects.queries.load import limits_on
from projects.views.list_cells import two_lines
from promotion.errors import NotAllowed
from promotion.web.components import badge
from promotion.web.formats import NOTHING
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Grade
from staff.queries import known_fields, known_languages


def _grade(row: Any) -> str:
    label = str(Grade(row.grade).label)
    return f"{label} · {_('队长')}" if row.leads else label


def _room(row: Any) -> SafeString | str:
    words = _("还能带 %(room)s 个，重点 %(key)s 个") % {"room": row.room, "key": max(row.room_key, 0)}
    if row.room > 0:
        return format_html("{}", badge(words, "done" if row.room_key > 0 else "plain"))
    return badge(_("满") if row.room == 0 else _("超 %(count)s 个") % {"count": -row.room}, "attention")


LAYOUT = (
    Column("name", gettext_lazy("姓名"), lambda row: two_lines(row.name, row.team_name), sort="pinyin"),
    Column("grade", gettext_lazy("级别"), _grade, sort="grade", wide=True),
    Column("languages", gettext_lazy("外语"), lambda row: row.languages or NOTHING),
    Column("known", gettext_lazy("产业专长"), lambda row: row.known or NOTHING),
    Column(
        "running",
        gettext_lazy("在推项目"),
        lambda row: f"{row.running} / {row.most}",
        sort="running",
        align="end",
        wide=True,
    ),
    Column(
        "running_key",
        gettext_lazy("重点项目"),
        lambda row: f"{row.running_key} / {row.most_key}",
        sort="running_key",
        align="end",
        wide=True,
    ),
    Column("room", gettext_lazy("余量"), _room, sort="-room"),
)


@require_GET
def find_people(request: SignedInRequest) -> HttpResponse:
    """Everybody in a post, those with most room first."""
    listing = ListPage(
        request=request,
        queryset=people_to_find(request.user),
        layout=LAYOUT,
        row_url=lambda row: reverse("staff:person", args=[row.public_id]),
        default_sort="room",
        filterset=FindPeopleFilter,
        url_name="projects:find-people",
        empty={
            "title": _("没有合适的人"),
            "text": _("放宽水平或余量再看；外语和专长由人事在人员页登记。"),
            "action_url": reverse("projects:find-people"),
            "action_label": _("清除条件"),
        },
    )
    context = {
        "title": _("找人"),
        "languages": known_languages(),
        "fields": known_fields(request.user),
        "limits": limits_on(timezone.localdate()),
    }
    return list_page(request, "projects/find_people.html", listing, context)


@require_http_methods(["GET", "POST"])
def load_limits(request: SignedInRequest) -> HttpResponse:
    """What holds today by grade, what was settled, and the form for whoever may settle it."""
    can_set = can_set_load_limits(request.user)
    if request.method == "POST" and not can_set:
        raise NotAllowed(_("在管上限由分管领导、人事或系统管理员设定；请把建议告诉他们。"))
    form = LoadLimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: settle_load_limit(actor=request.user, **given)):
            return done(request, reverse("projects:load-limits"), _("在管上限已设定。"))
    context = {
        "limits": limits_on(timezone.localdate()),
        "rules": LoadLimit.objects.select_related("set_by").order_by("-holds_from", "grade"),
        "form": form if can_set else None,
    }
    return page(request, "projects/load_limits.html", context, status=422 if form.errors else 200)


@require_POST
def load_limit_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a limit back."""
    drop_load_limit(actor=request.user, limit=get_object_or_404(LoadLimit, pk=pk))
    return done(request, reverse("projects:load-limits"), _("已撤销，按之前的上限计算。"))
