"""Whose first reception it is when two say so: a case with statements, papers and a written decision (首报仲裁)."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from projects.models.protection import FirstReception
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ArbitrationState(models.TextChoices):
    """How far a case has come (仲裁状态)."""

    OPEN = "open", _("审理中")
    DECIDED = "decided", _("已裁决")
    WITHDRAWN = "withdrawn", _("已撤回")


class ArbitrationOutcome(models.TextChoices):
    """What was decided (裁决结果)."""

    KEPT = "kept", _("维持首接")
    TRANSFERRED = "transferred", _("转移给申请方")
    SHARED = "shared", _("共同首接")


class Party(models.TextChoices):
    """Who speaks in a case (当事方)."""

    CLAIMANT = "claimant", _("申请方")
    RESPONDENT = "respondent", _("被申请方")


@pghistory.track()
class Arbitration(models.Model):
    """A dispute over a first reception (首报仲裁), numbered by the year: 仲裁〔2026〕第3号.

    `claimant_percent` is the part of the credit proposed to the claimant where both share; `consequence` says in words what
    is to follow for projects, whose custody moves only by a handover.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("案号"))
    reception = models.ForeignKey(
        FirstReception, models.PROTECT, related_name="arbitrations", verbose_name=_("首报首接")
    )
    claimant = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="arbitrations_claimed", verbose_name=_("申请人")
    )
    claimant_team = models.ForeignKey(
        "staff.Team", models.PROTECT, related_name="+", verbose_name=_("申请团队")
    )
    respondent = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="arbitrations_answered", verbose_name=_("被申请人")
    )
    respondent_team = models.ForeignKey(
        "staff.Team", models.PROTECT, related_name="+", verbose_name=_("被申请团队")
    )
    grounds = models.TextField(_("申请理由"), max_length=4000)
    statements_due = models.DateField(_("陈述期限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ArbitrationState, default=ArbitrationState.OPEN
    )
    outcome = models.CharField(_("裁决结果"), max_length=12, choices=ArbitrationOutcome, blank=True)
    decision = models.TextField(_("裁决书正文"), max_length=6000, blank=True)
    claimant_percent = models.DecimalField(
        _("建议申请方份额（%）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    consequence = models.TextField(_("后续办理"), max_length=2000, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提起人")
    )
    opened_at = models.DateTimeField(_("提起时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("裁决人"),
    )
    decided_at = models.DateTimeField(_("裁决时间"), null=True, blank=True)
    resulting = models.ForeignKey(
        FirstReception,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("裁决后的首报首接"),
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("首报仲裁")
        verbose_name_plural = _("首报仲裁")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="arbitration_number_once"),
            models.UniqueConstraint(
                fields=["reception"], condition=models.Q(state="open"), name="one_open_arbitration"
            ),
            models.CheckConstraint(
                condition=~models.Q(claimant=models.F("respondent")), name="arbitration_between_two"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | models.Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~models.Q(decision="")
                & ~models.Q(outcome=""),
                name="arbitration_decision_written",
            ),
            models.CheckConstraint(
                condition=models.Q(claimant_percent__isnull=True)
                | models.Q(outcome="shared", claimant_percent__gt=0, claimant_percent__lt=100),
                name="arbitration_percent_where_shared",
            ),
        ]
        indexes = [models.Index(fields=["state", "statements_due"], name="arbitration_state_due")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it stands on the decision."""
        return _now("仲裁〔%(year)s〕第%(number)s号") % {"year": self.year, "number": self.number}


@pghistory.track()
class ArbitrationStatement(models.Model):
    """What a party says (陈述): one of each side, written over until the decision."""

    arbitration = models.ForeignKey(
        Arbitration, models.PROTECT, related_name="statements", verbose_name=_("首报仲裁")
    )
    party = models.CharField(_("当事方"), max_length=10, choices=Party)
    text = models.TextField(_("陈述"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("陈述人")
    )
    written_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)

    class Meta:
        verbose_name = _("仲裁陈述")
        verbose_name_plural = _("仲裁陈述")
        ordering = ["arbitration_id", "party"]
        constraints = [
            models.UniqueConstraint(fields=["arbitration", "party"], name="one_statement_per_party")
        ]

    def __str__(self) -> str:
        return self.text[:40]


@pghistory.track()
class ArbitrationPaper(models.Model):
    """A file that a party or the decision rests on (仲裁材料)."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    arbitration = models.ForeignKey(
        Arbitration, models.PROTECT, related_name="papers", verbose_name=_("首报仲裁")
    )
    party = models.CharField(_("当事方"), max_length=10, choices=Party)
    title = models.CharField(_("文件名"), max_length=160)
    file = models.FileField(_("文件"), upload_to="arbitrations/%Y/%m/")
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("仲裁材料")
        verbose_name_plural = _("仲裁材料")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


explain_constraint("arbitration_number_once", _("这个案号刚刚被使用；请再提交一次。"))
explain_constraint("one_open_arbitration", _("这家企业的首报首接已有一件仲裁在审理；请在那件里陈述。"))
explain_constraint("arbitration_between_two", _("申请人和被申请人不能是同一个人。"))
explain_constraint("arbitration_decision_written", _("裁决要有结果、正文和裁决人。"))
explain_constraint("arbitration_percent_where_shared", _("只有共同首接才写申请方份额，须大于 0、小于 100。"))
explain_constraint("one_statement_per_party", _("本方已经提交过陈述；请在原陈述上修改。"))
