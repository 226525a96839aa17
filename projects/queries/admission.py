"""Admission, due diligence and pre-coaching as they are read: lists, one record, the tab of the project."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access.reviews import admissions_visible_to, coaching_visible_to, diligences_visible_to
from projects.models import (
    ADMITTED,
    AchievementKind,
    AdmissionApplication,
    AdmissionDecision,
    CoachingItem,
    Diligence,
    DiligenceState,
    GateCondition,
    Project,
    Risk,
)
from projects.queries.gates import (
    CriterionLine,
    criteria_of,
    departments_without_specialist,
    passed_gates,
    requirements_of,
)
from projects.review_rules import GateKind
from promotion.errors import NotFound
from staff.models import Account

DECISION_TONES = {
    AdmissionDecision.WAITING: "attention",
    AdmissionDecision.ADMIT: "done",
    AdmissionDecision.CONDITIONAL: "accent",
    AdmissionDecision.DEFER: "plain",
    AdmissionDecision.REFUSE: "alarm",
}
STATE_TONES = {
    DiligenceState.OPEN: "accent",
    DiligenceState.CONCLUDED: "attention",
    DiligenceState.CONFIRMED: "done",
}
RISK_TONES = {"": "plain", Risk.LOW: "done", Risk.MIDDLE: "attention", Risk.HIGH: "alarm"}


def listed_admissions(actor: Account) -> QuerySet[AdmissionApplication]:
    """The visible applications as the list draws them."""
    return admissions_visible_to(actor).select_related(
        "project__team", "project__company", "submitted_by", "decided_by"
    )


def visible_admission(actor: Account, public_id: str) -> AdmissionApplication:
    """One application with its conditions. Raises NotFound when it is not the actor's to see."""
    conditions = GateCondition.objects.select_related("owner", "evidence", "closed_by")
    rows = listed_admissions(actor).prefetch_related(Prefetch("conditions", conditions))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这份准入申请，或者您看不到它所在的项目。"))
    return found


def listed_diligences(actor: Account) -> QuerySet[Diligence]:
    """The visible inquiries with how many topics they have and how many have a finding."""
    return (
        diligences_visible_to(actor)
        .select_related("project__team", "opened_by", "concluded_by", "confirmed_by")
        .annotate(topics=Count("items"), found=Count("items", filter=~Q(items__finding="")))
    )


def visible_diligence(actor: Account, public_id: str) -> Diligence:
    """One inquiry. Raises NotFound when it is not the actor's to see."""
    found = listed_diligences(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这次尽职调查，或者您看不到它所在的项目。"))
    return found


def visible_coaching(actor: Account, pk: int) -> CoachingItem:
    """One matter of pre-coaching. Raises NotFound when it is not the actor's to see."""
    found = coaching_visible_to(actor).select_related("project", "department").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个辅导事项，或者您看不到它所在的项目。"))
    return found


def judged_on(application: AdmissionApplication) -> list[CriterionLine]:
    """The criteria of the day of the decision, or of today while it waits; one query."""
    on = application.decided_on or timezone.localdate()
    return criteria_of(application, application.project.project_class, on)


@dataclass(frozen=True)
class GateLine:
    """A gate that the class asks for today: before which milestone, whether it is passed, whether it stops the move."""

    label: str
    milestone: str
    passed: bool
    stops_move: bool
    missing: Sequence[str] = ()


def gate_lines(project: Project) -> list[GateLine]:
    """The gates of the project's class today, in the order of the pipeline; two queries, one where nothing is asked."""
    today = timezone.localdate()
    asked = [each for each in requirements_of(project.project_class) if each.holds_on(today)]
    if not asked:
        return []
    passed = passed_gates(project)
    order = list(GateKind.values)
    return [
        GateLine(
            label=str(GateKind(each.gate).label),
            milestone=str(AchievementKind(each.milestone).label),
            passed=each.gate in passed,
            stops_move=each.stops_move,
            missing=_specialists_missing(project, each.gate, each.gate in passed),
        )
        for each in sorted(asked, key=lambda one: order.index(one.gate))
    ]


def _specialists_missing(project: Project, gate: str, passed: bool) -> Sequence[str]:
    if passed or gate != GateKind.SPECIALISTS:
        return ()
    return [str(each) for each in departments_without_specialist(project)]


def admission_tab(project: Project) -> dict[str, Any]:
    """What the tab shows: gates, the applications, the latest inquiry, the coaching."""
    applications = list(project.admissions.select_related("submitted_by", "decided_by"))
    inquiries = list(
        project.diligences.select_related("opened_by").annotate(
            topics=Count("items"), found=Count("items", filter=~Q(items__finding=""))
        )
    )
    coaching = list(project.coaching.select_related("department"))
    needed = [each for each in coaching if each.is_needed]
    return {
        "gate_lines": gate_lines(project),
        "applications": [(each, DECISION_TONES[AdmissionDecision(each.decision)]) for each in applications],
        "waiting": next((each for each in applications if not each.decision), None),
        "admitted": bool(applications) and applications[0].decision in ADMITTED,
        "inquiries": [(each, STATE_TONES[DiligenceState(each.state)]) for each in inquiries],
        "inquiry_runs": any(each.state != DiligenceState.CONFIRMED for each in inquiries),
        "coaching": coaching,
        "coaching_done": sum(each.done_on is not None for each in needed),
        "coaching_needed": len(needed),
    }
