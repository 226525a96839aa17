"""Companies that were written twice: pairs that a scan finds, and merges that can be undone."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


@pghistory.track()
class CompanyMerge(models.Model):
    """One company merged into another (企业合并), with everything that is needed to take it apart again (拆回).

    `moved` keeps the primary keys of the re-pointed rows by `app.Model.field`; `changed` the fields of the kept company as
    [before, after]; `settled` the rows that had to give way, with the columns before and after; `added` the aliases
    that the merge wrote.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    kept = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="merges_kept", verbose_name=_("保留企业")
    )
    lost = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="merges_lost", verbose_name=_("并入企业")
    )
    reason = models.CharField(_("理由"), max_length=300)
    moved = models.JSONField(_("转移的记录"), default=dict)
    changed = models.JSONField(_("改动的字段"), default=dict)
    settled = models.JSONField(_("让位的记录"), default=list)
    added = models.JSONField(_("新增的别名"), default=list)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("合并人")
    )
    merged_at = models.DateTimeField(_("合并时间"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("拆回人"),
    )
    undone_at = models.DateTimeField(_("拆回时间"), null=True, blank=True)
    undo_reason = models.CharField(_("拆回理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("企业合并")
        verbose_name_plural = _("企业合并")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lost"], condition=models.Q(undone_at__isnull=True), name="company_merged_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lost_id} → {self.kept_id}"


class DuplicateScanState(models.TextChoices):
    QUEUED = "queued", _("排队")
    RUNNING = "running", _("扫描中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class DuplicateScan(models.Model):
    """One search through all companies for pairs (查重扫描). The row is the truth of the job; the broker only wakes a worker."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(
        _("状态"), max_length=8, choices=DuplicateScanState, default=DuplicateScanState.QUEUED
    )
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
    found = models.PositiveIntegerField(_("疑似重复（对）"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("查重扫描")
        verbose_name_plural = _("查重扫描")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(state__in=("queued", "running")),
                name="one_open_duplicate_scan",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    def is_open(self) -> bool:
        return self.state in (DuplicateScanState.QUEUED, DuplicateScanState.RUNNING)

    def is_waiting_long(self) -> bool:
        """Whether no worker has taken the request up for a while."""
        waited = self.requested_at < timezone.now() - timedelta(seconds=10)
        return self.state == DuplicateScanState.QUEUED and waited


@pghistory.track()
class DuplicatePair(models.Model):
    """Two companies that may be one (疑似重复), found by a scan; what somebody dismissed stays dismissed."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    first = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="pairs_as_first", verbose_name=_("企业一")
    )
    second = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="pairs_as_second", verbose_name=_("企业二")
    )
    score = models.PositiveSmallIntegerField(_("相似度"))
    reasons = models.JSONField(_("依据"), default=list)
    scan = models.ForeignKey(DuplicateScan, models.PROTECT, related_name="pairs", verbose_name=_("查重扫描"))
    found_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("排除人"),
    )
    dismissed_at = models.DateTimeField(_("排除时间"), null=True, blank=True)
    dismiss_reason = models.CharField(_("排除理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("疑似重复")
        verbose_name_plural = _("疑似重复")
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_in_order"
            ),
        ]
        indexes = [models.Index(fields=["dismissed_at", "-score", "-id"], name="duplicate_pair_open")]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}"


explain_constraint("company_merged_once", _("这家企业刚刚已被合并；请刷新页面查看它并入了哪一家。"))
explain_constraint("one_open_duplicate_scan", _("已有一次查重扫描正在进行；请等它完成。"))
explain_constraint("duplicate_pair_once", _("这一对企业已在疑似重复清单中。"))
