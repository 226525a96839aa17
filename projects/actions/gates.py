"""The configuration of the gates, and the refusal of a milestone that lacks one."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.reviews import can_configure_gates
from projects.models import (
    GATED_MILESTONES,
    AdmissionCriterion,
    Checklist,
    ChecklistTopic,
    Department,
    GateRequirement,
    Project,
    ProjectClass,
    ReviewRule,
)
from projects.queries.gates import gates_in_words, missing_gates
from projects.review_defaults import COACHING, CRITERIA, DILIGENCE, GATES, KEY_CLASSES, REVIEW_RULES
from projects.review_rules import GateKind
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account


def check_gates(project: Project | None, milestone: str, day: date, *, moving: bool = False) -> None:
    """Raises Refused naming the gates that the class requires before the milestone of the day and that are missing."""
    if project is None or milestone not in GATED_MILESTONES:
        return
    missing = missing_gates(project, milestone, day, moving=moving)
    if not missing:
        return
    names = {
        "class": project.get_project_class_display(),
        "milestone": {each.value: each.label for each in GATED_MILESTONES}[milestone],
        "gates": gates_in_words(project, missing),
    }
    sentence = (
        _("%(class)s项目推进到「%(milestone)s」前还须完成：%(gates)s；请在项目页“准入与辅导”里办理。")
        if moving
        else _(
            "%(class)s项目的“%(milestone)s”认定前还须完成：%(gates)s；请在项目页“准入与辅导”里办理后再认定。"
        )
    )
    raise Refused(sentence % names)


@action("gate.adopt", gettext_lazy("采用建议的前置关口"))
def adopt_gate_defaults(*, actor: Account, on: date | None = None) -> list[GateRequirement]:
    """Write the suggested configuration from a day on. Raises Refused when there is a configuration already."""
    _permit(actor)
    if GateRequirement.objects.exists():
        raise Refused(_("已经有前置关口配置；请逐条修改。"))
    day = on or timezone.localdate()
    written = GateRequirement.objects.bulk_create(
        GateRequirement(project_class=each, milestone=milestone, gate=gate, stops_move=stops, holds_from=day)
        for each in KEY_CLASSES
        for milestone, gate, stops in GATES
    )
    for place, each in enumerate(ProjectClass.values):
        _adopt_class(each, place, day)
    record(actor=actor, verb="gate.adopt", target=written[0], detail={"on": str(day), "lines": len(written)})
    return written


def _adopt_class(project_class: str, place: int, day: date) -> None:
    AdmissionCriterion.objects.bulk_create(
        AdmissionCriterion(
            project_class=project_class,
            metric=metric,
            direction=direction,
            threshold=Decimal(thresholds[place]),
            holds_from=day,
        )
        for metric, direction, thresholds in CRITERIA
    )
    days, quorum = REVIEW_RULES[project_class]
    ReviewRule.objects.create(project_class=project_class, working_days=days, quorum=quorum, holds_from=day)
    departments = {each.code: each for each in Department.objects.all()}
    topics: list[tuple[Checklist, str, str, Department | None]]
    topics = [(Checklist.DILIGENCE, title, guidance, None) for title, guidance in DILIGENCE]
    topics += [
        (Checklist.COACHING, title, guidance, departments.get(code)) for title, guidance, code in COACHING
    ]
    ChecklistTopic.objects.bulk_create(
        ChecklistTopic(
            project_class=project_class,
            checklist=checklist,
            title=title,
            guidance=guidance,
            department=department,
            position=number,
            holds_from=day,
        )
        for number, (checklist, title, guidance, department) in enumerate(topics, start=1)
    )


@action("gate.require", gettext_lazy("要求前置关口"))
def require_gate(
    *,
    actor: Account,
    project_class: str,
    milestone: str,
    gate: str,
    holds_from: date,
    stops_move: bool = False,
    reason: str = "",
) -> GateRequirement:
    """Ask a gate of a class before a milestone from a day on; what happened before that day is not touched."""
    _permit(actor)
    if (
        project_class not in ProjectClass.values
        or milestone not in GATED_MILESTONES
        or gate not in GateKind.values
    ):
        raise Refused(_("没有这样的等级、里程碑或关口；请从列表中选择。"))
    row = GateRequirement.objects.create(
        project_class=project_class,
        milestone=milestone,
        gate=gate,
        holds_from=holds_from,
        stops_move=stops_move,
    )
    record(
        actor=actor,
        verb="gate.require",
        target=row,
        reason=reason.strip(),
        detail={"holds_from": str(holds_from), "stops_move": stops_move},
    )
    return row


@action("gate.lift", gettext_lazy("停止要求前置关口"))
def lift_gate(*, actor: Account, requirement: GateRequirement, on: date, reason: str) -> GateRequirement:
    """Stop asking for a gate from a day on, with the reason."""
    _permit(actor)
    row = GateRequirement.objects.select_for_update().filter(pk=requirement.pk, holds_until=None).first()
    if row is None:
        raise NotFound(_("没有这条正在执行的要求。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由。")})
    if on < row.holds_from:
        sentence = _("停止执行的日期不能早于开始执行的日期。")
        raise Refused(sentence, fields={"on": sentence})
    row.holds_until = on
    row.save(update_fields=["holds_until"])
    record(actor=actor, verb="gate.lift", target=row, reason=reason.strip(), detail={"on": str(on)})
    return row


def _permit(actor: Account) -> None:
    if not can_configure_gates(actor):
        raise NotAllowed(_("前置关口由分管领导和系统管理员配置。"))
