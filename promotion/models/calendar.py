"""Corrections of the working calendar."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class CalendarCorrection(models.Model):
    """A day that is worked, or not, other than the calendar of the library says (工作日历修正)."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("是工作日"))
    note = models.CharField(_("依据"), max_length=120, help_text=_("例如公布放假安排的通知文号"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    set_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = _("工作日历修正")
        verbose_name_plural = _("工作日历修正")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.is_working else '休'}"
