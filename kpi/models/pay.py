"""Pay: scales by grade, rules by score, and the sheets of months and years, whose single amounts are sealed."""

from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from kpi.models.released import Released, locked_once, locked_with, second_person
from kpi.pay.scale import Monthly, keeps_two_thirds, performance_share
from kpi.pay.table import FactorTable, Method, Point
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models import AbsenceKind, Grade

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


@pghistory.track()
class PayScale(Released):
    """What grades are paid a month (薪酬标准), from the first day of a month on."""

    holds_from = models.DateField(_("起"))

    class Meta:
        verbose_name = _("薪酬标准")
        verbose_name_plural = _("薪酬标准")
        ordering = ["-holds_from", "-id"]
        constraints = [
            second_person("second_person_releases_scale", "drafted_by", "released_by"),
            models.CheckConstraint(condition=models.Q(holds_from__day=1), name="scale_begins_with_a_month"),
        ]
        triggers = [locked_once("released_scales_stay", "OLD.state = 'released'")]

    @property
    def by_grade(self) -> dict[str, Monthly]:
        """The scale as the arithmetic reads it."""
        return {line.grade: Monthly(line.base, line.performance) for line in self.lines.all()}


@pghistory.track()
class PayScaleLine(models.Model):
    """One grade of a scale (标准明细), in 元 a month: 基本底薪 and, at target, 考核薪酬; below two thirds only with a reason."""

    scale = models.ForeignKey(PayScale, models.CASCADE, related_name="lines", verbose_name=_("薪酬标准"))
    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    base = models.DecimalField(_("基本底薪"), **AMOUNT)
    performance = models.DecimalField(_("考核薪酬（达标）"), **AMOUNT)
    exception = models.CharField(_("不足三分之二的理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("标准明细")
        verbose_name_plural = _("标准明细")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "grade"], name="scale_names_a_grade_once"),
            models.CheckConstraint(
                condition=models.Q(base__gt=0, performance__gte=0), name="scale_pays_something"
            ),
            models.CheckConstraint(
                condition=models.Q(performance__gte=models.F("base") * 2) | ~models.Q(exception=""),
                name="two_thirds_depend_on_performance",
            ),
        ]
        triggers = [locked_with("released_scale_lines_stay", "kpi_payscale", "scale_id", ("released",))]

    def __str__(self) -> str:
        return f"{self.get_grade_display()} {self.base} + {self.performance}"

    @property
    def share(self) -> Any:
        """Performance pay in percent of the whole at target."""
        return performance_share(self.base, self.performance)

    @property
    def keeps(self) -> bool:
        return keeps_two_thirds(self.base, self.performance)


class PayMethod(models.TextChoices):
    """How the factor goes between two points of the table (取值方法)."""

    LINEAR = Method.LINEAR.value, _("按比例插值")
    STEPS = Method.STEPS.value, _("分档")


class DayBasis(models.TextChoices):
    """By which days part of a month is paid (折算天数)."""

    CALENDAR = "calendar", _("日历天")
    WORKING = "working", _("工作日")


