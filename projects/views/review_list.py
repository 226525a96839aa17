"""The joint reviews that run: which departments are awaited, which are late, which wait for the decision."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.joint_review import ReviewFilter
from projects.models import ReviewState
from projects.queries.joint_review import TONES, listed_reviews, review_figures
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.requests import SignedInRequest
from promotion.working_days import WorkingCalendar, working_calendar
from staff.models import Account


def standing_badge(review: Any, calendar: WorkingCalendar) -> SafeString:
    """How a round stands: its outcome, or how long the departments have, or that the decision is awaited."""
    if review.state != ReviewState.OPEN:
        return badge(review.get_state_display(), TONES[ReviewState(review.state)])
    if review.given == review.asked:
        return badge(_("意见已齐，待签发"), "accent")
    left = calendar.between(timezone.localdate(), review.due_on)
    if review.due_on < timezone.localdate():
        # A deadline on a day off is over on the next day, although no working day has passed.
        return badge(_("超 %(days)s 个工作日") % {"days": max(-left, 1)}, "alarm")
    return (
        badge(_("今天到期"), "attention") if left <= 0 else badge(_("剩 %(days)s 个工作日") % {"days": left})
    )


@require_GET
def reviews(request: SignedInRequest) -> HttpResponse:
    """What runs, the earliest due first; figures above, each a link to the list that it counts."""
    listing = ListPage(
        request=request,
        queryset=listed_reviews(request.user),
        layout=_layout(working_calendar()),
        row_url=lambda row: reverse("projects:review", args=[row.public_id]),
        default_sort="due",
        filterset=ReviewFilter,
        url_name="projects:reviews",
        empty={
            "title": _("没有联审会签"),
            "text": _("需要几个部门一起表态时，在项目页“联审”里发起，意见、条件和期限都留在一处。"),
            "action_url": reverse("projects:board"),
            "action_label": _("去项目看板"),
        },
    )
    context = {"title": _("联审会签"), "totals": _totals(request.user)}
    return list_page(request, "projects/review_list.html", listing, context)


def _layout(calendar: WorkingCalendar) -> list[Column]:
    return [
        Column("subject", gettext_lazy("会签事项"), lambda row: row.subject),
        Column("project", gettext_lazy("项目"), lambda row: row.project.name, sort="project__pinyin"),
        Column("team", gettext_lazy("团队"), lambda row: row.project.team.name, wide=True),
        Column("round", gettext_lazy("轮次"), lambda row: row.round, sort="round", align="end", wide=True),
        Column(
            "opened",
            gettext_lazy("发起"),
            lambda row: day(row.opened_on),
            align="day",
            sort="opened_on",
            wide=True,
        ),
        Column("due", gettext_lazy("反馈期限"), lambda row: day(row.due_on), align="day", sort="due_on"),
        Column("given", gettext_lazy("已反馈"), lambda row: f"{row.given}/{row.asked}", align="end"),
        Column("against", gettext_lazy("不同意"), lambda row: row.against or "—", align="end", wide=True),
        Column("standing", gettext_lazy("进度"), lambda row: standing_badge(row, calendar)),
    ]


def _totals(actor: Account) -> list[dict[str, Any]]:
    """The figures above the list; one query."""
    counts = review_figures(actor, timezone.localdate())
    url = reverse("projects:reviews")
    return [
        {"label": _("会签中"), "value": counts["running"], "url": url},
        {"label": _("已超期"), "value": counts["late"], "url": f"{url}?due=late"},
        {"label": _("意见已齐，待签发"), "value": counts["ready"], "url": f"{url}?due=ready"},
        {"label": _("通过"), "value": counts["passed"], "url": f"{url}?state=passed"},
        {"label": _("未通过"), "value": counts["failed"], "url": f"{url}?state=failed"},
    ]
