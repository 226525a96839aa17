"""Notices, saved views, imports and repeated API writes: what the shared edges keep."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What a notice is about (通知类别)."""

    GENERAL = "general", _("业务消息")
    REMINDER = "reminder", _("到期提醒")
    ESCALATION = "escalation", _("逾期上报")
    MENTION = "mention", _("提到我的")


class Notice(models.Model):
    """A message in a person's in-app centre (通知), with the page that it is about."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    kind = models.CharField(_("类别"), max_length=10, choices=NoticeKind, default=NoticeKind.GENERAL)
    text = models.CharField(_("内容"), max_length=300)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["recipient", "-id"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            )
        ]

    def __str__(self) -> str:
        return self.text


class SavedView(models.Model):
    """A list with its filters, kept under a name by one person (收藏视图)."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("所有人")
    )
    name = models.CharField(_("名称"), max_length=40)
    url_name = models.CharField(_("页面"), max_length=60)
    query = models.CharField(_("条件"), max_length=1000, blank=True)
    audience = models.CharField(
        _("共享给"), max_length=60, blank=True, help_text=_("空为本人；everyone 为全体；team:编号 为一个团队")
    )
    is_default = models.BooleanField(_("默认视图"), default=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("收藏视图")
        verbose_name_plural = _("收藏视图")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["owner", "url_name"],
                condition=models.Q(is_default=True),
                name="one_default_view",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One uploaded workbook: previewed first, written only when confirmed (导入批次)."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("已预览")
        APPLIED = "applied", _("已写入")
        DISCARDED = "discarded", _("已放弃")

    public_id = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("种类"), max_length=40)
    file_name = models.CharField(_("文件名"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PREVIEWED)
    accepted = models.JSONField(_("可写入的行"), default=list)
    rejected = models.JSONField(_("退回的行"), default=list)
    applied_at = models.DateTimeField(_("写入时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class IdempotencyKey(models.Model):
    """The first answer to an API write, given again when the same key comes back (幂等键)."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("账号")
    )
    key = models.CharField(_("键"), max_length=80)
    request_digest = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"))
    body = models.JSONField(_("答复"))
    created_at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
