"""How long a project may stay without verified progress, by stage and class, as dated configuration."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import ProjectClass
from projects.workflow import Stage
from promotion.action import explain_constraint


@pghistory.track()
class AgeingRule(models.Model):
    """After how many working days without verified progress a project counts as stalled (停滞标准); the latest one holds."""

    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)
    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass)
    working_days = models.PositiveSmallIntegerField(_("工作日"))
    holds_from = models.DateField(_("自"))
    note = models.CharField(_("依据"), max_length=200, blank=True, default="")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("设定人")
    )
    set_at = models.DateTimeField(_("设定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("停滞标准")
        verbose_name_plural = _("停滞标准")
        ordering = ["stage", "project_class", "-holds_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(working_days__gte=1, working_days__lte=1000), name="ageing_rule_days"
            ),
            models.UniqueConstraint(fields=["stage", "project_class", "holds_from"], name="ageing_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.project_class} {self.working_days}"


explain_constraint("ageing_rule_days", _("工作日要在 1 到 1000 之间。"))
explain_constraint("ageing_rule_once", _("这个阶段和等级在这一天已经有停滞标准，请先撤销那一条。"))
