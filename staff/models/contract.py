"""Contracts of employment: who is engaged under which name of the body, from when until when, and which paper says so."""

from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day
from staff.models.body import BodyName
from staff.models.post import Grade


class ContractKind(models.TextChoices):
    """What is agreed (合同类别)."""

    POST = "post", _("岗位聘用合同")
    LABOUR = "labour", _("劳动合同")
    SERVICE = "service", _("劳务协议")


class ContractState(models.TextChoices):
    """How far a contract is; whether it runs on a day follows from its dates."""

    DRAFT = "draft", _("待签")
    SIGNED = "signed", _("已签")
    ENDED = "ended", _("已终止")


@pghistory.track()
class Contract(models.Model):
    """A contract of employment (聘用合同); half-open [starts_on, ends_on), without an end when it is not limited.

    `probation_until` is the first day after the probation. `agreed_until` keeps the end that was agreed when the contract
    ends earlier. `renews` is the contract that this one follows; signing ends that one the day before where it still runs.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    number = models.CharField(_("合同编号"), max_length=40, unique=True)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="contracts", verbose_name=_("人员")
    )
    kind = models.CharField(_("合同类别"), max_length=8, choices=ContractKind, default=ContractKind.POST)
    state = models.CharField(_("状态"), max_length=8, choices=ContractState, default=ContractState.DRAFT)
    body_name = models.CharField(_("落款"), max_length=8, choices=BodyName, default=BodyName.CENTRE)
    grade = models.CharField(_("级别"), max_length=8, choices=Grade, blank=True)
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("团队")
    )
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)
    agreed_until = models.DateField(_("约定止期（不含）"), null=True, blank=True)
    probation_until = models.DateField(_("试用期止（不含）"), null=True, blank=True)
    probation_passed_on = models.DateField(_("转正日期"), null=True, blank=True)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    paper = models.ForeignKey(
        "staff.StaffPaper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("签字件"),
    )
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("续签自")
    )
    end_reason = models.CharField(_("终止理由"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟稿人")
    )
    drafted_at = models.DateTimeField(_("拟稿时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("聘用合同")
        verbose_name_plural = _("聘用合同")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(probation_until__isnull=True)
                | models.Q(probation_until__gt=models.F("starts_on")),
                name="probation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(signed_on__isnull=False),
                name="contract_signed_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | models.Q(ends_on__isnull=False) & ~models.Q(end_reason=""),
                name="contract_ended_says_why",
            ),
            # A draft binds nobody, so it may stand beside the contract that it is to follow.
            once_a_day("one_contract_a_day", "person", condition=~models.Q(state="draft")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def last_day(self) -> date | None:
        """The last day of the contract, as people write it."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    @property
    def probation_last_day(self) -> date | None:
        """The last day of the probation."""
        return self.probation_until - timedelta(days=1) if self.probation_until else None

    def runs_on(self, day: date) -> bool:
        """Whether the signed contract holds on the day."""
        begun = self.state != ContractState.DRAFT and self.starts_on <= day
        return begun and (self.ends_on is None or day < self.ends_on)


class ContractReminder(models.Model):
    """That an end was said 60 or 30 days before (到期提醒): each once, however often the night comes by."""

    class Occasion(models.TextChoices):
        END_60 = "end-60", _("合同到期前 60 天")
        END_30 = "end-30", _("合同到期前 30 天")
        PROBATION_60 = "probation-60", _("试用期满前 60 天")
        PROBATION_30 = "probation-30", _("试用期满前 30 天")

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="reminders", verbose_name=_("聘用合同")
    )
    occasion = models.CharField(_("时点"), max_length=12, choices=Occasion)
    due_on = models.DateField(_("止期（不含）"))
    told_at = models.DateTimeField(_("提醒时间"), default=timezone.now)

    class Meta:
        verbose_name = _("合同到期提醒")
        verbose_name_plural = _("合同到期提醒")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "occasion", "due_on"], name="contract_end_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.occasion}"


explain_constraint("one_contract_a_day", _("这个人在这段时间已有生效的合同；请先终止原合同，或以续签办理。"))
explain_constraint("contract_ends_after_start", _("合同的止期必须晚于起期。"))
explain_constraint("probation_ends_after_start", _("试用期的止期必须晚于合同起期。"))
explain_constraint("staff_contract_number_key", _("这个合同编号刚被占用，没有写入。请换一个编号。"))
