"""Achievements: dated, amount-bearing facts that one person reports with evidence and another recognises.

Milestones, the five money lines, wins from higher authorities, output and incidents share one table, because they share
one path (report, recognise in whole or in part, return, withdraw, reverse) and because the score reads them together.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.achievement_tally import ACHIEVEMENT_TALLY
from projects.models.sight import VERIFIED_BY_FACT
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class AchievementKind(models.TextChoices):
    """What happened (业绩种类)."""

    ANNOUNCED = "announced", _("公布投资")
    SIGNED = "signed", _("签约")
    REGISTERED = "registered", _("注册登记")
    STARTED = "started", _("开工")
    COMPLETED = "completed", _("竣工")
    PRODUCED = "produced", _("投产")
    INCREASE = "increase", _("增资")
    PAID_IN = "paid_in", _("资金到账")
    FIXED_ASSET = "fixed_asset", _("固定资产投资")
    OUTPUT = "output", _("产值")
    TAX = "tax", _("税收")
    JOBS = "jobs", _("新增就业")
    WIN = "win", _("对上争取")
    INCIDENT = "incident", _("扣分事项")


MILESTONE_KINDS = ("signed", "registered", "started", "completed", "produced")
MONEY_KINDS = ("announced", "increase", "paid_in", "fixed_asset", "output", "tax")
#: What is counted in people instead of money.
PEOPLE_KINDS = ("jobs",)
MOST_PEOPLE = 1_000_000
INCIDENT_KINDS = ("incident",)


class Recognition(models.TextChoices):
    """How far an achievement has come (认定状态)."""

    SUBMITTED = "submitted", _("待认定")
    RECOGNISED = "recognised", _("已认定")
    RETURNED = "returned", _("被退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    REVERSED = "reversed", _("已冲销")


class Currency(models.TextChoices):
    CNY = "CNY", _("人民币")
    USD = "USD", _("美元")
    EUR = "EUR", _("欧元")
    JPY = "JPY", _("日元")
    KRW = "KRW", _("韩元")
    HKD = "HKD", _("港元")


class WinLevel(models.TextChoices):
    """Who granted a win (争取级别)."""

    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


class IncidentReason(models.TextChoices):
    """What costs points (扣分事由)."""

    OVERDUE_NOT_STARTED = "overdue_not_started", _("超期未开工")
    LATE_REPORT = "late_report", _("逾期未报进展")
    FALSIFIED = "falsified", _("弄虚作假")


@pghistory.track()
class Achievement(models.Model):
    """A reported achievement (业绩申报). `amount` in `currency`; `amount_cny` and `recognised_cny` in 元.

    `exchange_rate` is 元 for one unit of the currency on `rate_on`; `usd_rate` 元 for one US dollar on that day, kept for
    foreign money that is not in US dollars, because foreign capital is counted in them. 新增就业 has `people` and
    `recognised_people`, whole numbers, instead of amounts. `exception_reason` is why it was recognised although a
    required paper was missing.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("种类"), max_length=12, choices=AchievementKind)
    project = models.ForeignKey(
        "projects.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("项目"),
    )
    person = models.ForeignKey(
        "staff.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("人员"),
        help_text=_("没有项目的业绩记到个人"),
    )
    title = models.CharField(_("事项"), max_length=120, blank=True)
    level = models.CharField(_("级别"), max_length=12, choices=WinLevel, blank=True)
    incident_reason = models.CharField(_("扣分事由"), max_length=24, choices=IncidentReason, blank=True)
    happened_on = models.DateField(_("发生日期"))
    amount = models.DecimalField(
        _("申报金额（原币）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("币种"), max_length=3, choices=Currency, default=Currency.CNY)
    exchange_rate = models.DecimalField(_("汇率"), max_digits=12, decimal_places=8, null=True, blank=True)
    usd_rate = models.DecimalField(_("美元汇率"), max_digits=12, decimal_places=8, null=True, blank=True)
    rate_on = models.DateField(_("汇率日期"), null=True, blank=True)
    amount_cny = models.DecimalField(
        _("申报金额（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    people = models.PositiveIntegerField(_("申报人数"), null=True, blank=True)
    certificate = models.CharField(_("凭证编号"), max_length=80, blank=True)
    source = models.CharField(_("出处"), max_length=120, blank=True)
    state = models.CharField(_("认定状态"), max_length=12, choices=Recognition, default=Recognition.SUBMITTED)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申报人")
    )
    submitted_at = models.DateTimeField(_("申报时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("认定人"),
    )
    decided_at = models.DateTimeField(_("认定时间"), null=True, blank=True)
    decision_note = models.CharField(_("认定意见"), max_length=300, blank=True)
    exception_reason = models.CharField(_("例外理由"), max_length=300, blank=True)
    recognised_amount = models.DecimalField(
        _("认定金额（原币）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    recognised_cny = models.DecimalField(
        _("认定金额（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    recognised_people = models.PositiveIntegerField(_("认定人数"), null=True, blank=True)
    recognised_on = models.DateField(_("认定日期"), null=True, blank=True)
    reversed_on = models.DateField(_("冲销日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)

    class Meta:
        verbose_name = _("业绩申报")
        verbose_name_plural = _("业绩申报")
        ordering = ["happened_on", "id"]
        triggers = [VERIFIED_BY_FACT, *ACHIEVEMENT_TALLY]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=models.Q(kind__in=MILESTONE_KINDS, state__in=("submitted", "recognised")),
                name="one_milestone_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(person__isnull=False),
                name="achievement_has_a_subject",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="recognised")
                | models.Q(decided_by__isnull=False, recognised_on__isnull=False)
                & ~models.Q(decided_by=models.F("submitted_by")),
                name="second_person_recognises",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="achievement_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(currency="CNY") | models.Q(exchange_rate__gt=0, rate_on__isnull=False),
                name="foreign_amount_has_a_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(recognised_amount__isnull=True)
                | models.Q(amount__isnull=False, recognised_amount__lte=models.F("amount")),
                name="recognised_at_most_what_was_reported",
            ),
            models.CheckConstraint(
                condition=models.Q(usd_rate__isnull=True) | models.Q(usd_rate__gt=0),
                name="usd_rate_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=PEOPLE_KINDS,
                    people__isnull=False,
                    people__gt=0,
                    project__isnull=False,
                    amount__isnull=True,
                    amount_cny__isnull=True,
                    recognised_amount__isnull=True,
                    recognised_cny__isnull=True,
                )
                | ~models.Q(kind__in=PEOPLE_KINDS) & models.Q(people__isnull=True),
                name="jobs_are_counted_in_people",
            ),
            models.CheckConstraint(
                condition=models.Q(recognised_people__isnull=True)
                & ~models.Q(kind__in=PEOPLE_KINDS, state__in=("recognised", "reversed"))
                | models.Q(
                    people__isnull=False,
                    recognised_people__isnull=False,
                    recognised_people__gt=0,
                    recognised_people__lte=models.F("people"),
                ),
                name="recognised_people_at_most_reported",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "happened_on", "id"], name="achievement_state_day"),
            # The order of the list.
            models.Index(
                models.F("happened_on").desc(nulls_last=True),
                models.F("id").desc(),
                name="achievement_latest",
            ),
            models.Index(fields=["project", "kind"], name="achievement_project_kind"),
            models.Index(fields=["changed_at", "id"], name="achievement_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"


explain_constraint(
    "one_milestone_of_a_kind",
    _("这个项目的同一里程碑已经申报过；请打开已有的那一条，被退回的可以修改后重新提交。"),
)
explain_constraint("second_person_recognises", _("申报人不能认定自己的申报；请由另一位有权限的同事认定。"))
explain_constraint("achievement_has_a_subject", _("业绩必须属于一个项目或一个人。"))
explain_constraint("achievement_not_negative", _("金额不能是负数；多报的金额请用冲销更正。"))
explain_constraint("foreign_amount_has_a_rate", _("外币金额必须写明汇率和汇率日期。"))
explain_constraint(
    "recognised_at_most_what_was_reported", _("认定金额不能超过申报金额；确实少报的，请退回后由申报人修改。")
)
explain_constraint("usd_rate_positive", _("美元汇率必须大于 0。"))
explain_constraint(
    "jobs_are_counted_in_people", _("新增就业属于一个项目，按人数申报，不填金额；其他业绩不填人数。")
)
explain_constraint(
    "recognised_people_at_most_reported",
    _("认定人数必须大于 0，且不能超过申报人数；确实少报的，请退回后由申报人修改。"),
)
