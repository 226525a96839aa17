"""The applications and inquiries that run, and those that were decided."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from projects.filters.gate import AdmissionFilter, DiligenceFilter
from projects.models import AdmissionDecision, DiligenceState
from projects.queries.admission import (
    DECISION_TONES,
    RISK_TONES,
    STATE_TONES,
    listed_admissions,
    listed_diligences,
)
from promotion.web.components import badge
from promotion.web.formats import day, yi
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.requests import SignedInRequest


@require_GET
def admissions(request: SignedInRequest) -> HttpResponse:
    """Applications for admission, those that wait first."""
    listing = ListPage(
        request=request,
        queryset=listed_admissions(request.user),
        layout=APPLICATIONS,
        row_url=lambda row: reverse("projects:admission", args=[row.public_id]),
        default_sort="decision",
        filterset=AdmissionFilter,
        url_name="projects:admissions",
        empty=_empty(_("没有准入申请")),
    )
    return list_page(
        request, "projects/admission_list.html", listing, {"title": _("准入"), "part": "admissions"}
    )


@require_GET
def diligences(request: SignedInRequest) -> HttpResponse:
    """Due-diligence inquiries, the newest first."""
    listing = ListPage(
        request=request,
        queryset=listed_diligences(request.user),
        layout=INQUIRIES,
        row_url=lambda row: reverse("projects:diligence", args=[row.public_id]),
        default_sort="-opened",
        filterset=DiligenceFilter,
        url_name="projects:diligences",
        empty=_empty(_("没有尽职调查")),
    )
    context = {"title": _("尽职调查"), "part": "diligences"}
    return list_page(request, "projects/admission_list.html", listing, context)


def _empty(title: str) -> dict[str, str]:
    return {
        "title": title,
        "text": _("在项目页“准入与辅导”里申请准入、发起尽职调查，都会列在这里。"),
        "action_url": reverse("projects:board"),
        "action_label": _("去项目看板"),
    }


def _decision(row: Any) -> Any:
    return badge(row.get_decision_display(), DECISION_TONES[AdmissionDecision(row.decision)])


def _state(row: Any) -> Any:
    return badge(row.get_state_display(), STATE_TONES[DiligenceState(row.state)])


def _risk(row: Any) -> Any:
    return badge(row.get_risk_display(), RISK_TONES[row.risk]) if row.risk else "—"


APPLICATIONS = (
    Column("project", gettext_lazy("项目"), lambda row: str(row.project), sort="project__pinyin"),
    Column("team", gettext_lazy("团队"), lambda row: row.project.team.name, wide=True),
    Column("class", gettext_lazy("等级"), lambda row: row.project.get_project_class_display(), wide=True),
    Column(
        "investment",
        gettext_lazy("总投资（亿元）"),
        lambda row: yi(row.investment),
        sort="investment",
        align="end",
    ),
    Column(
        "submitted", gettext_lazy("申请"), lambda row: day(row.submitted_at), align="day", sort="submitted_at"
    ),
    Column("by", gettext_lazy("申请人"), lambda row: row.submitted_by.display_name, wide=True),
    Column(
        "decided",
        gettext_lazy("决定日期"),
        lambda row: day(row.decided_on),
        align="day",
        sort="decided_on",
        wide=True,
    ),
    Column("decision", gettext_lazy("决定"), _decision, sort="decision"),
)
INQUIRIES = (
    Column("project", gettext_lazy("项目"), lambda row: str(row.project), sort="project__pinyin"),
    Column("team", gettext_lazy("团队"), lambda row: row.project.team.name, wide=True),
    Column("opened", gettext_lazy("发起"), lambda row: day(row.opened_at), align="day", sort="opened_at"),
    Column("by", gettext_lazy("发起人"), lambda row: row.opened_by.display_name, wide=True),
    Column("found", gettext_lazy("已填"), lambda row: f"{row.found}/{row.topics}", align="end"),
    Column("risk", gettext_lazy("总体风险"), _risk, wide=True),
    Column("state", gettext_lazy("状态"), _state, sort="state"),
)
