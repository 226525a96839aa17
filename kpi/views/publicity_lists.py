"""The lists behind a publicity: who confirmed, objected or said nothing."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kpi.access.publicity import sees_replies
from kpi.filters import ReplyFilter
from kpi.queries.publicity import replied_standings, reply_words, visible_publicity
from kpi.views.publicity import address_of
from promotion.errors import NotAllowed
from promotion.web.formats import number
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.requests import SignedInRequest

COLUMNS = (
    Column("subject", gettext_lazy("对象"), lambda one: one.subject_name, sort="subject_name"),
    Column(
        "team", gettext_lazy("任职团队"), lambda one: one.home_team.name if one.home_team else "", wide=True
    ),
    Column("rank", gettext_lazy("名次"), lambda one: one.rank, sort="rank", align="end"),
    Column("total", gettext_lazy("总分"), lambda one: number(one.total), sort="total", align="end"),
)


@require_GET
def replies(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Every published result with what was said to it."""
    found = visible_publicity(request.user, public_id)
    if not sees_replies(request.user):
        raise NotAllowed(_("谁确认、谁提出异议，只有人事、分管领导和纪检审计可以查看。"))
    is_over = found.is_settled or found.is_over_on(timezone.localdate())

    def words(one: Any) -> str:
        return reply_words(one.reply, is_over=is_over)

    listing = ListPage(
        request=request,
        queryset=replied_standings(found),
        layout=(*COLUMNS, Column("reply", gettext_lazy("答复"), words, sort="reply")),
        row_url=lambda one: reverse("kpi:standing", args=[one.pk]),
        default_sort="-reply",
        filterset=ReplyFilter,
        empty={"title": _("没有符合条件的人和团队")},
    )
    context = {"title": _("公示答复 · %(year)s 年度") % {"year": found.year}, "back_url": address_of(found)}
    return list_page(request, "kpi/reply_list.html", listing, context)
