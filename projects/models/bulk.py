"""One change over many projects, and what it takes to take it back."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


@pghistory.track()
class BulkChange(models.Model):
    """A change of one thing over several projects at once (批量修改); can be taken back while nobody changed them since."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    what = models.CharField(_("修改内容"), max_length=20)
    values = models.JSONField(_("新值"), default=dict)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    made_at = models.DateTimeField(_("时间"), default=timezone.now)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批量修改")
        verbose_name_plural = _("批量修改")
        ordering = ["-id"]
        indexes = [models.Index(fields=["made_by", "-id"], name="bulk_change_latest")]

    def __str__(self) -> str:
        return self.public_id


class RowOutcome(models.TextChoices):
    """What became of one project in a bulk change (逐项结果)."""

    CHANGED = "changed", _("已修改")
    REFUSED = "refused", _("未修改")
    RESTORED = "restored", _("已恢复")
    KEPT = "kept", _("未恢复")


@pghistory.track()
class BulkChangeRow(models.Model):
    """One project of a bulk change (批量修改明细): its values before, its version after, and what became of it."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows", verbose_name=_("批量修改"))
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="+", verbose_name=_("项目"))
    before = models.JSONField(_("原值"), default=dict)
    version_after = models.PositiveIntegerField(_("修改后的版本"), default=0)
    outcome = models.CharField(_("结果"), max_length=10, choices=RowOutcome)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("批量修改明细")
        verbose_name_plural = _("批量修改明细")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change", "project"], name="bulk_change_row_once")]

    def __str__(self) -> str:
        return f"{self.change_id} {self.project_id}"


explain_constraint("bulk_change_row_once", _("同一项目在一次批量修改里只能出现一次。"))
