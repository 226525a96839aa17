"""The list that every figure of an assessment opens, and that sums to it."""

from typing import Any, cast

from django.db.models import F, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects import queries
from projects.filters.achievement import AchievementFilter, credited_to
from projects.models import Achievement, Recognition
from projects.queries.achievement_tally import achievement_totals
from promotion.web.components import badge
from promotion.web.formats import day, exact, number, usd_wan, wan
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.requests import SignedInRequest
from staff.models import Account


@require_GET
def achievements(request: SignedInRequest) -> HttpResponse:
    """Achievements with their totals; with `person` or `team` also what is credited there."""
    credited = credited_to(request.user, request.GET)
    listing = ListPage(
        request=request,
        queryset=queries.listed_achievements(request.user, **credited),
        layout=[*LAYOUT, *(CREDITED if any(credited.values()) else ())],
        row_url=queries.address_of,
        default_sort="-happened",
        filterset=AchievementFilter,
        url_name="projects:achievements",
        export_url=reverse("projects:achievements-workbook"),
        kept_figures=None if any(credited.values()) else _kept_figures,
        empty={"title": _("还没有业绩"), "text": _("项目推进到签约，或在项目页申报到账后，会列在这里。")},
    )
    return list_page(request, "projects/achievement_list.html", listing, {"title": _("业绩台账")})


def _kept_figures(listing: ListPage) -> dict[str, Any] | None:
    """Count and totals of those who oversee, where they are kept for what is chosen."""
    choice = listing.filter.kept if isinstance(listing.filter, AchievementFilter) else None
    found = achievement_totals(cast("Account", listing.request.user), choice) if choice else None
    if found is None:
        return None
    return {
        "total_rows": found["count"],
        "total_amount": found["reported_cny"],
        "total_recognised_amount": found["recognised_cny"],
        "total_recognised_usd": found["recognised_usd"],
        "total_people": found["people"],
        "total_recognised_people": found["recognised_people"],
    }


def _state(row: Achievement) -> SafeString:
    return badge(row.get_state_display(), queries.STATE_TONES[Recognition(row.state)])


def _evidence(row: Any) -> SafeString:
    return format_html('<a href="{}#evidence">{}</a>', queries.address_of(row), row.evidence_count)


LAYOUT = (
    Column("what", gettext_lazy("业绩"), queries.title_of),
    Column("team", gettext_lazy("团队"), lambda row: row.project.team.name if row.project else "—"),
    Column(
        "happened", gettext_lazy("发生"), lambda row: day(row.happened_on), align="day", sort="happened_on"
    ),
    Column(
        "submitted",
        gettext_lazy("申报"),
        lambda row: day(row.submitted_at),
        align="day",
        sort="submitted_at",
        extra=True,
    ),
    Column(
        "recognised",
        gettext_lazy("认定"),
        lambda row: day(row.recognised_on),
        align="day",
        sort="recognised_on",
    ),
    Column(
        "amount",
        gettext_lazy("申报（万元）"),
        lambda row: wan(row.amount_cny),
        sort="amount_cny",
        align="end",
        total=Sum("amount_cny"),
        show_total=wan,
    ),
    Column(
        "recognised_amount",
        gettext_lazy("认定（万元）"),
        lambda row: wan(row.recognised_cny),
        sort="recognised_cny",
        align="end",
        total=Sum("recognised_cny"),
        show_total=wan,
    ),
    Column(
        "recognised_usd",
        gettext_lazy("认定（万美元）"),
        lambda row: usd_wan(row.recognised_usd),
        align="end",
        total=Sum("recognised_usd"),
        show_total=usd_wan,
        optional=True,
    ),
    Column(
        "people",
        gettext_lazy("申报（人）"),
        lambda row: number(row.people, 0),
        sort="people",
        align="end",
        total=Sum("people"),
        show_total=lambda total: number(total, 0),
        extra=True,
    ),
    Column(
        "recognised_people",
        gettext_lazy("认定（人）"),
        lambda row: number(row.recognised_people, 0),
        sort="recognised_people",
        align="end",
        total=Sum("recognised_people"),
        show_total=lambda total: number(total, 0),
        extra=True,
    ),
    Column("evidence", gettext_lazy("佐证"), _evidence, sort="evidence_count", align="end"),
    Column("state", gettext_lazy("认定状态"), _state, sort="state"),
)
CREDITED = (
    Column(
        "percent",
        gettext_lazy("份额（%）"),
        lambda row: number(row.credited_percent),
        sort="credited_percent",
        align="end",
    ),
    Column(
        "credited",
        gettext_lazy("计入（万元）"),
        lambda row: wan(row.credited_cny),
        sort="credited_cny",
        align="end",
        total=Sum(F("credited_cny")),
        show_total=wan,
    ),
    Column(
        "credited_people",
        gettext_lazy("计入（人）"),
        lambda row: exact(row.credited_people),
        sort="credited_people",
        align="end",
        total=Sum(F("credited_people")),
        show_total=exact,
        extra=True,
    ),
)
