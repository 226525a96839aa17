"""What people and teams are to reach: dated history of every value, by year, half-year, quarter and month, base and stretch."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from promotion.action import explain_constraint


class TargetLevel(models.TextChoices):
    """How high a target is set (目标档次)."""

    BASE = "base", _("基本目标")
    STRETCH = "stretch", _("加压目标")


class TargetPeriod(models.TextChoices):
    """Every part of the year that may have a target of its own (时段), the year first."""

    YEAR = "year", _("全年")
    H1 = "H1", _("上半年")
    H2 = "H2", _("下半年")
    Q1 = "Q1", _("第一季度")
    Q2 = "Q2", _("第二季度")
    Q3 = "Q3", _("第三季度")
    Q4 = "Q4", _("第四季度")
    M01 = "M01", _("1 月")
    M02 = "M02", _("2 月")
    M03 = "M03", _("3 月")
    M04 = "M04", _("4 月")
    M05 = "M05", _("5 月")
    M06 = "M06", _("6 月")
    M07 = "M07", _("7 月")
    M08 = "M08", _("8 月")
    M09 = "M09", _("9 月")
    M10 = "M10", _("10 月")
    M11 = "M11", _("11 月")
    M12 = "M12", _("12 月")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Target(models.Model):
    """What a person or a team is to reach in one target of the scheme (目标任务), in one period and at one level.

    `indicator` is the target's code in the scheme; `unit` the unit that the value was set in: a later version of the scheme
    may use another one. A withdrawn value is deleted, and its events stay.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    indicator = models.CharField(_("指标"), max_length=40)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("团队")
    )
    period = models.CharField(_("时段"), max_length=4, choices=TargetPeriod, default=TargetPeriod.YEAR)
    level = models.CharField(_("档次"), max_length=8, choices=TargetLevel, default=TargetLevel.BASE)
    amount = models.DecimalField(_("目标值"), max_digits=18, decimal_places=4)
    unit = models.CharField(_("单位"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("目标任务")
        verbose_name_plural = _("目标任务")
        ordering = ["year", "indicator", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True)
                | models.Q(person__isnull=True, team__isnull=False),
                name="target_has_one_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(period__in=TargetPeriod.values, level__in=TargetLevel.values),
                name="target_of_a_known_period",
            ),
            models.UniqueConstraint(
                fields=["year", "indicator", "person", "team", "period", "level"],
                nulls_distinct=False,
                name="target_once",
            ),
        ]
        indexes = [models.Index(fields=["year", "period", "level"], name="target_of_period")]
        triggers = locked_when_closed()

    def __str__(self) -> str:
        return f"{self.year} {self.indicator} {self.period} {self.level}"


explain_constraint("target_has_one_subject", _("目标必须属于一个人或一个团队，不能两者都是。"))
explain_constraint("target_of_a_known_period", _("目标的时段或档次不对；请从列出的时段和档次中选择。"))
explain_constraint("target_once", _("这个对象的这项目标刚被他人下达，没有写入；请刷新页面后修改。"))
