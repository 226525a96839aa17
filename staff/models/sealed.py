"""Sealed archives: what somebody was before the reform, apart from what counts now, and encrypted."""

from datetime import date, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day


class SealedSubject(models.TextChoices):
    """What is kept apart (三分离): archived post, archived wage, archive administration."""

    POST = "post", _("档案职务")
    WAGE = "wage", _("档案工资")
    ADMINISTRATION = "administration", _("档案管理")


@pghistory.track(exclude=["content", "key_mark"])
class SealedRecord(models.Model):
    """One sealed fact of a person for the days [starts_on, ends_on) (封存档案). `content` is never clear text.

    Row history leaves the content out: a rotation of keys must reach every copy of it.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="sealed_records", verbose_name=_("人员")
    )
    subject = models.CharField(_("封存事项"), max_length=14, choices=SealedSubject)
    content = models.TextField(_("密文"), editable=False)
    key_mark = models.CharField(_("密钥标记"), max_length=8, editable=False, db_index=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("封存人")
    )
    written_at = models.DateTimeField(_("封存时间"), default=timezone.now)

    class Meta:
        verbose_name = _("封存档案")
        verbose_name_plural = _("封存档案")
        ordering = ["person", "subject", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="sealed_ends_after_start",
            ),
            once_a_day("one_sealed_fact_a_day", "person", "subject"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_subject_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day for which it holds, as people write it."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    @property
    def belongs(self) -> dict[str, str]:
        """What the content is sealed for: it opens nowhere else."""
        return {"person": str(self.person_id), "subject": self.subject}


class SealedOpening(models.Model):
    """That somebody opened a sealed record, when and why (封存开启). Never changed, never deleted."""

    record = models.ForeignKey(
        SealedRecord, models.PROTECT, related_name="openings", verbose_name=_("封存档案")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("开启人")
    )
    opened_at = models.DateTimeField(_("开启时间"), default=timezone.now)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        verbose_name = _("封存开启")
        verbose_name_plural = _("封存开启")
        ordering = ["-opened_at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.record_id} {self.opened_at}"


class SealingKey(models.Model):
    """A known text sealed by a key, by which the key is known to be the right one (密钥核对)."""

    mark = models.CharField(_("密钥标记"), max_length=8, unique=True)
    probe = models.TextField(_("核对密文"))
    made_at = models.DateTimeField(_("启用时间"), default=timezone.now)

    class Meta:
        verbose_name = _("密钥核对")
        verbose_name_plural = _("密钥核对")

    def __str__(self) -> str:
        return self.mark


explain_constraint("one_sealed_fact_a_day", _("这个人在这段时间已有同一事项的封存档案；请先写明它的止期。"))
explain_constraint("sealed_ends_after_start", _("封存档案的止期必须晚于起期。"))