@pghistory.track()
class PayRule(Released):
    """How a score becomes performance pay (考核薪酬办法), for the years from `holds_from` on.

    `points`: [score, factor] by rising score, as text. `advance_percent` of the performance pay at target is paid month by month.
    `deducts`: kinds of absence whose days are not paid.
    """

    holds_from = models.PositiveSmallIntegerField(_("适用年度起"))
    method = models.CharField(_("取值方法"), max_length=6, choices=PayMethod)
    points = models.JSONField(_("考核系数表"))
    advance_percent = models.DecimalField(_("预发比例（%）"), max_digits=5, decimal_places=2)
    day_basis = models.CharField(_("折算天数"), max_length=8, choices=DayBasis)
    deducts = ArrayField(
        models.CharField(max_length=10, choices=AbsenceKind),
        verbose_name=_("扣除的离岗事由"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("考核薪酬办法")
        verbose_name_plural = _("考核薪酬办法")
        ordering = ["-holds_from", "-id"]
        constraints = [
            second_person("second_person_releases_pay", "drafted_by", "released_by"),
            models.CheckConstraint(
                condition=models.Q(advance_percent__gte=0, advance_percent__lte=100),
                name="advance_is_a_part",
            ),
        ]
        triggers = [locked_once("released_pay_rules_stay", "OLD.state = 'released'")]

    @property
    def deducted_words(self) -> str:
        """The kinds of absence whose days are not paid, in words."""
        return "、".join(str(AbsenceKind(kind).label) for kind in self.deducts)

    @property
    def table(self) -> FactorTable:
        """The points as the arithmetic reads them."""
        points = tuple(Point(Decimal(score), Decimal(factor)) for score, factor in self.points)
        return FactorTable(Method(self.method), points)


class SheetKind(models.TextChoices):
    MONTH = "month", _("月度工资表")
    SETTLEMENT = "settlement", _("年终结算")


class PayState(models.TextChoices):
    DRAFT = "draft", _("编制中")
    CONFIRMED = "confirmed", _("已确认")
    PAID = "paid", _("已发放")


@pghistory.track(exclude=["totals", "key_mark"])
class PaySheet(models.Model):
    """The pay of a month, or the settlement of a year (工资表): made by one person, confirmed by another, paid, then never changed.

    `totals` are sealed like the lines. `digest` is over the lines in clear with a salt that is sealed too: it proves that nothing
    was changed and tells nothing.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("种类"), max_length=10, choices=SheetKind)
    year = models.PositiveSmallIntegerField(_("年度"))
    month = models.PositiveSmallIntegerField(_("月份"), null=True)
    number = models.PositiveSmallIntegerField(_("次数"), default=1)
    scale = models.ForeignKey(
        PayScale, models.PROTECT, related_name="+", null=True, verbose_name=_("薪酬标准")
    )
    rule = models.ForeignKey(PayRule, models.PROTECT, related_name="+", verbose_name=_("考核薪酬办法"))
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="+", null=True, verbose_name=_("批次"))
    people = models.PositiveIntegerField(_("人数"), default=0)
    totals = models.TextField(_("合计密文"), editable=False, blank=True)
    key_mark = models.CharField(_("密钥标记"), max_length=8, editable=False, blank=True)
    digest = models.CharField(_("摘要"), max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=PayState, default=PayState.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    opinion = models.CharField(_("退回原因"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("编制人")
    )
    made_at = models.DateTimeField(_("编制时间"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发放人")
    )
    paid_at = models.DateTimeField(_("发放时间"), null=True)

    class Meta:
        verbose_name = _("工资表")
        verbose_name_plural = _("工资表")
        ordering = ["-year", "-month", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "month", "number"], nulls_distinct=False, name="pay_sheet_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="month", month__gte=1, month__lte=12, number=1, scale__isnull=False)
                | models.Q(kind="settlement", month__isnull=True, run__isnull=False),
                name="pay_sheet_is_of_a_month_or_a_year",
            ),
            second_person("second_person_confirms_pay", "made_by", "confirmed_by"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(confirmed_by__isnull=False),
                name="pay_confirmed_by_somebody",
            ),
        ]
        triggers = [
            locked_once("paid_sheets_stay", "OLD.state = 'paid'"),
            # All sheets of a closed year are paid; a change of keys may still write their sealed columns anew.
            *(one for one in locked_when_closed() if one.name != "closed_update"),
        ]

    def __str__(self) -> str:
        if self.is_settlement:
            more = _("（第 %(number)s 次）") % {"number": self.number} if self.number > 1 else ""
            return str(_("%(year)s 年年终结算") % {"year": self.year}) + str(more)
        return str(_("%(year)s 年 %(month)s 月工资表") % {"year": self.year, "month": self.month})

    @property
    def is_settlement(self) -> bool:
        return self.kind == SheetKind.SETTLEMENT

    @property
    def belongs(self) -> dict[str, str]:
        """What the totals are sealed for."""
        return {"pay": self.public_id}


class PayLine(models.Model):
    """One person in a sheet (工资明细). `content` is never clear text; team and grade are those of the last day."""

    sheet = models.ForeignKey(PaySheet, models.CASCADE, related_name="lines", verbose_name=_("工资表"))
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="pay_lines", verbose_name=_("人员")
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+", verbose_name=_("团队"))
    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    content = models.TextField(_("密文"), editable=False)
    key_mark = models.CharField(_("密钥标记"), max_length=8, editable=False, db_index=True)

    class Meta:
        verbose_name = _("工资明细")
        verbose_name_plural = _("工资明细")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "person"], name="pay_line_once")]
        triggers = [locked_with("confirmed_pay_stays", "kpi_paysheet", "sheet_id", ("confirmed", "paid"))]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.person_id}"

    @property
    def belongs(self) -> dict[str, str]:
        """What the content is sealed for: it opens nowhere else."""
        return {"pay": self.sheet.public_id, "person": str(self.person_id)}


class OpeningForm(models.TextChoices):
    """As what single amounts were opened (方式)."""

    PAGE = "page", _("页面")
    WORKBOOK = "workbook", _("工作簿")
    SLIP = "slip", _("工资条")
    SLIPS = "slips", _("全部工资条")


class PayOpening(models.Model):
    """That somebody opened the single amounts of a sheet (工资开启): when, why, as what. Never changed, never deleted.

    It outlives a draft that is thrown away; `label` says which sheet it was.
    """

    sheet = models.ForeignKey(
        PaySheet, models.DO_NOTHING, db_constraint=False, related_name="openings", verbose_name=_("工资表")
    )
    label = models.CharField(_("对象"), max_length=60)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("开启人")
    )
    opened_at = models.DateTimeField(_("开启时间"), default=timezone.now)
    form = models.CharField(_("方式"), max_length=10, choices=OpeningForm)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("工资开启")
        verbose_name_plural = _("工资开启")
        ordering = ["-opened_at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.opened_at}"


explain_constraint("scale_begins_with_a_month", _("薪酬标准从某月 1 日起执行。"))
explain_constraint("two_thirds_depend_on_performance", _("考核薪酬不足三分之二，必须写明理由。"))
explain_constraint("scale_pays_something", _("基本底薪要大于零，考核薪酬不能为负。"))
explain_constraint("advance_is_a_part", _("预发比例在 0 到 100 之间。"))
explain_constraint("pay_sheet_once", _("这张工资表刚刚已有人编制，请刷新页面。"))
explain_constraint("pay_line_once", _("这张工资表里已有这个人。"))
