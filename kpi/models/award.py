"""What people decide about those who stand for an award or a notice, and what follows."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class Proposal(models.TextChoices):
    """What the calculation says of a subject at an award's place (测算建议)."""

    CANDIDATE = "candidate", _("候选")
    PASSED_OVER = "passed_over", _("不符合条件")
    UNDECIDED = "undecided", _("待定")


class AwardOutcome(models.TextChoices):
    """What people decide (评奖结果)."""

    GRANTED = "granted", _("授予")
    WITHHELD = "withheld", _("不授予")


class Consequence(models.TextChoices):
    """What follows for a person among the last (末位处理)."""

    MOVE = "move", _("调整岗位")
    END = "end", _("解除聘用")
    NONE = "none", _("不处理")


class AwardState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    REVOKED = "revoked", _("已撤销")


@pghistory.track()
class AwardDecision(models.Model):
    """A decision about one subject and one award of a year (评奖决定): written by HR, approved by a second person.

    `award`, `title` and `is_warning` are the scheme's words at the time, `subject_name` the subject's; `run`, `proposal`, `is_tied`,
    `place`, `group_size`, `total` and `basis` (the reason in figures) are what the calculation said when it was decided. `departs`
    marks a decision that is not what was proposed, or breaks a tie: it has a `reason`. `serial` is the number of the certificate or
    notice within the year, given with the approval.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    award = models.CharField(_("奖项代码"), max_length=64)
    title = models.CharField(_("奖项"), max_length=60)
    is_warning = models.BooleanField(_("警示类"), default=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("团队")
    )
    subject_name = models.CharField(_("对象"), max_length=60)
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="+", verbose_name=_("批次"))
    proposal = models.CharField(_("测算建议"), max_length=12, choices=Proposal)
    is_tied = models.BooleanField(_("并列"), default=False)
    place = models.PositiveIntegerField(_("名次"))
    group_size = models.PositiveIntegerField(_("组内数"))
    total = models.DecimalField(_("总分"), max_digits=12, decimal_places=4)
    basis = models.TextField(_("依据"))
    outcome = models.CharField(_("评奖结果"), max_length=10, choices=AwardOutcome)
    consequence = models.CharField(_("末位处理"), max_length=6, choices=Consequence, blank=True)
    departs = models.BooleanField(_("与建议不同"), default=False)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=AwardState, default=AwardState.DRAFT)
    serial = models.PositiveIntegerField(_("证书序号"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟定人")
    )
    proposed_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    returned_for = models.CharField(_("退回原因"), max_length=300, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_on = models.DateField(_("审批日"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_for = models.CharField(_("撤销原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("评奖决定")
        verbose_name_plural = _("评奖决定")
        ordering = ["-year", "award", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True)
                | models.Q(person__isnull=True, team__isnull=False),
                name="award_decision_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["year", "award", "person", "team"],
                condition=~models.Q(state="revoked"),
                nulls_distinct=False,
                name="one_award_decision_a_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(departs=False) | ~models.Q(reason=""), name="departing_award_has_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(consequence="") | models.Q(outcome="granted", person__isnull=False),
                name="consequence_follows_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"), approved_by__isnull=True)
                | models.Q(
                    state__in=("approved", "revoked"), approved_by__isnull=False, approved_on__isnull=False
                )
                & ~models.Q(approved_by=models.F("proposed_by")),
                name="second_person_approves_award",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="revoked")
                | models.Q(revoked_by__isnull=False) & ~models.Q(revoked_for=""),
                name="revoked_award_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(serial__isnull=False, outcome="granted", state__in=("approved", "revoked"))
                | models.Q(serial__isnull=True) & ~models.Q(outcome="granted", state="approved"),
                name="granted_award_has_number",
            ),
            models.UniqueConstraint(
                fields=["year", "is_warning", "serial"],
                condition=models.Q(serial__isnull=False),
                name="award_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "award", "year"], name="award_person"),
            models.Index(fields=["team", "award", "year"], name="award_team"),
        ]
        triggers = locked_when_closed()

    def __str__(self) -> str:
        return f"{self.year} {self.title} {self.subject_name}"

    @property
    def subject_key(self) -> tuple[str, int]:
        """`("person", 12)` or `("team", 3)`."""
        return ("person", self.person_id) if self.person_id else ("team", self.team_id or 0)

    @property
    def number(self) -> str:
        """The number of the certificate or notice; empty until it is granted."""
        if self.serial is None:
            return ""
        kind = "通" if self.is_warning else "荣"
        return f"招{kind}〔{self.year}〕{self.serial:03}号"

    @property
    def outcome_words(self) -> str:
        """授予 or 不授予; nobody is granted a notice, one is named in it."""
        if self.is_warning:
            return str(_("列入") if self.outcome == AwardOutcome.GRANTED else _("不列入"))
        return str(AwardOutcome(self.outcome).label)

    @property
    def is_granted(self) -> bool:
        """Whether it holds: granted, approved and not revoked."""
        return self.outcome == AwardOutcome.GRANTED and self.state == AwardState.APPROVED

    @property
    def subject(self) -> Any:
        """The person or the team."""
        return self.person or self.team


explain_constraint("award_decision_has_one_subject", _("评奖决定必须针对一个人或一个团队。"))
explain_constraint("one_award_decision_a_subject", _("这位对象的这个奖项刚由他人作出决定；请刷新页面。"))
explain_constraint("departing_award_has_reason", _("与建议不同的决定要写明理由。"))
explain_constraint("consequence_follows_a_person", _("末位处理只用于授予个人的警示。"))
explain_constraint("second_person_approves_award", _("评奖由拟定人以外的一位分管领导审批。"))
explain_constraint("revoked_award_has_reason", _("撤销评奖要写明原因。"))
explain_constraint("granted_award_has_number", _("授予的奖项在批准时编号。"))
explain_constraint("award_number_once", _("证书编号刚被占用；请再提交一次。"))
