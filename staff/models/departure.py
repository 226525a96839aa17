"""Somebody leaves the house: what ends on which day, and that nothing is left in his hands."""

from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class DepartureKind(models.TextChoices):
    """Why somebody leaves (离职类别)."""

    RESIGNED = "resigned", _("辞职")
    NOT_RENEWED = "not_renewed", _("合同期满")
    TRANSFERRED = "transferred", _("调出")
    RETIRED = "retired", _("退休")
    DISMISSED = "dismissed", _("解聘")
    OTHER = "other", _("其他")


class DepartureState(models.TextChoices):
    """How far leaving is; `returned` says that the person came back later, `revoked` that it was taken back before its day."""

    OPEN = "open", _("办理中")
    FINISHED = "finished", _("已办结")
    RETURNED = "returned", _("已返聘")
    REVOKED = "revoked", _("已撤回")


@pghistory.track(exclude=["undo"])
class Departure(models.Model):
    """Leaving the house (离职办理). `ends_on` is the first day on which the person is no longer here.

    It is finished when nothing is held any more, or when HR says with a reason (`held_reason`) why that may stay. `undo` keeps
    the rows that leaving touched, before and after, so that it can be taken back until its day.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="departures", verbose_name=_("人员")
    )
    kind = models.CharField(_("离职类别"), max_length=12, choices=DepartureKind)
    state = models.CharField(_("状态"), max_length=8, choices=DepartureState, default=DepartureState.OPEN)
    ends_on = models.DateField(_("离职日（不含）"))
    reason = models.CharField(_("理由"), max_length=200)
    account_closed_at = models.DateTimeField(_("账号停用时间"), null=True, blank=True)
    held_reason = models.CharField(_("未交清的理由"), max_length=200, blank=True)
    revoke_reason = models.CharField(_("撤回理由"), max_length=200, blank=True)
    undo = models.JSONField(_("撤回所需"), default=dict, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("办理人")
    )
    opened_at = models.DateTimeField(_("办理时间"), default=timezone.now)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办结人"),
    )
    finished_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    returned_on = models.DateField(_("返聘日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("离职办理")
        verbose_name_plural = _("离职办理")
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="open"), name="one_departure_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(finished_by__isnull=False, finished_at__isnull=False),
                name="departure_finished_says_who",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="revoked") | ~models.Q(revoke_reason=""),
                name="departure_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.last_day}"

    @property
    def last_day(self) -> date:
        """The last day in the house, as people write it."""
        return self.ends_on - timedelta(days=1)


explain_constraint("departure_revoked_with_reason", _("请写明撤回的理由。"))
explain_constraint("one_departure_at_a_time", _("这个人的离职已在办理，请打开原来的办理单。"))
