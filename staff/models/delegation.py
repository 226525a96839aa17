"""Work lent during an absence: a colleague does what the absent one may do, and remains who he is."""

from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day


@pghistory.track()
class Delegation(models.Model):
    """A person's role and teams lent to a colleague for some days (离岗委托), half-open [starts_on, ends_on).

    Who stands in acts under the own name, so that what asks for a second person, or for somebody without a part in the
    matter, holds as ever. Ended early, `ends_on` is the day of that.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    principal = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="delegations", verbose_name=_("委托人")
    )
    delegate = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="stand_ins", verbose_name=_("代办人")
    )
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"))
    reason = models.CharField(_("事由"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("办理人")
    )
    made_at = models.DateTimeField(_("办理时间"), default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提前结束人"),
    )

    class Meta:
        verbose_name = _("离岗委托")
        verbose_name_plural = _("离岗委托")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("delegate")), name="delegation_to_another"
            ),
            once_a_day("one_delegation_a_day", "principal"),
        ]
        indexes = [models.Index(fields=["delegate", "ends_on"], name="delegation_delegate")]

    def __str__(self) -> str:
        return f"{self.principal} → {self.delegate} {self.starts_on}"

    @property
    def last_day(self) -> date:
        """The last day on which the work is lent, as people write it."""
        return max(self.ends_on - timedelta(days=1), self.starts_on)

    def holds_on(self, day: date) -> bool:
        """Whether the work is lent on the day."""
        return self.starts_on <= day < self.ends_on


explain_constraint(
    "one_delegation_a_day", _("这个人在这段时间已经委托了别人，没有写入。请先结束原来的委托，或换日期。")
)
explain_constraint("delegation_to_another", _("不能委托给本人。"))
explain_constraint("delegation_ends_after_start", _("委托的结束日期不能早于开始日期。"))
