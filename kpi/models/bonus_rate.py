"""How large the bonus of a recognised key project is, and in which phases it is paid (奖励标准), as dated configuration."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.bonus_arithmetic import Measure
from projects.models import KEY_CLASS_CHOICES, MILESTONE_CHOICES
from promotion.action import explain_constraint


def phases_whole(owner: str) -> pgtrigger.Trigger:
    """The phases of each row of `owner` total exactly 100 %, asked when the transaction commits."""
    return pgtrigger.Trigger(
        name="phases_whole",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("owner", "bigint")],
        func=pgtrigger.Func(
            f"""
            owner := coalesce(NEW.{owner}_id, OLD.{owner}_id);
            IF (SELECT sum(percent) FROM {{meta.db_table}} WHERE {owner}_id = owner) IS DISTINCT FROM 100 THEN
                RAISE EXCEPTION 'the phases of {owner} % are not 100 %%', owner
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'phases_whole';
            END IF;
            RETURN NULL;
            """  # noqa: S608 - names of columns, no values
        ),
    )


class BonusMeasure(models.TextChoices):
    """How the pool is found."""

    FIXED = Measure.FIXED.value, _("定额")
    RATE = Measure.RATE.value, _("按已认定签约额比例")


@pghistory.track()
class BonusRate(models.Model):
    """The standard of a class (奖励标准), half-open [holds_from, holds_until); it is ended, never changed.

    `amount` and `cap` in 元; `per_mille` of the contract amount that is recognised.
    """

    project_class = models.CharField(_("认定等级"), max_length=10, choices=KEY_CLASS_CHOICES)
    measure = models.CharField(_("计算方式"), max_length=6, choices=BonusMeasure)
    amount = models.DecimalField(_("定额（元）"), max_digits=18, decimal_places=2, null=True, blank=True)
    per_mille = models.DecimalField(_("比例（‰）"), max_digits=7, decimal_places=4, null=True, blank=True)
    cap = models.DecimalField(_("封顶（元）"), max_digits=18, decimal_places=2, null=True, blank=True)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)
    note = models.CharField(_("依据"), max_length=200, blank=True)
    is_assumption = models.BooleanField(_("暂定"), default=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设定人")
    )
    set_at = models.DateTimeField(_("设定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("奖励标准")
        verbose_name_plural = _("奖励标准")
        ordering = ["project_class", "-holds_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure="fixed", amount__gt=0, per_mille__isnull=True, cap__isnull=True)
                | models.Q(measure="rate", per_mille__gt=0, amount__isnull=True)
                & (models.Q(cap__isnull=True) | models.Q(cap__gt=0)),
                name="bonus_rate_says_how",
            ),
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="bonus_rate_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_bonus_rate_a_day",
                expressions=[
                    ("project_class", RangeOperators.EQUAL),
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
        return f"{self.get_project_class_display()} {self.holds_from}"


@pghistory.track()
class BonusRatePhase(models.Model):
    """A phase of payment: so many per cent when the milestone is recognised (发放阶段); those of a standard total 100."""

    rate = models.ForeignKey(BonusRate, models.CASCADE, related_name="phases", verbose_name=_("奖励标准"))
    position = models.PositiveSmallIntegerField(_("次序"))
    milestone = models.CharField(_("里程碑"), max_length=12, choices=MILESTONE_CHOICES)
    percent = models.DecimalField(_("比例（%）"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("发放阶段")
        verbose_name_plural = _("发放阶段")
        ordering = ["rate", "position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="bonus_rate_phase_percent"
            ),
            models.UniqueConstraint(fields=["rate", "milestone"], name="one_bonus_rate_phase_a_milestone"),
        ]
        triggers = [phases_whole("rate")]

    def __str__(self) -> str:
        return f"{self.get_milestone_display()} {self.percent}%"


explain_constraint("bonus_rate_says_how", _("定额标准写金额；比例标准写千分比，可以封顶。"))
explain_constraint("bonus_rate_ends_after_start", _("停用日期不能早于生效日。"))
explain_constraint(
    "one_bonus_rate_a_day", _("这个等级在这段时间已经有奖励标准；请先停用它，或换一个生效日。")
)
explain_constraint("bonus_rate_phase_percent", _("每个阶段的比例要大于 0，且不超过 100。"))
explain_constraint("one_bonus_rate_phase_a_milestone", _("一个里程碑只能有一个发放阶段。"))
explain_constraint("phases_whole", _("各阶段的比例合计必须正好是 100%。"))
