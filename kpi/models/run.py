"""Runs: numbered recalculations of a year, of which readers see the last whole one."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.identifiers import public_id


class RunState(models.TextChoices):
    QUEUED = "queued", _("排队")
    RUNNING = "running", _("核算中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class Run(models.Model):
    """One recalculation of a year (考核批次). The row is the truth of the job; the broker only wakes a worker."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("批次"))
    as_of = models.DateField(_("截至日期"))
    scheme = models.ForeignKey(
        "kpi.SchemeVersion", models.PROTECT, related_name="runs", verbose_name=_("细则")
    )
    state = models.CharField(_("状态"), max_length=8, choices=RunState, default=RunState.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发起人")
    )
    requested_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    heartbeat_at = models.DateTimeField(_("心跳"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    step = models.CharField(_("步骤"), max_length=40, blank=True)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    planned = models.PositiveIntegerField(_("总数"), default=0)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)
    fingerprint = models.CharField(_("输入指纹"), max_length=64, blank=True)
    last_line = models.BigIntegerField(_("账本末行"), default=0)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("上一批次")
    )

    class Meta:
        verbose_name = _("考核批次")
        verbose_name_plural = _("考核批次")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["year"],
                condition=models.Q(state__in=("queued", "running")),
                name="one_open_run_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} #{self.number}"

    def is_waiting_long(self) -> bool:
        """Whether no worker has taken the request up for a while."""
        return self.state == RunState.QUEUED and self.requested_at < timezone.now() - timedelta(seconds=10)


class AssessmentYear(models.Model):
    """A year of assessment (考核年度) and the run that readers see."""

    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    current_run = models.ForeignKey(
        Run, models.PROTECT, null=True, related_name="+", verbose_name=_("当前批次")
    )
    closed_at = models.DateTimeField(_("关账时间"), null=True)

    class Meta:
        verbose_name = _("考核年度")
        verbose_name_plural = _("考核年度")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
