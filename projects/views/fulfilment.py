"""Rates of fulfilment by team, officer and channel, and the projects that each figure sums."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.fulfilment import FulfilmentFilter
from projects.forms.fulfilment import PeriodForm
from projects.queries.fulfilment import GROUPINGS, RATES, fulfilment, grouping_of, signed_projects
from promotion.web.formats import percent, wan
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def rates(request: SignedInRequest) -> HttpResponse:
    """The rates of what was signed in a period; `group` says by what, an unknown one by team."""
    form = PeriodForm(request.GET or None)
    grouping = grouping_of(request.GET.get("group", ""))
    rows, total = fulfilment(request.user, grouping, **form.period())
    query = request.GET.copy()
    groups = []
    for each in GROUPINGS:
        query["group"] = each.key
        groups.append((each.label, f"?{query.urlencode()}", each == grouping))
    period = request.GET.copy()
    period.pop("group", None)
    context = {
        "form": form,
        "grouping": grouping,
        "groups": groups,
        "rates": RATES,
        "rows": rows,
        "total": total,
        "projects_url": f"{reverse('projects:fulfilment-projects')}?{period.urlencode()}",
        "export_url": f"{reverse('projects:fulfilment-workbook')}?{request.GET.urlencode()}",
    }
    return page(request, "projects/fulfilment.html", context, status=422 if form.errors else 200)


@require_GET
def projects(request: SignedInRequest) -> HttpResponse:
    """The signed projects with their milestones and money: the list that every rate opens and that sums to it."""
    listing = ListPage(
        request=request,
        queryset=signed_projects(request.user).select_related("team", "owner"),
        layout=LAYOUT,
        row_url=lambda row: reverse("projects:detail", args=[row.public_id]),
        default_sort="-signed_on",
        filterset=FulfilmentFilter,
        url_name="projects:fulfilment-projects",
        empty={
            "title": _("没有已认定的签约"),
            "text": _("签约认定之后，项目会列在这里，可以看它履约到了哪一步。"),
        },
    )
    return list_page(request, "projects/fulfilment_projects.html", listing, {"title": _("履约明细")})


def _mark(name: str) -> Any:
    return lambda row: "✓" if getattr(row, name) else "—"


def _money(name: str, label: Any, **more: Any) -> Column:
    return Column(
        name,
        label,
        lambda row: wan(getattr(row, name)),
        sort=name,
        align="end",
        total=Sum(name),
        show_total=wan,
        **more,
    )


def _reached(name: str, label: Any) -> Column:
    return Column(
        name, label, _mark(name), align="end", total=Count("pk", filter=Q(**{name: True})), show_total=str
    )


LAYOUT = (
    Column("name", gettext_lazy("项目"), lambda row: row.name, sort="pinyin"),
    Column("team", gettext_lazy("团队"), lambda row: row.team.name, optional=True),
    Column("officer", gettext_lazy("服务专员"), lambda row: row.owner.name, optional=True),
    Column("channel", gettext_lazy("渠道"), lambda row: row.get_channel_display(), extra=True),
    Column("signed_on", gettext_lazy("签约"), lambda row: f"{row.signed_on:%y-%m-%d}", sort="signed_on"),
    _reached("has_registered", gettext_lazy("注册")),
    _reached("has_started", gettext_lazy("开工")),
    _reached("has_produced", gettext_lazy("投产")),
    _reached("has_fulfilled", gettext_lazy("履约")),
    _money("contract", gettext_lazy("合同额（万元）")),
    _money("committed", gettext_lazy("合同额加增资（万元）"), extra=True),
    _money("capital", gettext_lazy("注册资本（万元）")),
    _money("paid_in", gettext_lazy("到账（万元）")),
    _money("paid_in_registered", gettext_lazy("已注册项目到账（万元）"), extra=True),
    _money("fixed_asset", gettext_lazy("固投（万元）")),
    Column(
        "paid_in_rate",
        gettext_lazy("到账率"),
        lambda row: percent(row.paid_in / row.capital if row.capital else None),
        align="end",
        optional=True,
    ),
)
