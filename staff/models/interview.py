"""Interviews (面试答辩): sessions in a room at a time with their judges, and the candidates in them, one after another."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_at_a_time


class SessionState(models.TextChoices):
    """How a session stands (场次状态)."""

    PLANNED = "planned", _("已安排")
    CLOSED = "closed", _("已封场")


@pghistory.track()
class InterviewSession(models.Model):
    """A session of interviews (面试场次) in one room; `minutes` is how long a candidate has.

    `seed` is what the order was drawn by lot from; empty when it was set by hand. Once closed, no score is written any more.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    competition = models.ForeignKey(
        "staff.Competition", models.PROTECT, related_name="sessions", verbose_name=_("竞聘")
    )
    room = models.CharField(_("地点"), max_length=60)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    minutes = models.PositiveSmallIntegerField(_("每人分钟"), default=20)
    seed = models.CharField(_("抽签种子"), max_length=32, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=SessionState, default=SessionState.PLANNED)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("封场人")
    )
    closed_at = models.DateTimeField(_("封场时间"), null=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("面试场次")
        verbose_name_plural = _("面试场次")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(state="planned", closed_at=None)
                | models.Q(state="closed", closed_at__isnull=False),
                name="session_closed_whole",
            ),
            once_at_a_time("session_room_free", "room"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


@pghistory.track()
class SessionJudge(models.Model):
    """A judge of a session (场次评委); start and end are the session's, so that the database can keep a judge from two at once."""

    session = models.ForeignKey(
        InterviewSession, models.CASCADE, related_name="judges", verbose_name=_("面试场次")
    )
    panelist = models.ForeignKey(
        "staff.Panelist", models.PROTECT, related_name="sessions", verbose_name=_("考核组成员")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("账号")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    class Meta:
        verbose_name = _("场次评委")
        verbose_name_plural = _("场次评委")
        ordering = ["-panelist__is_chair", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "panelist"], name="session_judge_once"),
            once_at_a_time("judge_free", "account"),
        ]

    def __str__(self) -> str:
        return str(self.account)


@pghistory.track()
class Interview(models.Model):
    """A candidate's place in a session (面试)."""

    session = models.ForeignKey(
        InterviewSession, models.CASCADE, related_name="interviews", verbose_name=_("面试场次")
    )
    application = models.OneToOneField(
        "staff.Application", models.PROTECT, related_name="interview", verbose_name=_("报名")
    )
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("人员"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    was_absent = models.BooleanField(_("缺席"), default=False)

    class Meta:
        verbose_name = _("面试")
        verbose_name_plural = _("面试")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="interview_position_once"),
            once_at_a_time("candidate_free", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.person}"


explain_constraint("session_room_free", _("这个地点在这段时间已有另一场面试；请换地点或时间。"))
explain_constraint("judge_free", _("有评委在这段时间已有另一场面试；请换评委或时间。"))
explain_constraint("candidate_free", _("有报名人在这段时间已有另一场面试；请换时间。"))
explain_constraint("session_ends_after_start", _("面试的结束要晚于开始。"))
