"""The panel of a round (专项考核组): its judges, who leads it, and from which candidates a judge stands back."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


@pghistory.track()
class Panelist(models.Model):
    """A judge of a round (考核组成员)."""

    competition = models.ForeignKey(
        "staff.Competition", models.CASCADE, related_name="panel", verbose_name=_("竞聘")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="panels", verbose_name=_("账号")
    )
    is_chair = models.BooleanField(_("组长"), default=False)

    class Meta:
        verbose_name = _("考核组成员")
        verbose_name_plural = _("考核组成员")
        ordering = ["-is_chair", "id"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "account"], name="panelist_once"),
            models.UniqueConstraint(
                fields=["competition"], condition=models.Q(is_chair=True), name="one_chair_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)


@pghistory.track()
class Recusal(models.Model):
    """A judge stands back from a candidate (回避), by the own word or by HR's, before scores are given."""

    panelist = models.ForeignKey(
        Panelist, models.PROTECT, related_name="recusals", verbose_name=_("考核组成员")
    )
    application = models.ForeignKey(
        "staff.Application", models.PROTECT, related_name="recusals", verbose_name=_("报名")
    )
    reason = models.CharField(_("理由"), max_length=200)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    declared_at = models.DateTimeField(_("提出时间"), default=timezone.now)

    class Meta:
        verbose_name = _("回避")
        verbose_name_plural = _("回避")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "application"], name="recusal_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="recusal_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} {self.application}"


explain_constraint("panelist_once", _("这个账号已在考核组里。"))
explain_constraint("one_chair_a_panel", _("考核组只有一位组长；请先改掉原来的组长。"))
explain_constraint("recusal_once", _("已经登记过对这位报名人的回避。"))
