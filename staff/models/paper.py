"""Papers of the staff file: contracts, certificates, evidence for an application."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.identifiers import public_id


@pghistory.track()
class StaffPaper(models.Model):
    """A file of the staff file (人事材料). The record that rests on it refers to it and says who may open it."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    title = models.CharField(_("文件名"), max_length=160)
    file = models.FileField(_("文件"), upload_to="staff/%Y/%m/")
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("人事材料")
        verbose_name_plural = _("人事材料")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
