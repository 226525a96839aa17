"""Key projects: the dated thresholds by which they are recognised (重大项目认定标准), and their recognition by people."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.key_thresholds import CLASSES, Measure
from projects.models.achievement import MILESTONE_KINDS, AchievementKind
from projects.models.project import CapitalSource, Industry, ProjectClass
from promotion.action import explain_constraint
from promotion.identifiers import public_id

KEY_CLASS_CHOICES = [(each.value, each.label) for each in (ProjectClass.MAJOR, ProjectClass.STRATEGIC)]
MILESTONE_CHOICES = [(each.value, each.label) for each in AchievementKind if each.value in MILESTONE_KINDS]


class KeyMeasure(models.TextChoices):
    """What a threshold measures; amounts in 元, foreign capital in US dollars."""

    CONTRACT = Measure.CONTRACT.value, _("已认定签约额（万元）")
    PLANNED = Measure.PLANNED.value, _("计划总投资（万元）")
    FOREIGN = Measure.FOREIGN.value, _("已认定到账外资（万美元）")


class KeyState(models.TextChoices):
    """How far the recognition of a key project is."""

    SUBMITTED = "submitted", _("待认定")
    RECOGNISED = "recognised", _("已认定")
    RETURNED = "returned", _("被退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    REPLACED = "replaced", _("已调整等级")
    REVOKED = "revoked", _("已撤销")


@pghistory.track()
class KeyProjectThreshold(models.Model):
    """A row of the table (重大项目认定标准), half-open [holds_from, holds_until); it is ended, never changed.

    An empty industry or source of capital means all. `amount` in 元, of foreign capital in US dollars.
    """

    project_class = models.CharField(_("项目等级"), max_length=10, choices=KEY_CLASS_CHOICES)
    industry = models.CharField(_("产业"), max_length=24, choices=Industry, blank=True)
    capital_source = models.CharField(_("资金来源"), max_length=10, choices=CapitalSource, blank=True)
    milestone = models.CharField(_("达到阶段"), max_length=12, choices=MILESTONE_CHOICES)
    measure = models.CharField(_("看什么金额"), max_length=10, choices=KeyMeasure)
    amount = models.DecimalField(_("达到金额"), max_digits=18, decimal_places=2)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)
    note = models.CharField(_("依据"), max_length=200, blank=True)
    is_assumption = models.BooleanField(_("暂定"), default=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设定人")
    )
    set_at = models.DateTimeField(_("设定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("重大项目认定标准")
        verbose_name_plural = _("重大项目认定标准")
        ordering = ["project_class", "measure", "milestone", "industry", "capital_source", "-holds_from"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="key_threshold_amount"),
            models.CheckConstraint(condition=models.Q(project_class__in=CLASSES), name="key_threshold_class"),
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="key_threshold_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_key_threshold_a_day",
                expressions=[
                    ("project_class", RangeOperators.EQUAL),
                    ("industry", RangeOperators.EQUAL),
                    ("capital_source", RangeOperators.EQUAL),
                    ("milestone", RangeOperators.EQUAL),
                    ("measure", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("holds_from"),
                            models.F("holds_until"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_project_class_display()} {self.get_milestone_display()} {self.in_ten_thousand:f}"

    @property
    def in_ten_thousand(self) -> Decimal:
        """The amount in 万元, of foreign capital in 万美元."""
        return self.amount / 10_000


@pghistory.track()
class KeyProjectRecognition(models.Model):
    """That a project is a key project (重大项目认定), asked for by one person or by the table, decided by another.

    `threshold` is the row that it met and `measured` the amount of the row's measure (元 or US dollars), both as they were on
    `measured_on`; without a row it is an exception, and the decision says why. `class_before` is what the project was taken to
    be until it was recognised; revoking gives it back.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="key_recognitions", verbose_name=_("项目")
    )
    project_class = models.CharField(_("认定等级"), max_length=10, choices=KEY_CLASS_CHOICES)
    state = models.CharField(_("状态"), max_length=12, choices=KeyState, default=KeyState.SUBMITTED)
    threshold = models.ForeignKey(
        KeyProjectThreshold,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recognitions",
        verbose_name=_("认定标准"),
    )
    measured = models.DecimalField(_("实际金额"), max_digits=18, decimal_places=2, null=True, blank=True)
    measured_on = models.DateField(_("数据截至"))
    reason = models.CharField(_("申请理由"), max_length=300, blank=True)
    papers = models.ManyToManyField(
        "projects.Document", related_name="key_recognitions", blank=True, verbose_name=_("材料")
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申请人"),
        help_text=_("留空为按标准提出"),
    )
    submitted_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("认定人"),
    )
    decided_at = models.DateTimeField(_("认定时间"), null=True, blank=True)
    recognised_on = models.DateField(_("认定日期"), null=True, blank=True)
    decision_note = models.CharField(_("认定意见"), max_length=300, blank=True)
    class_before = models.CharField(_("认定前等级"), max_length=10, choices=ProjectClass, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("终止人"),
    )
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("重大项目认定")
        verbose_name_plural = _("重大项目认定")
        ordering = ["-id"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["project"], condition=models.Q(state=state), name=f"one_{state}_key_project"
                )
                for state in ("submitted", "recognised")
            ),
            models.CheckConstraint(
                condition=models.Q(project_class__in=CLASSES), name="key_recognition_class"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("recognised", "replaced", "revoked"))
                | models.Q(decided_by__isnull=False, recognised_on__isnull=False)
                & ~models.Q(class_before="")
                & (models.Q(submitted_by__isnull=True) | ~models.Q(decided_by=models.F("submitted_by"))),
                name="second_person_recognises_key_project",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("recognised", "replaced", "revoked"))
                | models.Q(threshold__isnull=False, measured__isnull=False)
                | ~models.Q(decision_note=""),
                name="key_project_exception_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("replaced", "revoked"))
                | models.Q(ended_on__isnull=False) & ~models.Q(end_reason=""),
                name="key_project_end_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="key_recognition_state")]

    def __str__(self) -> str:
        return f"{self.project} {self.get_project_class_display()}"


explain_constraint(
    "one_key_threshold_a_day", _("同样条件的标准在这段时间已经有一条；请先停用它，或换一个生效日。")
)
explain_constraint("key_threshold_amount", _("达到金额必须大于 0。"))
explain_constraint("key_threshold_ends_after_start", _("停用日期不能早于生效日。"))
explain_constraint("one_submitted_key_project", _("这个项目已有一份认定申请在等待认定；请打开那一份。"))
explain_constraint("one_recognised_key_project", _("这个项目刚刚已被认定；请刷新页面后再看。"))
explain_constraint(
    "second_person_recognises_key_project", _("申请人不能认定自己的申请；请由另一位分管领导认定。")
)
explain_constraint("key_project_exception_has_reason", _("没有达到标准的认定要写明理由。"))
explain_constraint("key_project_end_has_reason", _("撤销或调整认定要写明理由。"))
