"""Supervised drives (项目攻坚大督查): a set of projects pushed to dated targets, with check-ins and lamps."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.workflow import Stage
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class Rhythm(models.TextChoices):
    """How often a drive is reported on (填报频次)."""

    WEEKLY = "weekly", _("每周")
    MONTHLY = "monthly", _("每月")


RHYTHM_DAYS = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31}


@pghistory.track()
class Drive(models.Model):
    """A supervised drive (督查行动), half-open [starts_on, ends_on)."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    purpose = models.CharField(_("目标"), max_length=300, blank=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"))
    rhythm = models.CharField(_("填报频次"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    leader = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="drives", verbose_name=_("牵头人")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    created_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("结束人"),
    )
    result = models.CharField(_("督查结果"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("督查行动")
        verbose_name_plural = _("督查行动")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="drive_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_by=None)
                | (models.Q(closed_on__isnull=False, closed_by__isnull=False) & ~models.Q(result="")),
                name="drive_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class DriveProject(models.Model):
    """A project of a drive (督查项目) with what it is to reach by when, and how it stands.

    With `target_stage` the progress follows from the project's facts, counted from `base_stage`, where it stood on
    `added_on`; without one `progress` is what was reported. It is done (销号) when a second person says so.
    """

    drive = models.ForeignKey(Drive, models.PROTECT, related_name="lines", verbose_name=_("督查行动"))
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="drive_lines", verbose_name=_("项目")
    )
    target = models.CharField(_("目标"), max_length=120)
    target_stage = models.CharField(_("目标阶段"), max_length=12, choices=Stage, blank=True)
    due_on = models.DateField(_("完成期限"))
    added_on = models.DateField(_("列入日期"), default=timezone.localdate)
    base_stage = models.CharField(_("列入时阶段"), max_length=12, choices=Stage, default=Stage.LEAD)
    progress = models.PositiveSmallIntegerField(_("自报进度（%）"), default=0)
    issue = models.CharField(_("存在问题"), max_length=300, blank=True)
    last_check_in_on = models.DateField(_("最近填报"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=200, blank=True)
    done_on = models.DateField(_("销号日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("销号人"),
    )
    left_on = models.DateField(_("移出日期"), null=True, blank=True)
    leave_reason = models.CharField(_("移出理由"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("督查项目")
        verbose_name_plural = _("督查项目")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["drive", "project"], name="drive_project_once"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="drive_progress_at_most_100"),
            models.CheckConstraint(
                condition=models.Q(done_on=None, done_by=None)
                | models.Q(done_on__isnull=False, done_by__isnull=False),
                name="drive_line_done_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(left_on=None) | ~models.Q(leave_reason=""),
                name="drive_line_left_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.target


@pghistory.track()
class CheckIn(models.Model):
    """What was reported of a project of a drive on a day (督查填报); the last one of a day counts."""

    line = models.ForeignKey(
        DriveProject, models.PROTECT, related_name="check_ins", verbose_name=_("督查项目")
    )
    on = models.DateField(_("日期"))
    progress = models.PositiveSmallIntegerField(_("进度（%）"))
    done = models.CharField(_("进展"), max_length=300)
    issue = models.CharField(_("存在问题"), max_length=300, blank=True)
    photo = models.ForeignKey(
        "projects.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("现场照片"),
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填报人")
    )
    reported_at = models.DateTimeField(_("填报时间"), default=timezone.now)

    class Meta:
        verbose_name = _("督查填报")
        verbose_name_plural = _("督查填报")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="check_in_progress_at_most_100"
            )
        ]
        indexes = [models.Index(fields=["line", "-on", "-id"], name="check_in_latest")]

    def __str__(self) -> str:
        return f"{self.on} {self.progress}%"


explain_constraint("drive_ends_after_start", _("督查的结束日期必须晚于开始日期。"))
explain_constraint("drive_project_once", _("这个项目已在本次督查里。"))
explain_constraint("drive_progress_at_most_100", _("进度在 0 到 100 之间。"))
explain_constraint("check_in_progress_at_most_100", _("进度在 0 到 100 之间。"))
