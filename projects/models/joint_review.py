"""Joint review and countersigning (联审会签): departments give opinions in rounds, conditions are followed to their end."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.review_rules import Opinion
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models import BodyName


class ReviewState(models.TextChoices):
    """How a round stands (会签状态)."""

    OPEN = "open", _("会签中")
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


@pghistory.track()
class JointReview(models.Model):
    """One round of a joint review (联审会签); a second round after changes keeps the first.

    `quorum` and `against_needs_override` are the rule of the day on which the round began.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="joint_reviews", verbose_name=_("项目")
    )
    round = models.PositiveSmallIntegerField(_("轮次"))
    number = models.CharField(_("会签编号"), max_length=30, unique=True)
    subject = models.CharField(_("会签事项"), max_length=300)
    body_name = models.CharField(_("落款"), max_length=8, choices=BodyName, default=BodyName.CENTRE)
    state = models.CharField(_("状态"), max_length=10, choices=ReviewState, default=ReviewState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    opened_on = models.DateField(_("发起日期"))
    due_on = models.DateField(_("反馈期限"))
    quorum = models.PositiveSmallIntegerField(_("最低反馈率（%）"), default=100)
    against_needs_override = models.BooleanField(_("有反对意见须分管领导书面裁定"), default=True)
    decision_note = models.CharField(_("会签结论"), max_length=500, blank=True)
    override_reason = models.CharField(_("书面裁定"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签发人"),
    )
    decided_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    document = models.ForeignKey(
        "projects.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会签单")
    )
    fingerprint = models.CharField(_("数据指纹"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("联审会签")
        verbose_name_plural = _("联审会签")
        ordering = ["-round", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "round"], name="joint_review_round_once"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="open"), name="one_open_joint_review"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_by=None, decided_at=None)
                | (
                    ~models.Q(state="open")
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~models.Q(decision_note="")
                ),
                name="joint_review_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReviewExtension(models.Model):
    """One lengthening of a round's deadline (会签延期), with its reason; the course of a round keeps every one."""

    review = models.ForeignKey(
        JointReview, models.PROTECT, related_name="extensions", verbose_name=_("联审会签")
    )
    before = models.DateField(_("原期限"))
    after = models.DateField(_("新期限"))
    reason = models.CharField(_("理由"), max_length=300)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("延期人")
    )
    extended_at = models.DateTimeField(_("延期时间"), default=timezone.now)

    class Meta:
        verbose_name = _("会签延期")
        verbose_name_plural = _("会签延期")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(after__gt=models.F("before")) & ~models.Q(reason=""),
                name="extension_lengthens_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@pghistory.track()
class ReviewOpinion(models.Model):
    """What one department says in one round (会签意见)."""

    review = models.ForeignKey(
        JointReview, models.PROTECT, related_name="opinions", verbose_name=_("联审会签")
    )
    department = models.ForeignKey(
        "projects.Department", models.PROTECT, related_name="opinions", verbose_name=_("职能部门")
    )
    contact = models.ForeignKey(
        "projects.DepartmentContact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("会签人"),
    )
    opinion = models.CharField(_("意见"), max_length=12, choices=Opinion, default=Opinion.WAITING, blank=True)
    text = models.CharField(_("意见内容"), max_length=500, blank=True)
    given_on = models.DateField(_("反馈日期"), null=True, blank=True)
    given_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    evidence = models.ForeignKey(
        "projects.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("盖章件")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("会签意见")
        verbose_name_plural = _("会签意见")
        ordering = ["department__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "department"], name="one_opinion_per_department"),
            models.CheckConstraint(
                condition=models.Q(opinion="", given_on=None)
                | (~models.Q(opinion="") & models.Q(given_on__isnull=False)),
                name="opinion_given_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(opinion__in=["conditional", "against"]) | ~models.Q(text=""),
                name="opinion_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.get_opinion_display()}"


@pghistory.track()
class GateCondition(models.Model):
    """What an opinion or an admission was made to depend on (附加条件), followed to its end with evidence."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="gate_conditions", verbose_name=_("项目")
    )
    opinion = models.ForeignKey(
        ReviewOpinion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conditions",
        verbose_name=_("会签意见"),
    )
    admission = models.ForeignKey(
        "projects.AdmissionApplication",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conditions",
        verbose_name=_("准入申请"),
    )
    text = models.CharField(_("条件"), max_length=300)
    owner = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="gate_conditions", verbose_name=_("责任人")
    )
    due_on = models.DateField(_("期限"))
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    closed_on = models.DateField(_("落实日期"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("销号人"),
    )
    closing_note = models.CharField(_("落实情况"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        "projects.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("佐证")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("附加条件")
        verbose_name_plural = _("附加条件")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opinion__isnull=False, admission__isnull=True)
                | models.Q(opinion__isnull=True, admission__isnull=False),
                name="condition_of_one_paper",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_by=None)
                | (
                    models.Q(closed_on__isnull=False, closed_by__isnull=False)
                    & ~models.Q(closing_note="")
                    & models.Q(evidence__isnull=False)
                ),
                name="condition_closed_with_evidence",
            ),
        ]
        indexes = [models.Index(fields=["owner", "closed_on", "due_on"], name="gate_condition_due")]

    def __str__(self) -> str:
        return self.text[:60]


explain_constraint("joint_review_round_once", _("这一轮会签已经发起；请刷新页面。"))
explain_constraint("one_open_joint_review", _("这个项目有一轮会签还没有结束；请先签发或撤回，再发起新一轮。"))
explain_constraint("one_opinion_per_department", _("这个部门已在本轮会签名单里。"))
explain_constraint("opinion_says_why", _("有条件同意或不同意，请写明条件或理由。"))
explain_constraint("condition_closed_with_evidence", _("销号须写明落实情况并附佐证。"))
explain_constraint("extension_lengthens_with_reason", _("新期限要晚于原期限，并写明理由。"))
