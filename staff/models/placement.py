"""Who gets which post (拟聘), and what is objected while the list is public (公示异议)."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


@pghistory.track()
class Placement(models.Model):
    """An applicant is to get a seat of a post (拟聘). `reason` says why whenever people depart from ranking and wishes."""

    competition = models.ForeignKey(
        "staff.Competition", models.PROTECT, related_name="placements", verbose_name=_("竞聘")
    )
    application = models.OneToOneField(
        "staff.Application", models.PROTECT, related_name="placement", verbose_name=_("报名")
    )
    post = models.ForeignKey(
        "staff.CompetitionPost", models.PROTECT, related_name="placements", verbose_name=_("竞聘岗位")
    )
    seat = models.PositiveSmallIntegerField(_("席次"))
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    is_proposed = models.BooleanField(_("按排名建议"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), default=timezone.now)
    appointment = models.OneToOneField(
        "staff.Appointment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placement",
        verbose_name=_("任职"),
    )

    class Meta:
        verbose_name = _("拟聘")
        verbose_name_plural = _("拟聘")
        ordering = ["post", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["post", "seat"], name="placement_seat_once"),
            models.CheckConstraint(
                condition=models.Q(is_proposed=True) | ~models.Q(reason=""),
                name="placement_departs_with_reason",
            ),
            models.CheckConstraint(condition=models.Q(seat__gte=1), name="placement_seat_counts"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="seat_of_post",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.seat > (SELECT seats FROM staff_competitionpost WHERE id = NEW.post_id) THEN
                        RAISE EXCEPTION 'post % has no seat %', NEW.post_id, NEW.seat
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_seat_exists';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.application.person} {self.post}"


@pghistory.track()
class Objection(models.Model):
    """What somebody objects while the list is public (公示异议), and the answer."""

    competition = models.ForeignKey(
        "staff.Competition", models.PROTECT, related_name="objections", verbose_name=_("竞聘")
    )
    application = models.ForeignKey(
        "staff.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=_("报名"),
    )
    text = models.CharField(_("异议"), max_length=500)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="objection_answered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by=None) | ~models.Q(answered_by=models.F("raised_by")),
                name="objection_answered_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


explain_constraint("placement_seat_once", _("这个名额刚被占用；请刷新后再决定。"))
explain_constraint("placement_seat_exists", _("这个岗位的名额已满。"))
explain_constraint("placement_departs_with_reason", _("与排名建议不同的决定要写明理由。"))
explain_constraint("objection_answered_by_another", _("异议由提出人以外的人答复。"))
