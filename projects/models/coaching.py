"""Pre-coaching (前置辅导): what departments advise on before building begins."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


@pghistory.track()
class CoachingItem(models.Model):
    """One matter of the pre-coaching of a project (辅导事项): the department, its advice, and when it was done."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="coaching", verbose_name=_("项目")
    )
    title = models.CharField(_("事项"), max_length=60)
    guidance = models.CharField(_("要点"), max_length=200, blank=True)
    department = models.ForeignKey(
        "projects.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coaching",
        verbose_name=_("职能部门"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    advice = models.CharField(_("辅导意见"), max_length=500, blank=True)
    advised_on = models.DateField(_("辅导日期"), null=True, blank=True)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    is_needed = models.BooleanField(_("适用"), default=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("辅导事项")
        verbose_name_plural = _("辅导事项")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="coaching_item_once"),
            models.CheckConstraint(
                condition=models.Q(is_needed=True) | ~models.Q(advice=""), name="coaching_says_why_not"
            ),
        ]

    def __str__(self) -> str:
        return self.title


explain_constraint("coaching_item_once", _("清单里已有同名事项。"))
explain_constraint("coaching_says_why_not", _("不适用的事项请写明理由。"))
