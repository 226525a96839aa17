"""The way into a log-in for the first time: a link that is good once, for some days."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


class Invitation(models.Model):
    """A link with which the owner of a log-in sets the first password himself (邀请); only the hash of its key is kept."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations", verbose_name=_("账号")
    )
    key_hash = models.CharField(_("摘要"), max_length=64, unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发出人")
    )
    issued_at = models.DateTimeField(_("发出时间"), default=timezone.now, db_default=Now())
    expires_at = models.DateTimeField(_("有效期至"))
    opened_at = models.DateTimeField(_("首次打开"), null=True, blank=True)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.issued_at:%Y-%m-%d}"

    @property
    def is_live(self) -> bool:
        """Whether the link still opens the door."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()


explain_constraint("one_open_invitation", _("刚有人给这个账号发出了邀请，没有重复发出。请刷新后核对。"))
explain_constraint("invitation_used_or_revoked", _("这个邀请刚刚已被使用或作废。请刷新后核对。"))
