"""The bonus of the team that brought in a recognised key project (招引团队奖励): its pool and its phases."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.bonus_rate import BonusRate, phases_whole
from projects.models import MILESTONE_CHOICES
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class BonusState(models.TextChoices):
    """How far a bonus is."""

    PLANNING = "planning", _("待分配")
    CONFIRMING = "confirming", _("待确认")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    ENDED = "ended", _("已终止")


@pghistory.track()
class TeamBonus(models.Model):
    """A bonus (招引团队奖励) for the team of a recognised key project. Amounts in 元.

    `computed` is the pool by the standard on the day of recognition for a contract of `base`; `pool` differs from it only with
    a reason. `team` is the one that was responsible when the bonus was opened: its leader proposes the distribution.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="bonuses", verbose_name=_("项目")
    )
    recognition = models.ForeignKey(
        "projects.KeyProjectRecognition", models.PROTECT, related_name="bonuses", verbose_name=_("认定")
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="bonuses", verbose_name=_("团队"))
    year = models.PositiveSmallIntegerField(_("年度"))
    rate = models.ForeignKey(BonusRate, models.PROTECT, related_name="+", verbose_name=_("奖励标准"))
    base = models.DecimalField(_("已认定签约额（元）"), max_digits=18, decimal_places=2)
    computed = models.DecimalField(_("按标准（元）"), max_digits=18, decimal_places=2)
    pool = models.DecimalField(_("奖励总额（元）"), max_digits=18, decimal_places=2)
    pool_reason = models.CharField(_("调整理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=BonusState, default=BonusState.PLANNING)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设立人")
    )
    opened_at = models.DateTimeField(_("设立时间"), default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("终止人"),
    )
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    end_reason = models.CharField(_("终止理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("招引团队奖励")
        verbose_name_plural = _("招引团队奖励")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition"], condition=~models.Q(state="ended"), name="one_bonus_a_recognition"
            ),
            models.CheckConstraint(
                condition=models.Q(pool__gt=0, computed__gt=0, base__gte=0), name="bonus_pool_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(pool=models.F("computed")) | ~models.Q(pool_reason=""),
                name="bonus_pool_departs_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | models.Q(ended_by__isnull=False, ended_on__isnull=False) & ~models.Q(end_reason=""),
                name="bonus_end_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["year", "state", "-id"], name="bonus_year_state")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


@pghistory.track()
class BonusPhase(models.Model):
    """A phase of a bonus, as its standard had it (发放阶段): so many per cent when the milestone is recognised."""

    bonus = models.ForeignKey(TeamBonus, models.PROTECT, related_name="phases", verbose_name=_("奖励"))
    position = models.PositiveSmallIntegerField(_("次序"))
    milestone = models.CharField(_("里程碑"), max_length=12, choices=MILESTONE_CHOICES)
    percent = models.DecimalField(_("比例（%）"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("奖励发放阶段")
        verbose_name_plural = _("奖励发放阶段")
        ordering = ["bonus", "position"]
        constraints = [
            models.UniqueConstraint(fields=["bonus", "milestone"], name="one_bonus_phase_a_milestone"),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="bonus_phase_percent"
            ),
        ]
        triggers = [phases_whole("bonus")]

    def __str__(self) -> str:
        return f"{self.get_milestone_display()} {self.percent}%"


explain_constraint("one_bonus_a_recognition", _("这份认定刚刚由他人设立了团队奖励；请刷新页面。"))
explain_constraint("bonus_pool_positive", _("奖励总额必须大于 0。"))
explain_constraint("bonus_pool_departs_with_reason", _("奖励总额与标准不同，要写明理由。"))
explain_constraint("bonus_end_has_reason", _("终止奖励要写明理由。"))
