"""The timeline of a project: follow-ups with the next step, and files."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.evidence import DocumentType
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class FollowUpKind(models.TextChoices):
    VISIT = "visit", _("走访")
    RECEPTION = "reception", _("接待")
    CALL = "call", _("电话")
    MEETING = "meeting", _("会商")
    FEEDBACK = "feedback", _("反馈")
    NOTE = "note", _("记事")


@pghistory.track()
class FollowUp(models.Model):
    """What was done for a project, and what comes next (跟进)."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="follow_ups", verbose_name=_("项目")
    )
    kind = models.CharField(_("方式"), max_length=10, choices=FollowUpKind)
    happened_at = models.DateTimeField(_("时间"))
    text = models.TextField(_("内容"), max_length=4000)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_step_on = models.DateField(_("下一步日期"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    written_at = models.DateTimeField(_("记录时间"), default=timezone.now)

    class Meta:
        verbose_name = _("跟进")
        verbose_name_plural = _("跟进")
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["project", "-happened_at", "-id"], name="follow_up_project"),
            models.Index(fields=["-written_at", "-id"], name="follow_up_latest"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Mention(models.Model):
    """A colleague named in a follow-up by @ (提到); `seen_at` is when that colleague took note."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="mentions", verbose_name=_("跟进"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions", verbose_name=_("提到的人")
    )
    seen_at = models.DateTimeField(_("知悉时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("提到")
        verbose_name_plural = _("提到")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "account"], name="one_mention_per_follow_up")
        ]
        indexes = [
            models.Index(
                fields=["account", "-id"], condition=models.Q(seen_at__isnull=True), name="mention_unseen"
            )
        ]

    def __str__(self) -> str:
        return f"@{self.account}"


@pghistory.track()
class Document(models.Model):
    """A file on a project, or the evidence of an achievement (佐证材料).

    A newer version names the one it replaces, which stays readable; `replaced_at` is empty on what holds now.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("项目"),
    )
    achievement = models.ForeignKey(
        "projects.Achievement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("业绩申报"),
    )
    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("跟进")
    )
    title = models.CharField(_("文件名"), max_length=160)
    file = models.FileField(_("文件"), upload_to="documents/%Y/%m/")
    document_type = models.CharField(
        _("材料类型"), max_length=24, choices=DocumentType, default=DocumentType.OTHER
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("替换")
    )
    edition = models.PositiveSmallIntegerField(_("第几版"), default=1)
    replaced_at = models.DateTimeField(_("被替换时间"), null=True, blank=True)
    replace_reason = models.CharField(_("替换原因"), max_length=200, blank=True)
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(achievement__isnull=False),
                name="document_belongs_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(replaces__isnull=True, edition=1)
                | models.Q(replaces__isnull=False, edition__gt=1),
                name="later_edition_replaces",
            ),
        ]
        indexes = [
            models.Index(fields=["achievement", "document_type"], name="document_achievement_type"),
            models.Index(fields=["digest"], name="document_digest"),
        ]

    def __str__(self) -> str:
        return self.title


explain_constraint("later_edition_replaces", _("后一版文件必须写明它替换的是哪一版。"))
