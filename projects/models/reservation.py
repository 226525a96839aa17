"""Who holds which site for how long: no place is promised twice, and the database sees to it."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DecimalRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ReservationState(models.TextChoices):
    """How far a reservation has come (预留状态)."""

    WAITING = "waiting", _("候补")
    REQUESTED = "requested", _("待批")
    RESERVED = "reserved", _("预留")
    LOCKED = "locked", _("已锁定")
    LANDED = "landed", _("已落地")
    DECLINED = "declined", _("未批准")
    RELEASED = "released", _("已释放")
    EXPIRED = "expired", _("已到期")


# In these states nobody else can have the place; a request holds it too, until somebody decides.
LIVE = (
    ReservationState.REQUESTED,
    ReservationState.RESERVED,
    ReservationState.LOCKED,
    ReservationState.LANDED,
)
# How often a reservation may be extended (assumption: no source names a number; twice keeps land from being hoarded).
MOST_EXTENSIONS = 2


def _period() -> models.Func:
    return models.Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField())


@pghistory.track()
class Reservation(models.Model):
    """A place kept for a project (用地预留), half-open dates [starts_on, ends_on); no end once it has landed.

    Of a plot a part may be kept: `extent` is the strip [from, to) in 亩 that it takes, so that strips which do not overlap
    never exceed the whole. A plant is kept whole and has no extent.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="reservations", verbose_name=_("项目")
    )
    plot = models.ForeignKey(
        "projects.Plot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reservations",
        verbose_name=_("地块"),
    )
    plant = models.ForeignKey(
        "projects.Plant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reservations",
        verbose_name=_("厂房载体"),
    )
    extent = DecimalRangeField(_("所占部分（亩）"), null=True, blank=True)
    area = models.DecimalField(_("面积"), max_digits=12, decimal_places=2)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("至（不含）"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ReservationState, default=ReservationState.REQUESTED
    )
    reason = models.CharField(_("用地理由"), max_length=300, blank=True)
    decision_note = models.CharField(_("处理意见"), max_length=300, blank=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    told_on = models.DateField(_("已提醒到期"), null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批准人"),
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("用地预留")
        verbose_name_plural = _("用地预留")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(plot__isnull=False, plant__isnull=True, extent__isnull=False)
                | models.Q(plot__isnull=True, plant__isnull=False, extent__isnull=True),
                name="reservation_of_one_place",
            ),
            models.CheckConstraint(condition=models.Q(area__gt=0), name="reservation_area_positive"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="reservation_period",
            ),
            # Only what stands on the land for good has no end.
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=False)
                | models.Q(
                    state__in=[
                        ReservationState.LANDED,
                        ReservationState.WAITING,
                        ReservationState.RELEASED,
                    ]
                ),
                name="reservation_expires",
            ),
            models.CheckConstraint(
                condition=models.Q(extensions__lte=MOST_EXTENSIONS), name="reservation_extended_twice"
            ),
            ExclusionConstraint(
                name="plot_promised_once",
                expressions=[
                    ("plot", RangeOperators.EQUAL),
                    ("extent", RangeOperators.OVERLAPS),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state__in=LIVE, plot__isnull=False),
            ),
            ExclusionConstraint(
                name="plant_promised_once",
                expressions=[
                    ("plant", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state__in=LIVE, plant__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state"], name="reservation_project"),
            models.Index(fields=["state", "ends_on"], name="reservation_expiry"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_the_plot",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("extent", "plot_id", "state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.plot_id IS NOT NULL"),
                func="""
                    IF lower(NEW.extent) < 0 OR isempty(NEW.extent) OR upper_inf(NEW.extent)
                       OR upper(NEW.extent) > (SELECT area FROM projects_plot WHERE id = NEW.plot_id FOR SHARE) THEN
                        RAISE EXCEPTION 'reserved part lies outside plot %', NEW.plot_id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_within_plot';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.get_state_display()}"

    @property
    def site(self) -> Any:
        """The plot or the plant."""
        return self.plot or self.plant  # type: ignore[return-value]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


explain_constraint("reservation_of_one_place", _("一条预留只能对应一个地块或一处厂房。"))
explain_constraint("reservation_area_positive", _("预留面积必须大于 0。"))
explain_constraint("reservation_period", _("预留的截止日期必须晚于开始日期。"))
explain_constraint("reservation_expires", _("预留必须有截止日期；只有落地后才长期占用。"))
explain_constraint(
    "reservation_extended_twice", _("这条预留已延期两次，不能再延；请落实签约后锁定，或释放给候补项目。")
)
explain_constraint(
    "plot_promised_once",
    _(
        "这个地块在所选期间已为其他项目预留，没有重复承诺。请改选面积、期间或其他地块，或登记候补，空出时会通知您。"
    ),
)
explain_constraint(
    "plant_promised_once",
    _("这处厂房在所选期间已为其他项目预留，没有重复承诺。请改选期间或其他厂房，或登记候补，空出时会通知您。"),
)
explain_constraint("reservation_within_plot", _("预留的部分超出了地块面积；请按剩余面积填写。"))
