"""Grades with their dated requirements, and who holds which post from when until when."""

from datetime import date, timedelta

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.spans import once_a_day


class Grade(models.TextChoices):
    """The three grades of officers (岗位分级), highest first."""

    SENIOR = "senior", _("高级招商专员")
    FIRST = "first", _("一级招商专员")
    SECOND = "second", _("二级招商专员")


@pghistory.track()
class GradeRequirement(models.Model):
    """One thing that a grade asks for (任职条件), half-open [holds_from, holds_until).

    A requirement is never rewritten or deleted, because applications were checked against it: it ends, and another begins.
    One withdrawn before its day holds on no day: both days are the same.
    """

    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    text = models.CharField(_("条件"), max_length=200)
    position = models.PositiveSmallIntegerField(_("排序"))
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职条件")
        verbose_name_plural = _("任职条件")
        ordering = ["grade", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="requirement_ends_after_start",
            ),
            once_a_day("requirement_once_a_day", "grade", "text", start="holds_from", end="holds_until"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.holds_until - timedelta(days=1) if self.holds_until else None

    @property
    def is_withdrawn(self) -> bool:
        """Taken back before it held."""
        return self.holds_until == self.holds_from


class PostKind(models.TextChoices):
    """Whether a post is held for good or lent for a time (任职方式)."""

    REGULAR = "regular", _("正式")
    SECONDED = "seconded", _("借调驻点")


@pghistory.track()
class Appointment(models.Model):
    """A post held in a team from a day until the day before another (任职); half-open [starts_on, ends_on).

    A secondment stands between two posts in `home_team`: the one before it and the one to which it comes back by itself.
    """

    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="appointments", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, related_name="appointments", verbose_name=_("团队")
    )
    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    is_leader = models.BooleanField(_("队长"), default=False)
    kind = models.CharField(_("任职方式"), max_length=8, choices=PostKind, default=PostKind.REGULAR)
    home_team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("原团队")
    )
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="regular", home_team__isnull=True)
                | models.Q(kind="seconded", home_team__isnull=False, ends_on__isnull=False),
                name="secondment_comes_back",
            ),
            once_a_day("one_appointment_a_day", "person"),
        ]
        indexes = [models.Index(fields=["team", "starts_on"], name="appointment_team_start")]
        triggers = [
            # The share lock waits for a closing that runs, and a closing waits for a post that is being written.
            pgtrigger.Trigger(
                name="within_team",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("team_id", "starts_on", "ends_on"),
                when=pgtrigger.Before,
                declare=[("closes", "date")],
                func="""
                    SELECT closed_on INTO closes FROM staff_team WHERE id = NEW.team_id FOR SHARE;
                    IF closes IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > closes) THEN
                        RAISE EXCEPTION 'team % closes on %', NEW.team_id, closes
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_within_team';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.team} {self.starts_on}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the post is held, as people write it."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None


explain_constraint(
    "appointment_within_team", _("这个团队在那一天之前已经撤销，或即将撤销；任职不能超过撤销日期。")
)
explain_constraint("one_appointment_a_day", _("这个人在这段时间已有任职；请先结束原任职，再任命新岗位。"))
explain_constraint("appointment_ends_after_start", _("任职的结束日期必须晚于开始日期。"))
explain_constraint("requirement_ends_after_start", _("任职条件不能在生效之前就停止。"))
explain_constraint("requirement_once_a_day", _("这一级别在这些日子已有同样的条件，没有写入。"))
explain_constraint("secondment_comes_back", _("借调要写明回到哪个团队、何时期满。"))
