"""Reminders that arrive: what each person wishes, what was said, and the address of the personal calendar."""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


class ReminderSetting(models.Model):
    """How a person wishes to be reminded (提醒设置); `reminded_on` is the last morning that was seen to."""

    class Mode(models.TextChoices):
        DIGEST = "digest", _("每天一条汇总")
        SINGLE = "single", _("每件事一条")

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_setting", verbose_name=_("账号")
    )
    mode = models.CharField(_("方式"), max_length=8, choices=Mode, default=Mode.DIGEST)
    days_ahead = models.PositiveSmallIntegerField(
        _("提前几个工作日"), default=1, validators=[MaxValueValidator(14)]
    )
    quiet_from = models.TimeField(_("免打扰自"), default=time(20))
    quiet_until = models.TimeField(_("免打扰至"), default=time(8))
    by_email = models.BooleanField(_("同时发邮件"), default=True)
    reminded_on = models.DateField(_("最近提醒"), null=True, blank=True)

    class Meta:
        verbose_name = _("提醒设置")
        verbose_name_plural = _("提醒设置")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days_ahead__lte=14), name="reminder_days_ahead_sensible"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.get_mode_display()}"


class Occasion(models.TextChoices):
    """Why a reminder was sent (提醒时机)."""

    AHEAD = "ahead", _("将到期")
    TODAY = "today", _("今天到期")
    LATE = "late", _("已逾期")
    SOON = "soon", _("即将开始")
    DIGEST = "digest", _("汇总")
    ESCALATION = "escalation", _("上报队长")


class Reminder(models.Model):
    """One thing said to one person (提醒): once for a thing, its due day and the occasion, however often the task runs."""

    class Mail(models.TextChoices):
        NONE = "none", _("不发")
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("未发出")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("账号")
    )
    kind = models.CharField(_("种类"), max_length=30)
    key = models.CharField(_("键"), max_length=60, blank=True)
    due_on = models.DateField(_("期限"))
    occasion = models.CharField(_("时机"), max_length=12, choices=Occasion)
    text = models.CharField(_("内容"), max_length=300)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    written_at = models.DateTimeField(_("时间"), default=timezone.now)
    mail = models.CharField(_("邮件"), max_length=8, choices=Mail, default=Mail.NONE)
    mail_tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    mailed_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "key", "due_on", "occasion"], name="reminder_said_once"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(mail="waiting"), name="reminder_mail_waiting")
        ]

    def __str__(self) -> str:
        return self.text


class CalendarFeed(models.Model):
    """The secret address of a personal calendar (日历订阅): only the hash of its token is kept."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("账号")
    )
    prefix = models.CharField(_("前缀"), max_length=6)
    token_hash = models.CharField(_("摘要"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    read_on = models.DateField(_("最近读取"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(revoked_at__isnull=True), name="one_live_calendar_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"


explain_constraint("reminder_days_ahead_sensible", _("最多提前 14 个工作日提醒。"))
explain_constraint("reminder_said_once", _("这件事今天已经提醒过。"))
explain_constraint("one_live_calendar_feed", _("日历地址刚刚已在另一处生成；请刷新后再试。"))
