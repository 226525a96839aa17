"""Bulletins (通报): what a month, quarter or year came to, in figures that are kept as they were issued."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.target import TargetPeriod
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models import BodyName


class BulletinState(models.TextChoices):
    """How far a bulletin has come (通报状态)."""

    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("已印发")
    WITHDRAWN = "withdrawn", _("已撤回")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Bulletin(models.Model):
    """A bulletin of one period of a year (通报). `figures` are frozen when they are taken, each with the list that sums to it.

    `number` is 第 n 期 of the year, given when it is issued and never given again; `as_of` the last day that counts. `lead`
    (按语) and `outlook` (下步工作) are the editor's own words, the other sentences are made from the figures.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    period = models.CharField(_("时段"), max_length=4, choices=TargetPeriod)
    number = models.PositiveSmallIntegerField(_("期号"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    run = models.ForeignKey(
        "kpi.Run", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("考核批次")
    )
    as_of = models.DateField(_("截至日期"))
    figures = models.JSONField(_("数字"), default=dict)
    lead = models.TextField(_("按语"), max_length=2000, blank=True)
    outlook = models.TextField(_("下步工作"), max_length=4000, blank=True)
    sent_to = models.CharField(_("报送"), max_length=200, blank=True)
    copied_to = models.CharField(_("抄送"), max_length=200, blank=True)
    body_name = models.CharField(_("落款"), max_length=8, choices=BodyName, default=BodyName.BUREAU)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟稿人")
    )
    drafted_at = models.DateTimeField(_("拟稿时间"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤回人"),
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    reason = models.CharField(_("撤回理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("通报")
        verbose_name_plural = _("通报")
        ordering = ["-year", "-as_of", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "period"],
                condition=models.Q(state__in=("draft", "issued")),
                name="one_live_bulletin_a_period",
            ),
            models.UniqueConstraint(fields=["year", "number"], name="bulletin_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft", number__isnull=True, issued_by__isnull=True)
                | ~models.Q(state="draft") & models.Q(number__gte=1, issued_at__isnull=False),
                name="bulletin_is_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_by__isnull=True) | ~models.Q(issued_by=models.F("drafted_by")),
                name="second_person_issues_bulletin",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | models.Q(withdrawn_by__isnull=False) & ~models.Q(reason=""),
                name="withdrawn_bulletin_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(period__in=TargetPeriod.values), name="bulletin_of_a_known_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_period_display()}"


explain_constraint(
    "one_live_bulletin_a_period", _("这个时段已有通报，没有另起一份；请打开已有的那份，或先撤回。")
)
explain_constraint("bulletin_number_once", _("这个期号刚被另一份通报占用；请再签发一次。"))
explain_constraint("second_person_issues_bulletin", _("拟稿人不能签发自己的通报；请由另一位同事签发。"))
