"""When somebody is away from the post: dated, and why only for HR."""

from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day


class AbsenceKind(models.TextChoices):
    """Why somebody is away (离岗事由)."""

    SICK = "sick", _("病假")
    MATERNITY = "maternity", _("产假")
    POSTED = "posted", _("外派")
    STUDY = "study", _("学习")
    OTHER = "other", _("其他")


@pghistory.track()
class Absence(models.Model):
    """Days away from the post (离岗); half-open [starts_on, ends_on), without an end until it is known."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="absences", verbose_name=_("人员")
    )
    kind = models.CharField(_("离岗事由"), max_length=10, choices=AbsenceKind)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    written_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("离岗")
        verbose_name_plural = _("离岗")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="absence_ends_after_start",
            ),
            once_a_day("one_absence_a_day", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}"

    @property
    def last_day(self) -> date | None:
        """The last day away, as people write it."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None


explain_constraint("one_absence_a_day", _("这个人在这段时间已登记离岗；请先修改原来的登记。"))
explain_constraint("absence_ends_after_start", _("离岗的最后一日不能早于第一日。"))
