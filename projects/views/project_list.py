"""The list of projects that every figure of the board and the dashboards opens."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.access import projects_found_by
from projects.filters.project import ProjectFilter, kept_choice
from projects.models import Channel, Industry
from projects.queries.board import mark_of
from projects.queries.clock import ClockBook, clock_book
from projects.queries.drawn import drawn_projects
from projects.queries.project import STAGE_PLACE
from projects.queries.tally import total_of
from projects.workflow import Stage
from promotion.web.components import badge
from promotion.web.formats import yi
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.markup import address, label_of, markup
from promotion.web.requests import SignedInRequest
from staff.models import Account


@require_GET
def projects(request: SignedInRequest) -> HttpResponse:
    """Projects by the same filters as the board, with the total of what they plan to invest."""
    listing = ListPage(
        request=request,
        queryset=projects_found_by(request.user),
        layout=_layout(clock_book()),
        row_url=_url,
        default_sort="-investment",
        filterset=ProjectFilter,
        url_name="projects:list",
        reading=drawn_projects,
        search_at_once=True,
        kept_figures=partial(_kept_figures, request.user),
        export_url=reverse("projects:export"),
        empty={
            "title": _("还没有项目"),
            "text": _("项目从一条线索开始：写下企业、金额和下一步。"),
            "action_url": reverse("projects:lead-new"),
            "action_label": _("记线索"),
        },
    )
    return list_page(
        request,
        "projects/project_list.html",
        listing,
        {
            "title": _("项目"),
            "query": listing.query,
            "bulk_actions": [
                {"url": reverse("projects:bulk"), "label": _("批量修改")},
                {"url": reverse("projects:drive-choose"), "label": _("列入督查")},
            ],
        },
    )


def _kept_figures(actor: Account, listing: ListPage) -> dict[str, Any] | None:
    """Count and planned investment from kept totals, unless the filters ask for more than they tell apart."""
    kept = kept_choice(listing.filter)
    if kept is None:
        return None
    total = total_of(actor, kept)
    return {"total_rows": total.count, "total_investment": total.amount}


def _url(row: Any) -> str:
    return address("projects:detail", row.public_id)


def _name(row: Any) -> SafeString:
    """The project over its company."""
    return markup(
        '<span class="two-line"><a class="row-link" href="{}">{}</a><small>{}</small></span>',
        _url(row),
        row.name,
        row.company_name,
    )


def _whole(text: Any) -> SafeString:
    """Short words that must not break."""
    return markup('<span class="nowrap">{}</span>', text)


def _layout(book: ClockBook) -> list[Column]:
    """The columns, with marks by the clocks of today."""
    marked = partial(_next_step, book)
    return [replace(one, value=marked) if one.key == "step" else one for one in LAYOUT]


def _next_step(book: ClockBook, row: Any) -> SafeString:
    """The day and the step; the worst mark stands with it."""
    day = f"{row.next_step_on:%m-%d} " if row.next_step_on else ""
    mark = mark_of(row, book.today, book)
    shown = badge(mark.text, mark.tone) if mark.tone != "plain" else ""
    return markup("{}{} {}", day, row.next_step, shown)


LAYOUT = (
    Column("code", gettext_lazy("编号"), lambda row: _whole(row.code), sort="code", wide=True),
    Column("name", gettext_lazy("项目与企业"), _name, sort="pinyin"),
    Column("stage", gettext_lazy("阶段"), lambda row: _whole(label_of(Stage, row.stage)), sort=STAGE_PLACE),
    Column(
        "industry",
        gettext_lazy("产业"),
        lambda row: _whole(label_of(Industry, row.industry) or "—"),
        sort="industry",
        optional=True,
        wide=True,
    ),
    Column(
        "channel",
        gettext_lazy("渠道"),
        lambda row: _whole(label_of(Channel, row.channel)),
        sort="channel",
        extra=True,
        wide=True,
    ),
    Column(
        "team",
        gettext_lazy("团队"),
        lambda row: _whole(row.team_name),
        sort="team__position",
        wide=True,
    ),
    Column("owner", gettext_lazy("专员"), lambda row: _whole(row.owner_name), sort="owner__pinyin"),
    Column(
        "investment",
        gettext_lazy("计划投资（亿元）"),
        lambda row: yi(row.planned_investment),
        sort="planned_investment",
        align="end",
        total=Sum("planned_investment"),
        show_total=yi,
    ),
    Column("step", gettext_lazy("下一步"), lambda row: row.next_step, sort="next_step_on"),
    Column(
        "days",
        gettext_lazy("停留天数"),
        lambda row: max((timezone.localdate() - row.stage_since).days, 0),
        sort="-stage_since",
        align="end",
        wide=True,
    ),
)
