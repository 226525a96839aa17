"""What the company and the zone promised each other (双向承诺台账), what was done for it, and what was changed."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class Direction(models.TextChoices):
    """Who promised (承诺方)."""

    COMPANY = "company", _("企业承诺")
    ZONE = "zone", _("园区承诺")


class PromiseSubject(models.TextChoices):
    """What was promised (承诺事项); the first seven by the company, the others by the zone."""

    INTENSITY = "intensity", _("投资强度")
    START = "start", _("开工时间")
    PRODUCTION = "production", _("投产时间")
    OUTPUT = "output", _("产值")
    TAX = "tax", _("税收")
    JOBS = "jobs", _("用工")
    PAID_IN = "paid_in", _("到资")
    LAND = "land", _("供地")
    PLANT = "plant", _("厂房")
    INFRASTRUCTURE = "infrastructure", _("基础设施")
    POLICY = "policy", _("政策兑现")
    TALENT = "talent", _("人才")
    APPROVAL = "approval", _("审批时限")
    OTHER = "other", _("其他")


COMPANY_SUBJECTS = tuple(PromiseSubject)[:7]
ZONE_SUBJECTS = tuple(PromiseSubject)[7:13]
# What a second person confirms, because money and score hang on it (assumption: people and words are confirmed by the file).
CONFIRMED_SUBJECTS = (
    PromiseSubject.INTENSITY,
    PromiseSubject.START,
    PromiseSubject.PRODUCTION,
    PromiseSubject.OUTPUT,
    PromiseSubject.TAX,
    PromiseSubject.PAID_IN,
)


class Unit(models.TextChoices):
    """What a promised figure counts (单位); money is in 元."""

    YUAN = "yuan", _("元")
    YUAN_PER_MU = "yuan_per_mu", _("元/亩")
    MU = "mu", _("亩")
    SQUARE_METRE = "square_metre", _("㎡")
    PEOPLE = "people", _("人")
    KVA = "kva", _("kVA")
    DAYS = "days", _("工作日")
    ITEMS = "items", _("项")


class PromiseState(models.TextChoices):
    """What is stored; 逾期 and 变更 are read off the dates and the changes."""

    OPEN = "open", _("待履行")
    PARTIAL = "partial", _("部分履行")
    FULFILLED = "fulfilled", _("已履行")
    WAIVED = "waived", _("豁免")


class FulfilmentState(models.TextChoices):
    SUBMITTED = "submitted", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    RETURNED = "returned", _("被退回")


@pghistory.track()
class Promise(models.Model):
    """One promise of a project (承诺): by whom, what, how much, until when, and who sees to it."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="promises", verbose_name=_("项目")
    )
    direction = models.CharField(_("承诺方"), max_length=8, choices=Direction)
    subject = models.CharField(_("事项"), max_length=16, choices=PromiseSubject)
    text = models.CharField(_("承诺内容"), max_length=300)
    figure = models.DecimalField(_("数额"), max_digits=18, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=12, choices=Unit, blank=True)
    due_on = models.DateField(_("期限"))
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="promises", verbose_name=_("责任人")
    )
    department = models.ForeignKey(
        "projects.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("责任部门"),
    )
    source = models.CharField(_("合同条款"), max_length=160, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PromiseState, default=PromiseState.OPEN)
    state_note = models.CharField(_("说明"), max_length=300, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    documents = models.ManyToManyField(
        "projects.Document", related_name="promises", blank=True, verbose_name=_("依据文件")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("承诺")
        verbose_name_plural = _("承诺")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(figure__isnull=True) | models.Q(figure__gt=0),
                name="promise_figure_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(figure__isnull=True) | ~models.Q(unit=""), name="promise_figure_has_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["fulfilled", "waived"], closed_on__isnull=False)
                | models.Q(state__in=["open", "partial"], closed_on__isnull=True),
                name="promise_closed_with_day",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "due_on"], name="promise_project"),
            models.Index(fields=["state", "due_on"], name="promise_due"),
            models.Index(fields=["person", "state", "due_on"], name="promise_person_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}·{self.get_subject_display()}"


@pghistory.track()
class PromiseFulfilment(models.Model):
    """What was done for a promise (履行记录), with evidence; what matters counts once a second person confirmed it."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="fulfilments", verbose_name=_("承诺"))
    happened_on = models.DateField(_("履行日期"))
    figure = models.DecimalField(_("完成数额"), max_digits=18, decimal_places=2, null=True, blank=True)
    is_whole = models.BooleanField(_("全部履行"), default=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    documents = models.ManyToManyField(
        "projects.Document", related_name="fulfilments", blank=True, verbose_name=_("佐证材料")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=FulfilmentState, default=FulfilmentState.SUBMITTED
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("报告人")
    )
    reported_at = models.DateTimeField(_("报告时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    decision_note = models.CharField(_("确认意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("履行记录")
        verbose_name_plural = _("履行记录")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise"],
                condition=models.Q(state="submitted"),
                name="one_fulfilment_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(figure__isnull=True) | models.Q(figure__gt=0),
                name="fulfilment_figure_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("reported_by")),
                name="fulfilment_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.happened_on} {self.get_state_display()}"


@pghistory.track()
class PromiseChange(models.Model):
    """A promise that was put differently (承诺变更): the old values stay, with the reason."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="changes", verbose_name=_("承诺"))
    old_due_on = models.DateField(_("原期限"))
    new_due_on = models.DateField(_("新期限"))
    old_figure = models.DecimalField(_("原数额"), max_digits=18, decimal_places=2, null=True, blank=True)
    new_figure = models.DecimalField(_("新数额"), max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("变更人")
    )
    changed_at = models.DateTimeField(_("变更时间"), default=timezone.now)

    class Meta:
        verbose_name = _("承诺变更")
        verbose_name_plural = _("承诺变更")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="promise_change_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.old_due_on}→{self.new_due_on}"


explain_constraint("promise_figure_positive", _("数额必须大于 0；没有数额时请留空。"))
explain_constraint("promise_figure_has_unit", _("填写了数额就要选择单位。"))
explain_constraint("promise_closed_with_day", _("办结的承诺要有办结日期。"))
explain_constraint("one_fulfilment_waits", _("这条承诺已有一份履行记录待确认；请等确认后再报下一份。"))
explain_constraint("fulfilment_figure_positive", _("完成数额必须大于 0。"))
explain_constraint(
    "fulfilment_confirmed_by_another", _("履行记录不能由报告人自己确认；请由队长或分管领导确认。")
)
explain_constraint("promise_change_has_reason", _("请写明变更的理由。"))
