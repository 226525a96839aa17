"""Due diligence (尽职调查): a checklist of findings with risks, concluded by one person and confirmed by another."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class Risk(models.TextChoices):
    """How much there is to fear (风险等级)."""

    LOW = "low", _("低")
    MIDDLE = "middle", _("中")
    HIGH = "high", _("高")


class DiligenceState(models.TextChoices):
    """How far an inquiry has come (尽调状态)."""

    OPEN = "open", _("调查中")
    CONCLUDED = "concluded", _("待复核")
    CONFIRMED = "confirmed", _("已复核")


@pghistory.track()
class Diligence(models.Model):
    """A due-diligence inquiry into a project (尽职调查)."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="diligences", verbose_name=_("项目")
    )
    state = models.CharField(_("状态"), max_length=10, choices=DiligenceState, default=DiligenceState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发起人")
    )
    opened_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    conclusion = models.CharField(_("结论"), max_length=500, blank=True)
    risk = models.CharField(_("总体风险"), max_length=6, choices=Risk, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("结论人"),
    )
    concluded_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("复核人"),
    )
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    review_note = models.CharField(_("复核意见"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("尽职调查")
        verbose_name_plural = _("尽职调查")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=~models.Q(state="confirmed"), name="one_open_diligence"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | (models.Q(concluded_by__isnull=False) & ~models.Q(conclusion="") & ~models.Q(risk="")),
                name="diligence_concluded_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed")
                | (models.Q(confirmed_by__isnull=False) & ~models.Q(confirmed_by=models.F("concluded_by"))),
                name="diligence_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"


@pghistory.track()
class DiligenceItem(models.Model):
    """What was found on one topic (尽调事项), with its risk and the paper that shows it."""

    diligence = models.ForeignKey(Diligence, models.PROTECT, related_name="items", verbose_name=_("尽职调查"))
    title = models.CharField(_("事项"), max_length=60)
    guidance = models.CharField(_("要点"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    finding = models.CharField(_("调查情况"), max_length=500, blank=True)
    risk = models.CharField(_("风险等级"), max_length=6, choices=Risk, blank=True)
    evidence = models.ForeignKey(
        "projects.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("佐证")
    )
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("调查人"),
    )
    found_at = models.DateTimeField(_("填写时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("尽调事项")
        verbose_name_plural = _("尽调事项")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["diligence", "title"], name="diligence_item_once"),
            models.CheckConstraint(
                condition=models.Q(finding="", risk="") | (~models.Q(finding="") & ~models.Q(risk="")),
                name="diligence_finding_with_risk",
            ),
        ]

    def __str__(self) -> str:
        return self.title


explain_constraint("one_open_diligence", _("这个项目的尽职调查还没有复核；请在原调查里补充。"))
explain_constraint("diligence_second_person", _("尽职调查须由另一个人复核，不能由下结论的人自己复核。"))
explain_constraint("diligence_finding_with_risk", _("写了调查情况，请同时选择风险等级。"))
