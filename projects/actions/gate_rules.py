"""The criteria, rules and checklists behind the gates: each change from a day on, what held before stays readable."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.reviews import can_configure_gates
from projects.actions.review_parts import words
from projects.models import (
    AdmissionCriterion,
    Checklist,
    ChecklistTopic,
    Department,
    ProjectClass,
    ReviewRule,
)
from projects.review_rules import Direction, Metric
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

Rule = TypeVar("Rule", AdmissionCriterion, ReviewRule)


def permit_configuring(actor: Account) -> None:
    """Raises NotAllowed for everybody but those who configure the gates."""
    if not can_configure_gates(actor):
        raise NotAllowed(_("前置关口由分管领导和系统管理员配置。"))


@action("gate.settle-criterion", gettext_lazy("设定准入标准"))
def settle_criterion(
    *,
    actor: Account,
    project_class: str,
    metric: str,
    direction: str,
    threshold: Decimal,
    holds_from: date,
    reason: str = "",
) -> AdmissionCriterion:
    """Measure applications of a class by a threshold from a day on; the one before ends on that day."""
    permit_configuring(actor)
    if (
        project_class not in ProjectClass.values
        or metric not in Metric.values
        or direction not in Direction.values
    ):
        raise Refused(_("没有这样的等级、指标或方向；请从列表中选择。"))
    if threshold < 0:
        sentence = _("标准值不能是负数。")
        raise Refused(sentence, fields={"threshold": sentence})
    _end_before(AdmissionCriterion.objects.filter(project_class=project_class, metric=metric), holds_from)
    row = AdmissionCriterion.objects.create(
        project_class=project_class,
        metric=metric,
        direction=direction,
        threshold=threshold,
        holds_from=holds_from,
        is_assumption=False,
    )
    detail = {"threshold": str(threshold), "holds_from": str(holds_from)}
    record(actor=actor, verb="gate.settle-criterion", target=row, reason=reason.strip(), detail=detail)
    return row


@action("gate.settle-review-rule", gettext_lazy("设定会签规则"))
def settle_review_rule(
    *,
    actor: Account,
    project_class: str,
    working_days: int,
    quorum: int,
    holds_from: date,
    against_needs_override: bool = True,
    reason: str = "",
) -> ReviewRule:
    """Hold joint reviews of a class by a deadline (working days) and a quorum (per cent) from a day on."""
    permit_configuring(actor)
    if project_class not in ProjectClass.values:
        raise Refused(_("没有这样的等级；请从列表中选择。"))
    _end_before(ReviewRule.objects.filter(project_class=project_class), holds_from)
    row = ReviewRule.objects.create(
        project_class=project_class,
        working_days=working_days,
        quorum=quorum,
        against_needs_override=against_needs_override,
        holds_from=holds_from,
        is_assumption=False,
    )
    detail = {"working_days": working_days, "quorum": quorum, "holds_from": str(holds_from)}
    record(actor=actor, verb="gate.settle-review-rule", target=row, reason=reason.strip(), detail=detail)
    return row


@action("gate.add-topic", gettext_lazy("新增清单事项"))
def add_topic(
    *,
    actor: Account,
    project_class: str,
    checklist: str,
    title: str,
    holds_from: date,
    guidance: str = "",
    department: Department | None = None,
) -> ChecklistTopic:
    """Put a line at the end of a checklist; lists that are open already keep the lines they began with."""
    permit_configuring(actor)
    if project_class not in ProjectClass.values or checklist not in Checklist.values:
        raise Refused(_("没有这样的等级或清单；请从列表中选择。"))
    lines = ChecklistTopic.objects.filter(project_class=project_class, checklist=checklist)
    row = ChecklistTopic.objects.create(
        project_class=project_class,
        checklist=checklist,
        title=words(title, "title", _("请写明事项。"), longest=60),
        guidance=guidance.strip()[:200],
        department=department,
        position=(lines.aggregate(last=Max("position"))["last"] or 0) + 1,
        holds_from=holds_from,
    )
    record(actor=actor, verb="gate.add-topic", target=row, detail={"holds_from": str(holds_from)})
    return row


@action("gate.retire-topic", gettext_lazy("停用清单事项"))
def retire_topic(*, actor: Account, topic: ChecklistTopic, on: date, reason: str) -> ChecklistTopic:
    """Leave a line out of lists that are opened from the day on, with the reason."""
    permit_configuring(actor)
    row = ChecklistTopic.objects.select_for_update().filter(pk=topic.pk, holds_until=None).first()
    if row is None:
        raise NotFound(_("没有这条正在使用的事项。"))
    reason = words(reason, "reason", _("请写明理由。"))
    if on < row.holds_from:
        sentence = _("停用日期不能早于启用日期。")
        raise Refused(sentence, fields={"on": sentence})
    row.holds_until = on
    row.save(update_fields=["holds_until"])
    record(actor=actor, verb="gate.retire-topic", target=row, reason=reason, detail={"on": str(on)})
    return row


def _end_before(rows: QuerySet[Rule], holds_from: date) -> None:
    """End the line that holds now. Raises Refused where the new one would begin before it."""
    now = rows.select_for_update().filter(holds_until=None).first()
    if now is None:
        return
    if holds_from < now.holds_from:
        sentence = _("现行的一条从 %(day)s 起执行；新的不能早于它。") % {"day": now.holds_from}
        raise Refused(sentence, fields={"holds_from": sentence})
    now.holds_until = holds_from
    now.save(update_fields=["holds_until"])
