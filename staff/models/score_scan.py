"""Scans of score sheets that were written on paper, by session."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class ScoreScan(models.Model):
    """A scan from which scores of a session were typed in (评分表扫描件); `batch` is the table that was typed."""

    session = models.ForeignKey(
        "staff.InterviewSession", models.PROTECT, related_name="scans", verbose_name=_("面试场次")
    )
    paper = models.ForeignKey(
        "staff.StaffPaper", models.PROTECT, related_name="score_scans", verbose_name=_("扫描件")
    )
    batch = models.OneToOneField(
        "promotion.ImportBatch", models.PROTECT, related_name="+", verbose_name=_("导入批次")
    )

    class Meta:
        verbose_name = _("评分表扫描件")
        verbose_name_plural = _("评分表扫描件")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.paper)
