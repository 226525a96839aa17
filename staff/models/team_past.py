"""What a team was called and stood for before it was changed."""

from datetime import date, timedelta

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.spans import once_a_day


@pghistory.track()
class TeamPast(models.Model):
    """A team as it was from a day until before another (团队沿革). What holds today stands with the team itself."""

    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="pasts", verbose_name=_("团队"))
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上级")
    )
    fields = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("产业领域"))
    region = models.CharField(_("区域"), max_length=60, blank=True)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"))
    reason = models.CharField(_("变更理由"), max_length=200)

    class Meta:
        verbose_name = _("团队沿革")
        verbose_name_plural = _("团队沿革")
        ordering = ["-holds_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds_until__gt=models.F("holds_from")), name="team_past_ends_after_start"
            ),
            once_a_day("team_past_once_a_day", "team", start="holds_from", end="holds_until"),
        ]

    @property
    def last_day(self) -> date:
        """The last day on which the team was this."""
        return self.holds_until - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.name} {self.holds_from}"


explain_constraint("team_past_ends_after_start", _("变更不能早于上一次变更；请选晚于那一天的日期。"))
explain_constraint("team_past_once_a_day", _("这个团队刚被他人变更过；请刷新后核对。"))
explain_constraint("staff_team_name_key", _("这个名称刚被另一个团队使用，没有写入。请换一个名称。"))
explain_constraint("staff_team_code_key", _("这个代码刚被另一个团队使用，没有写入。请换一个代码。"))
