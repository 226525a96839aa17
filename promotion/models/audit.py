"""The audit trail: one row per action, append-only, sealed in a chain of hashes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to which record, when and why (操作记录). Never changed, never deleted."""

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    actor_name = models.CharField(_("操作人姓名"), max_length=80)
    verb = models.CharField(_("操作"), max_length=60, db_index=True)
    target_type = models.CharField(_("对象类型"), max_length=60)
    target_id = models.CharField(_("对象编号"), max_length=40)
    target_label = models.CharField(_("对象"), max_length=200)
    reason = models.TextField(_("理由"), blank=True)
    detail = models.JSONField(_("明细"), default=dict, blank=True)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_type", "target_id", "-id"], name="audit_entry_target")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.moment()} {self.actor_name} {self.verb} {self.target_label}"

    def moment(self) -> str:
        """The local time of the entry, to the minute."""
        return timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M")


class AuditSeal(models.Model):
    """A link of the hash chain over the audit trail (审计封条): covers the entries after the one before it."""

    sealed_at = models.DateTimeField(_("封存时间"), auto_now_add=True)
    first_entry = models.BigIntegerField(_("首条"))
    last_entry = models.BigIntegerField(_("末条"), unique=True)
    entry_count = models.PositiveIntegerField(_("条数"))
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("审计封条")
        verbose_name_plural = _("审计封条")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.first_entry}–{self.last_entry}"
