"""Runs: numbered recalculations of a year, of which readers see the last whole one."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import closed_year_keeps_its_run, locked_when_closed
from promotion.identifiers import public_id

DONE_RUNS = "SELECT c.year FROM changed c WHERE c.state = 'done'"


class RunState(models.TextChoices):
    QUEUED = "queued", _("排队")
    RUNNING = "running", _("核算中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Run(models.Model):
    """One recalculation of a year (考核批次). The row is the truth of the job; the broker only wakes a worker.

    A run counts what changed since the run before, unless it `wants_full` or has nothing to build on; `was_full` says which it
    was. `ledger_digest` is the fingerprint of the year's ledger up to `last_line`. `has_later_lines`: the ledger holds
    lines of days after `as_of`, so the next run cannot build on this one.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("批次"))
    as_of = models.DateField(_("截至日期"))
    scheme = models.ForeignKey(
        "kpi.SchemeVersion", models.PROTECT, related_name="runs", verbose_name=_("细则")
    )
    state = models.CharField(_("状态"), max_length=12, choices=RunState, default=RunState.QUEUED)
    wants_full = models.BooleanField(_("要求全量"), default=False)
    was_full = models.BooleanField(_("全量"), default=False)
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
    ledger_digest = models.CharField(_("账本指纹"), max_length=32, blank=True)
    has_later_lines = models.BooleanField(_("含截至日之后的行"), default=False)
    posted_count = models.PositiveIntegerField(_("入账行数"), default=0)
    reversed_count = models.PositiveIntegerField(_("冲销行数"), default=0)
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
        # An open run beats its heart and ends beside whatever the year's row is locked for; what is done stands still.
        triggers = [locked_when_closed()[0], *locked_when_closed(DONE_RUNS)[1:]]

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
    posted_in_full_at = models.DateTimeField(_("全量入账时间"), null=True)

    class Meta:
        verbose_name = _("考核年度")
        verbose_name_plural = _("考核年度")
        ordering = ["-year"]
        triggers = [closed_year_keeps_its_run()]

    def __str__(self) -> str:
        return str(self.year)


class RunPart(models.Model):
    """A part of a full run that one worker carries out (批次分工); the run goes on when all its parts are done.

    Who works on a part holds its row locked, so a worker that dies gives it back, and what it wrote is gone with it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts", verbose_name=_("批次"))
    name = models.CharField(_("内容"), max_length=100)
    done = models.BooleanField(_("已完成"), default=False)
    result = models.JSONField(_("结果"), default=dict)

    class Meta:
        verbose_name = _("批次分工")
        verbose_name_plural = _("批次分工")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.name}"


class RunSubtotals(models.Model):
    """What a run measured of everybody (计量小计): the next run adds to it what changed.

    `values`: subject (`person:12`) → indicator → measure → `[value, {band: value}]`, numbers as text. Only the newest
    run of a year keeps them.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="subtotals", verbose_name=_("批次"))
    engine = models.PositiveSmallIntegerField(_("引擎版本"))
    values = models.JSONField(_("小计"), default=dict)

    class Meta:
        verbose_name = _("计量小计")
        verbose_name_plural = _("计量小计")

    def __str__(self) -> str:
        return str(self.run_id)


class CreditDue(models.Model):
    """A project or a fact whose credit of a year may have changed since the last posting (待入账).

    Written by triggers on facts and shares in the transaction that changes them, and taken away by the posting that
    looks at it, so that a nightly run reads what changed and not the year. Plain numbers instead of foreign keys: the
    row must not stand in the way of what it names.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    project = models.BigIntegerField(_("项目"), null=True)
    achievement = models.BigIntegerField(_("业绩"), null=True)

    class Meta:
        verbose_name = _("待入账")
        verbose_name_plural = _("待入账")
        indexes = [models.Index(fields=["year"], name="credit_due_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.project or self.achievement}"
