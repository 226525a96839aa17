"""Whose project it is: the first reception of an investor, and the shares of the credit."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


@pghistory.track()
class FirstReception(models.Model):
    """A time-stamped claim on an investor (首报首接): exactly one holds at a time."""

    company = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="receptions", verbose_name=_("企业")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="receptions", verbose_name=_("首接人")
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="receptions", verbose_name=_("团队"))
    claimed_at = models.DateTimeField(_("首报时间"), default=timezone.now)
    protected_until = models.DateField(_("保护期至"))
    released_at = models.DateTimeField(_("解除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("首报首接")
        verbose_name_plural = _("首报首接")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(released_at__isnull=True), name="one_first_reception"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.person_id}"


class CreditRole(models.TextChoices):
    """What somebody did for a project (业绩角色)."""

    CAPTURE = "capture", _("捕捉")
    INTRODUCTION = "introduction", _("引进")
    LANDING = "landing", _("推进落地")


@pghistory.track()
class CreditShare(models.Model):
    """A person's part of the credit of a project (业绩份额): all shares of a project total 100 %.

    Half-open [holds_from, holds_until): a fact is credited by the shares of the day on which it happened.
    """

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="shares", verbose_name=_("项目")
    )
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="shares", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=12, choices=CreditRole)
    percent = models.DecimalField(_("份额（%）"), max_digits=5, decimal_places=2)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("业绩份额")
        verbose_name_plural = _("业绩份额")
        ordering = ["project_id", "role", "-percent", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="share_between_0_and_100"
            ),
            models.UniqueConstraint(
                fields=["project", "person", "role"],
                condition=models.Q(holds_until__isnull=True),
                name="one_share_per_role",
            ),
        ]
        indexes = [models.Index(fields=["project", "holds_from"], name="share_project_from")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.percent}%"


explain_constraint(
    "one_first_reception", _("这家企业刚刚已被其他同事首报；您的线索没有保存，请先与首接人或分管领导联系。")
)
explain_constraint("share_between_0_and_100", _("每个份额必须大于 0，且不超过 100。"))
explain_constraint("one_share_per_role", _("同一个人在同一角色里只能有一个份额。"))
