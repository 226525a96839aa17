"""Clocks of leads and reports (时限): how many working days there are, and since when each one counts.

Clocks are stopped by facts, never by ticks: the first follow-up answers, leaving 线索 (or an end with its reason) judges, a
follow-up of the kind 反馈 feeds back, and every progress begins a new reporting period. Days are stored, not due days, so that
many projects are compared with a few cutoffs, and a rule or a holiday that changes needs no rewriting.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import ProjectClass
from promotion.action import explain_constraint


class ClockKind(models.TextChoices):
    """What has to be done in time (时限事项)."""

    ANSWER = "answer", _("首次响应")
    JUDGEMENT = "judgement", _("研判")
    FEEDBACK = "feedback", _("反馈来源方")
    REPORT = "report", _("进展报告")


@pghistory.track()
class ClockRule(models.Model):
    """How many working days a clock gives (时限规则), by project class, from a day on; the latest that holds counts.

    Without a class the rule is for every class that has none of its own.
    """

    kind = models.CharField(_("时限事项"), max_length=10, choices=ClockKind)
    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass, blank=True)
    working_days = models.PositiveSmallIntegerField(_("工作日"))
    holds_from = models.DateField(_("起"))
    note = models.CharField(_("依据"), max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    set_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        ordering = ["kind", "project_class", "-holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "project_class", "holds_from"], name="clock_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(working_days__gte=1, working_days__lte=250),
                name="clock_rule_days_sensible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.working_days} · {self.holds_from}"


class ProjectClock(models.Model):
    """What the clocks of a project rest on (项目时限).

    `counts_from` is the day of the report, empty for projects that were there before the clocks; `report_from` the day of the
    last progress. Both move on by the working days of a pause. The three days of facts stay empty until the fact is there.
    """

    project = models.OneToOneField(
        "projects.Project", models.CASCADE, primary_key=True, related_name="clock", verbose_name=_("项目")
    )
    counts_from = models.DateField(_("起算日"), null=True, blank=True)
    answered_on = models.DateField(_("首次响应"), null=True, blank=True)
    judged_on = models.DateField(_("研判"), null=True, blank=True)
    fed_back_on = models.DateField(_("反馈来源方"), null=True, blank=True)
    report_from = models.DateField(_("报告起算日"))
    paused_on = models.DateField(_("暂停自"), null=True, blank=True)

    class Meta:
        verbose_name = _("项目时限")
        verbose_name_plural = _("项目时限")
        indexes = [
            models.Index(
                fields=["counts_from"],
                condition=models.Q(answered_on__isnull=True)
                | models.Q(judged_on__isnull=True)
                | models.Q(fed_back_on__isnull=True),
                name="project_clock_running",
            ),
            models.Index(fields=["report_from"], name="project_clock_report"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.counts_from or '—'}"


explain_constraint("clock_rule_once_a_day", _("这一天起已有同一等级的时限；请改那一条，或换一个生效日。"))
explain_constraint("clock_rule_days_sensible", _("时限应在 1 到 250 个工作日之间。"))
