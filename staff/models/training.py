"""Training in the five fields (一专多能): courses, sessions with seats, who takes part, and what it earns."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_at_a_time
from staff.models.post import Grade


class TrainingField(models.TextChoices):
    """The five fields in which an officer is to know his way (一专多能)."""

    POLICY = "policy", _("产业政策")
    NEGOTIATION = "negotiation", _("招商谈判")
    PLANNING = "planning", _("规划运营")
    LAW = "law", _("法律法规")
    APPROVAL = "approval", _("审批办理")


@pghistory.track()
class Course(models.Model):
    """A course (课程) with what it earns; one without a grade is for everybody. `version` counts saved changes."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    title = models.CharField(_("课程"), max_length=80, unique=True)
    field = models.CharField(_("领域"), max_length=12, choices=TrainingField)
    grade = models.CharField(_("适用级别"), max_length=8, choices=Grade, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    credits = models.DecimalField(_("学分"), max_digits=4, decimal_places=1)
    summary = models.CharField(_("内容"), max_length=300, blank=True)
    is_open = models.BooleanField(_("开设"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("课程")
        verbose_name_plural = _("课程")
        ordering = ["field", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, credits__gte=0), name="course_hours_and_credits"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TrainingState(models.TextChoices):
    """Where a session stands (场次状态)."""

    PLANNED = "planned", _("已安排")
    CLOSED = "closed", _("已结课")
    CANCELLED = "cancelled", _("已取消")


@pghistory.track()
class TrainingSession(models.Model):
    """A course held once (培训场次): when, where, by whom, for how many. A room holds one session at a time."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name=_("课程"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    room = models.CharField(_("地点"), max_length=60)
    teacher = models.CharField(_("讲师"), max_length=60)
    seats = models.PositiveSmallIntegerField(_("名额"))
    state = models.CharField(_("状态"), max_length=10, choices=TrainingState, default=TrainingState.PLANNED)
    reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("培训场次")
        verbose_name_plural = _("培训场次")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="training_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(seats__gte=1, seats__lte=1000), name="training_seats"),
            once_at_a_time("one_session_in_a_room", "room", condition=~models.Q(state="cancelled")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="seats_hold_the_enrolled",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("seats"),
                func="""
                    IF (SELECT count(*) FROM staff_enrolment
                        WHERE session_id = NEW.id AND state = 'enrolled') > NEW.seats THEN
                        RAISE EXCEPTION 'more people are enrolled in session % than it would have seats', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_hold_the_enrolled';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


class EnrolmentState(models.TextChoices):
    """Whether somebody has a seat (报名状态)."""

    ENROLLED = "enrolled", _("已报名")
    WAITING = "waiting", _("候补")
    WITHDRAWN = "withdrawn", _("已退出")


@pghistory.track()
class Enrolment(models.Model):
    """A person in a session (报名), with a seat or waiting for one, first come first served; `attended` once the sheet says it."""

    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="enrolments", verbose_name=_("场次")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="enrolments", verbose_name=_("人员")
    )
    state = models.CharField(_("状态"), max_length=10, choices=EnrolmentState)
    since = models.DateTimeField(_("报名时间"), default=timezone.now)
    attended = models.BooleanField(_("到场"), null=True, blank=True)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_enrolment_a_session"),
            models.CheckConstraint(
                condition=models.Q(attended__isnull=True) | models.Q(state="enrolled"),
                name="only_the_enrolled_attend",
            ),
        ]
        triggers = [
            # The session's row is locked first, so that of two who take the last seat the second counts the first.
            pgtrigger.Trigger(
                name="never_more_than_seats",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="enrolled"),
                declare=[("places", "integer")],
                func="""
                    SELECT seats INTO places FROM staff_trainingsession WHERE id = NEW.session_id FOR UPDATE;
                    IF (SELECT count(*) FROM staff_enrolment
                        WHERE session_id = NEW.session_id AND state = 'enrolled' AND id <> NEW.id) >= places THEN
                        RAISE EXCEPTION 'session % is full', NEW.session_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'never_more_than_seats';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.session}"


@pghistory.track()
class TrainingCredit(models.Model):
    """What somebody earned by attending (学分): once a course and year, whatever the number of sessions."""

    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="training_credits", verbose_name=_("人员")
    )
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="awarded", verbose_name=_("场次")
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="awarded", verbose_name=_("课程"))
    field = models.CharField(_("领域"), max_length=12, choices=TrainingField)
    credits = models.DecimalField(_("学分"), max_digits=4, decimal_places=1)
    year = models.PositiveSmallIntegerField(_("年度"))
    earned_on = models.DateField(_("取得日期"))

    class Meta:
        verbose_name = _("学分")
        verbose_name_plural = _("学分")
        ordering = ["-earned_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "year"], name="credit_once_a_year")
        ]
        indexes = [models.Index(fields=["year", "field"], name="credit_year_field")]

    def __str__(self) -> str:
        return f"{self.person} {self.course} {self.credits}"


@pghistory.track()
class CreditRequirement(models.Model):
    """How many credits of a field a grade is to earn in a year (学分要求), from a day on; the latest one holds."""

    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    field = models.CharField(_("领域"), max_length=12, choices=TrainingField)
    credits = models.DecimalField(_("学分"), max_digits=4, decimal_places=1)
    holds_from = models.DateField(_("自"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("设定人")
    )

    class Meta:
        verbose_name = _("学分要求")
        verbose_name_plural = _("学分要求")
        ordering = ["grade", "field", "-holds_from"]
        constraints = [
            models.UniqueConstraint(fields=["grade", "field", "holds_from"], name="credit_requirement_once"),
            models.CheckConstraint(
                condition=models.Q(credits__gte=0, credits__lte=200), name="credit_requirement_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.field} {self.credits}"


@pghistory.track()
class TrainingPlanLine(models.Model):
    """What a person or a team is to learn by when (培训计划): a course, or anything of a field. Attendance fulfils it."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(
        "staff.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name=_("人员"),
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="plan_lines", verbose_name=_("团队")
    )
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="plan_lines", verbose_name=_("课程")
    )
    field = models.CharField(_("领域"), max_length=12, choices=TrainingField, blank=True)
    since = models.DateField(_("起"))
    due_on = models.DateField(_("期限"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    dropped_on = models.DateField(_("取消日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("培训计划")
        verbose_name_plural = _("培训计划")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, team__isnull=False)
                | models.Q(person__isnull=False, team__isnull=True),
                name="plan_line_for_one",
            ),
            models.CheckConstraint(
                condition=models.Q(course__isnull=True) ^ models.Q(field=""), name="plan_line_of_one"
            ),
            models.CheckConstraint(condition=models.Q(due_on__gte=models.F("since")), name="plan_line_days"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.team} {self.course or self.get_field_display()}"


explain_constraint("staff_course_title_key", _("已有同名课程，没有写入；请换一个名称。"))
explain_constraint("course_hours_and_credits", _("学时要大于 0，学分不能小于 0。"))
explain_constraint("training_ends_after_start", _("结束时间必须晚于开始时间。"))
explain_constraint("training_seats", _("名额要在 1 到 1000 之间。"))
explain_constraint("one_session_in_a_room", _("这个地点在这段时间已有另一场培训；请换地点或时间。"))
explain_constraint("seats_hold_the_enrolled", _("已报名的人多于新的名额；请先请人退出，或多留名额。"))
explain_constraint("never_more_than_seats", _("名额刚被占满，没有写入；请改为候补。"))
explain_constraint("one_enrolment_a_session", _("这个人刚报过这一场，没有重复写入。"))
explain_constraint("credit_once_a_year", _("这门课程的学分本年度已经记过。"))
explain_constraint("credit_requirement_once", _("这一级别和领域在这一天已有学分要求。"))
explain_constraint("credit_requirement_number", _("学分要在 0 到 200 之间。"))
explain_constraint("plan_line_for_one", _("请选择一个人，或一个团队。"))
explain_constraint("plan_line_of_one", _("请选择一门课程，或一个领域。"))
explain_constraint("plan_line_days", _("期限不能早于开始日期。"))
