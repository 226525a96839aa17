"""Whose investor it is: first receptions with their protection, what lengthened it, and the dated rules behind it.

A reception protects for its period; the period grows only by progress that somebody else verified. What ended falls to the
public pool (公海), from where it can be claimed.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.sight import VERIFIED_BY_FOLLOW_UP
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ReceptionEnd(models.TextChoices):
    """How a first reception ended (终止方式)."""

    RELEASED = "released", _("主动释放")
    LAPSED = "lapsed", _("到期")
    DECIDED = "decided", _("裁决转移")


@pghistory.track()
class FirstReception(models.Model):
    """A time-stamped claim on an investor (首报首接): exactly one holds at a time.

    `protected_until` is the last protected day; `warned_for` the last day that a warning was given for, so that each period
    is warned of once; `ending` is empty while it holds.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    company = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="receptions", verbose_name=_("企业")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="receptions", verbose_name=_("首接人")
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="receptions", verbose_name=_("团队"))
    claimed_at = models.DateTimeField(_("首报时间"), default=timezone.now)
    claimed_from_pool = models.BooleanField(_("公海认领"), default=False)
    protected_until = models.DateField(_("保护期至"))
    warned_for = models.DateField(_("已预警到期日"), null=True, blank=True)
    released_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    ending = models.CharField(_("终止方式"), max_length=10, choices=ReceptionEnd, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("首报首接")
        verbose_name_plural = _("首报首接")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(released_at__isnull=True), name="one_first_reception"
            ),
            models.CheckConstraint(
                condition=models.Q(ending="") | models.Q(released_at__isnull=False),
                name="reception_ending_is_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["protected_until"],
                condition=models.Q(released_at__isnull=True),
                name="reception_until",
            ),
            models.Index(
                fields=["person", "protected_until"],
                condition=models.Q(released_at__isnull=True),
                name="reception_person_holding",
            ),
            models.Index(fields=["company", "-id"], name="reception_company_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.person_id}"


class ProgressKind(models.TextChoices):
    """What counts as verified progress (核实的进展)."""

    MILESTONE = "milestone", _("认定的里程碑")
    MONEY = "money", _("认定的资金")
    FOLLOW_UP = "follow_up", _("确认的跟进")


@pghistory.track()
class ProtectionExtension(models.Model):
    """One lengthening of a protection (保护期延长): by what, from which day until which, and who verified it."""

    reception = models.ForeignKey(
        FirstReception, models.PROTECT, related_name="extensions", verbose_name=_("首报首接")
    )
    kind = models.CharField(_("依据"), max_length=10, choices=ProgressKind)
    achievement = models.ForeignKey(
        "projects.Achievement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="protection_extensions",
        verbose_name=_("业绩申报"),
    )
    follow_up = models.OneToOneField(
        "projects.FollowUp",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="protection_extension",
        verbose_name=_("跟进"),
    )
    previous_until = models.DateField(_("原保护期至"))
    until = models.DateField(_("延长至"))
    reason = models.CharField(_("确认理由"), max_length=300, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("核实人")
    )
    verified_at = models.DateTimeField(_("核实时间"), default=timezone.now)

    class Meta:
        verbose_name = _("保护期延长")
        verbose_name_plural = _("保护期延长")
        ordering = ["-id"]
        triggers = [VERIFIED_BY_FOLLOW_UP]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("previous_until")), name="extension_lengthens"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ProgressKind.FOLLOW_UP, follow_up__isnull=False, achievement=None)
                & ~models.Q(reason="")
                | models.Q(
                    kind__in=[ProgressKind.MILESTONE, ProgressKind.MONEY],
                    achievement__isnull=False,
                    follow_up=None,
                ),
                name="extension_rests_on_progress",
            ),
            models.UniqueConstraint(fields=["reception", "achievement"], name="extension_once_per_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.reception_id} {self.previous_until}→{self.until}"


@pghistory.track()
class ProtectionRule(models.Model):
    """How long a first reception protects and who may claim what (保护规则), from a day on; the latest that holds counts.

    Days are calendar days, except the warning and the time for statements, which are working days.
    """

    holds_from = models.DateField(_("起"), unique=True)
    initial_days = models.PositiveSmallIntegerField(_("初始保护（天）"), default=180)
    extension_days = models.PositiveSmallIntegerField(_("核实进展后至少再保护（天）"), default=120)
    maximum_days = models.PositiveSmallIntegerField(_("未签约最长保护（天）"), default=540)
    warning_days = models.PositiveSmallIntegerField(_("到期前预警（工作日）"), default=10)
    claim_quota = models.PositiveSmallIntegerField(_("每人同时保护（家）"), default=40)
    cool_down_days = models.PositiveSmallIntegerField(_("原首接人冷却（天）"), default=30)
    statement_days = models.PositiveSmallIntegerField(_("仲裁陈述期限（工作日）"), default=5)
    note = models.CharField(_("依据"), max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    set_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = _("保护规则")
        verbose_name_plural = _("保护规则")
        ordering = ["-holds_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    initial_days__gte=1,
                    extension_days__gte=1,
                    maximum_days__gte=models.F("initial_days"),
                    claim_quota__gte=1,
                    statement_days__gte=1,
                ),
                name="protection_rule_sensible",
            )
        ]

    def __str__(self) -> str:
        return f"{self.holds_from}"


explain_constraint(
    "one_first_reception", _("这家企业刚刚已被其他同事首报；您的线索没有保存，请先与首接人或分管领导联系。")
)
explain_constraint("reception_ending_is_dated", _("终止的首报首接必须有解除时间。"))
explain_constraint("extension_lengthens", _("这次核实没有让保护期变长。"))
explain_constraint("extension_rests_on_progress", _("保护期只能凭认定的里程碑、资金或确认的跟进延长。"))
explain_constraint("extension_once_per_fact", _("这条业绩已经延长过这家企业的保护期。"))
explain_constraint("projects_protectionrule_holds_from_key", _("这一天起已有一条保护规则；请换一个生效日。"))
explain_constraint(
    "protection_rule_sensible", _("保护规则的天数和家数都要大于 0，最长保护不能短于初始保护。")
)
