"""How many projects one person may look after at a time, by grade, as dated configuration."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from staff.models import Grade


@pghistory.track()
class LoadLimit(models.Model):
    """Up to how many running projects, and key projects among them, a person of the grade has room (在管上限); the latest holds."""

    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    projects = models.PositiveSmallIntegerField(_("在推项目"))
    key_projects = models.PositiveSmallIntegerField(_("重点项目"))
    holds_from = models.DateField(_("自"))
    note = models.CharField(_("依据"), max_length=200, blank=True, default="")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设定人")
    )
    set_at = models.DateTimeField(_("设定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("在管上限")
        verbose_name_plural = _("在管上限")
        ordering = ["grade", "-holds_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(projects__gte=1, projects__lte=200)
                & models.Q(key_projects__lte=models.F("projects")),
                name="load_limit_numbers",
            ),
            models.UniqueConstraint(fields=["grade", "holds_from"], name="load_limit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.projects}/{self.key_projects}"


explain_constraint("load_limit_numbers", _("在推项目要在 1 到 200 之间，重点项目不能多于在推项目。"))
explain_constraint("load_limit_once", _("这一级别在这一天已经有在管上限，请先撤销那一条。"))
