"""The close of a year: who asked for it, who granted it, and the chain of seals over what was closed."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class SealKind(models.TextChoices):
    """What a request asks for and a seal says (关账, 重开)."""

    CLOSED = "closed", _("关账")
    REOPENED = "reopened", _("重开")


class YearRequestState(models.TextChoices):
    WAITING = "waiting", _("待确认")
    GRANTED = "granted", _("已确认")
    DECLINED = "declined", _("被退回")
    WITHDRAWN = "withdrawn", _("已撤回")


@pghistory.track()
class YearRequest(models.Model):
    """One person asks to close or to reopen a year (关账申请, 重开申请); another grants or declines.

    `digest` is the fingerprint of what was there when the close was prepared, and is to be the same when it is granted.
    `accepted` are the checks that were open and do not stand in the way: code → number.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("事项"), max_length=8, choices=SealKind)
    state = models.CharField(
        _("状态"), max_length=9, choices=YearRequestState, default=YearRequestState.WAITING
    )
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="+", verbose_name=_("批次"))
    digest = models.CharField(_("内容指纹"), max_length=64, blank=True)
    accepted = models.JSONField(_("带着关账的事项"), default=dict)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    note = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("关账或重开申请")
        verbose_name_plural = _("关账或重开申请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=models.Q(state="waiting"), name="one_waiting_year_request"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("granted", "declined"))
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("requested_by")),
                name="second_person_closes_year",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="closed") | ~models.Q(reason=""), name="reopening_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()}"


class YearSeal(models.Model):
    """One link of the chain (封存记录): a year was closed or reopened, by whom, over which content.

    `parts` says of each part of a closed year its file, rows and SHA-256; `changed` the parts that differ from the year's earlier
    seal. `digest` is taken of everything in the row together with `previous_digest`, so that no link can be changed or left out.
    Names are as they were: people and accounts may change.
    """

    number = models.PositiveIntegerField(_("序号"), unique=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("事项"), max_length=8, choices=SealKind)
    request = models.OneToOneField(YearRequest, models.PROTECT, related_name="seal", verbose_name=_("申请"))
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="+", verbose_name=_("批次"))
    parts = models.JSONField(_("内容"), default=list)
    changed = models.JSONField(_("与上次封存不同的内容"), default=list)
    accepted = models.JSONField(_("带着关账的事项"), default=dict)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    requested_by = models.CharField(_("申请人"), max_length=150)
    decided_by = models.CharField(_("确认人"), max_length=150)
    sealed_at = models.DateTimeField(_("封存时间"))
    previous_digest = models.CharField(_("上一指纹"), max_length=64, blank=True)
    digest = models.CharField(_("指纹"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("封存记录")
        verbose_name_plural = _("封存记录")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["previous_digest"], name="year_seals_are_one_chain"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} #{self.number}"


explain_constraint("one_waiting_year_request", _("这一年度已有一份待确认的申请；请先处理它。"))
explain_constraint("second_person_closes_year", _("申请人不能确认自己的申请；请由另一位有权限的同事确认。"))
explain_constraint("reopening_has_reason", _("重开年度要写理由。"))
explain_constraint("year_seals_are_one_chain", _("刚刚有另一年度关账或重开；请刷新页面后再确认一次。"))
