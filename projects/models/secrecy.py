"""Secret projects: who was named to read them, and who opened them when."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.sight import SIGHT_BY_PART
from promotion.action import explain_constraint


@pghistory.track()
class ProjectReader(models.Model):
    """A person named to read a project (指定查看人), half-open [reads_from, reads_until)."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="readers", verbose_name=_("项目")
    )
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("查看人"))
    reads_from = models.DateField(_("起"))
    reads_until = models.DateField(_("止（不含）"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("指定人")
    )
    granted_at = models.DateTimeField(_("指定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("指定查看人")
        verbose_name_plural = _("指定查看人")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reads_until__isnull=True)
                | models.Q(reads_until__gte=models.F("reads_from")),
                name="reader_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=models.Q(reads_until__isnull=True),
                name="one_open_reader",
            ),
        ]
        triggers = [SIGHT_BY_PART]

    def __str__(self) -> str:
        return str(self.person)


class ViewKind(models.TextChoices):
    """What of a secret project was opened (查看内容)."""

    RECORD = "record", _("项目页")
    DOCUMENT = "document", _("文件")
    EXPORT = "export", _("导出")
    API = "api", _("接口")


class ProjectView(models.Model):
    """That an account opened a secret project (查看记录); written on every reading, never changed."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="views", verbose_name=_("项目")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("查看人")
    )
    kind = models.CharField(_("查看内容"), max_length=10, choices=ViewKind)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    viewed_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="project_view_latest")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"


explain_constraint("reader_ends_after_start", _("查看期限的截止日期不能早于起始日期。"))
explain_constraint("one_open_reader", _("这个人已经是指定查看人。"))
