"""Admission (项目准入): an application with figures, decided by a manager under a number."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class AdmissionDecision(models.TextChoices):
    """What a manager decides on an application (准入决定)."""

    WAITING = "", _("待决定")
    ADMIT = "admit", _("同意准入")
    CONDITIONAL = "conditional", _("有条件准入")
    DEFER = "defer", _("暂缓")
    REFUSE = "refuse", _("不予准入")


ADMITTED = (AdmissionDecision.ADMIT, AdmissionDecision.CONDITIONAL)


@pghistory.track()
class AdmissionApplication(models.Model):
    """An application for admission (准入申请) with what the investor states, and the decision on it.

    Money in 元, land in 亩. A later application stands beside the earlier ones; one at a time waits for its decision.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="admissions", verbose_name=_("项目")
    )
    investment = models.DecimalField(
        _("总投资（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    land_area = models.DecimalField(_("用地（亩）"), max_digits=10, decimal_places=2, null=True, blank=True)
    annual_output = models.DecimalField(
        _("达产年产值（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    annual_tax = models.DecimalField(
        _("达产年税收（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    annual_energy = models.DecimalField(
        _("年综合能耗（吨标准煤）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    annual_emissions = models.DecimalField(
        _("年碳排放（吨）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    jobs = models.PositiveIntegerField(_("就业（人）"), null=True, blank=True)
    note = models.CharField(_("申请说明"), max_length=300, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    submitted_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decision = models.CharField(
        _("决定"), max_length=12, choices=AdmissionDecision, default=AdmissionDecision.WAITING, blank=True
    )
    number = models.CharField(_("决定文号"), max_length=30, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("准入申请")
        verbose_name_plural = _("准入申请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(decision=""), name="one_open_admission"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="admission_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_on=None, decided_by=None, number="")
                | (
                    ~models.Q(decision="")
                    & models.Q(decided_on__isnull=False, decided_by__isnull=False)
                    & ~models.Q(number="")
                ),
                name="admission_decided_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(land_area__isnull=True) | models.Q(land_area__gt=Decimal(0)),
                name="admission_land_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(AdmissionDecision.WAITING.label)


explain_constraint("one_open_admission", _("这个项目已有一份待决定的准入申请；请等决定作出后再申请。"))
explain_constraint("admission_number_once", _("这个文号已经用过；请换一个文号。"))
explain_constraint("admission_land_positive", _("用地面积必须大于 0；还没有确定请留空。"))
