"""What the bureau asks of a class of projects (configuration of the gates), each line dated half-open."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.achievement import AchievementKind
from projects.models.project import ProjectClass
from projects.review_rules import Direction, GateKind, Metric
from promotion.action import explain_constraint

GATED_MILESTONES = (AchievementKind.SIGNED, AchievementKind.REGISTERED, AchievementKind.STARTED)


class Dated(models.Model):
    """Holds for a class of projects from a day until the day before another: [holds_from, holds_until)."""

    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        abstract = True


@pghistory.track()
class GateRequirement(Dated):
    """A class of projects needs a gate before a milestone (前置关口要求).

    The recognition of the milestone is refused without it; `stops_move` refuses the move to that stage already.
    """

    milestone = models.CharField(
        _("里程碑"), max_length=12, choices=[(each.value, each.label) for each in GATED_MILESTONES]
    )
    gate = models.CharField(_("关口"), max_length=12, choices=GateKind)
    stops_move = models.BooleanField(_("未过关口不得推进"), default=False)

    class Meta:
        verbose_name = _("前置关口要求")
        verbose_name_plural = _("前置关口要求")
        ordering = ["project_class", "milestone", "gate", "holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_class", "milestone", "gate"],
                condition=models.Q(holds_until__isnull=True),
                name="gate_required_once",
            ),
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="gate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_project_class_display()} {self.get_milestone_display()} {self.get_gate_display()}"


@pghistory.track()
class AdmissionCriterion(Dated):
    """A threshold that an application for admission is measured by (准入标准)."""

    metric = models.CharField(_("指标"), max_length=24, choices=Metric)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction)
    threshold = models.DecimalField(_("标准值"), max_digits=12, decimal_places=4)
    is_assumption = models.BooleanField(_("暂定"), default=True)

    class Meta:
        verbose_name = _("准入标准")
        verbose_name_plural = _("准入标准")
        ordering = ["project_class", "metric", "holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_class", "metric"],
                condition=models.Q(holds_until__isnull=True),
                name="admission_criterion_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.get_direction_display()} {self.threshold}"


@pghistory.track()
class ReviewRule(Dated):
    """How a joint review is held (会签规则): its deadline, its quorum, and what an opinion against it needs."""

    working_days = models.PositiveSmallIntegerField(_("反馈期限（工作日）"), default=10)
    quorum = models.PositiveSmallIntegerField(_("最低反馈率（%）"), default=100)
    against_needs_override = models.BooleanField(_("有反对意见须分管领导书面裁定"), default=True)
    is_assumption = models.BooleanField(_("暂定"), default=True)

    class Meta:
        verbose_name = _("会签规则")
        verbose_name_plural = _("会签规则")
        ordering = ["project_class", "holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_class"],
                condition=models.Q(holds_until__isnull=True),
                name="review_rule_once",
            ),
            models.CheckConstraint(
                condition=models.Q(quorum__gte=1, quorum__lte=100, working_days__gte=1),
                name="review_rule_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_project_class_display()} {self.quorum}%"


class Checklist(models.TextChoices):
    """Which list a topic stands on (清单)."""

    DILIGENCE = "diligence", _("尽职调查")
    COACHING = "coaching", _("前置辅导")


@pghistory.track()
class ChecklistTopic(Dated):
    """A line of a checklist for a class of projects (清单事项); a list that is opened copies the lines of its day."""

    checklist = models.CharField(_("清单"), max_length=10, choices=Checklist)
    title = models.CharField(_("事项"), max_length=60)
    guidance = models.CharField(_("要点"), max_length=200, blank=True)
    department = models.ForeignKey(
        "projects.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("职能部门"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("清单事项")
        verbose_name_plural = _("清单事项")
        ordering = ["checklist", "project_class", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "project_class", "title"],
                condition=models.Q(holds_until__isnull=True),
                name="checklist_topic_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


explain_constraint("gate_required_once", _("这个等级在这个里程碑前已要求这一关口。"))
explain_constraint("gate_ends_after_start", _("停止执行的日期不能早于开始执行的日期。"))
explain_constraint("admission_criterion_once", _("这个等级已有这项准入标准；请先停用原标准。"))
explain_constraint("review_rule_once", _("这个等级已有会签规则；请先停用原规则。"))
explain_constraint("review_rule_possible", _("最低反馈率须在 1 到 100 之间，反馈期限至少 1 个工作日。"))
explain_constraint("checklist_topic_once", _("清单里已有同名事项。"))
