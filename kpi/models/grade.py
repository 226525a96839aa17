"""Grades of the next year: the thresholds, the round of a year, and what was proposed and decided for each person."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from kpi.models.released import Released, locked_once, locked_with, second_person
from kpi.pay.grades import Measure, Thresholds, movement
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models import Grade


class GradeMeasure(models.TextChoices):
    """What the thresholds are compared with (评定依据)."""

    SCORE = Measure.SCORE.value, _("总分不低于")
    PLACE = Measure.PLACE.value, _("名次在前百分之")


@pghistory.track()
class GradeRule(Released):
    """By which result a grade is proposed (职级评定办法), for the years from `holds_from` on."""

    holds_from = models.PositiveSmallIntegerField(_("适用年度起"))
    measure = models.CharField(_("评定依据"), max_length=5, choices=GradeMeasure)
    senior_at = models.DecimalField(_("高级"), max_digits=7, decimal_places=2)
    first_at = models.DecimalField(_("一级"), max_digits=7, decimal_places=2)
    most_up = models.PositiveSmallIntegerField(_("一年最多晋升（级）"), default=1)
    most_down = models.PositiveSmallIntegerField(_("一年最多降低（级）"), default=1)
    needs_gates = models.BooleanField(_("一票否决的不晋级"), default=True)

    class Meta:
        verbose_name = _("职级评定办法")
        verbose_name_plural = _("职级评定办法")
        ordering = ["-holds_from", "-id"]
        constraints = [
            second_person("second_person_releases_grades", "drafted_by", "released_by"),
            models.CheckConstraint(
                condition=models.Q(measure="score", senior_at__gt=models.F("first_at"))
                | models.Q(measure="place", senior_at__lt=models.F("first_at"), first_at__lte=100),
                name="senior_asks_for_more",
            ),
            models.CheckConstraint(
                condition=models.Q(most_up__lte=2, most_down__lte=2, senior_at__gte=0, first_at__gte=0),
                name="grade_steps_within_the_ladder",
            ),
        ]
        triggers = [locked_once("released_grades_stay", "OLD.state = 'released'")]

    @property
    def thresholds(self) -> Thresholds:
        """The rule as the arithmetic reads it."""
        return Thresholds(
            Measure(self.measure),
            self.senior_at,
            self.first_at,
            self.most_up,
            self.most_down,
            self.needs_gates,
        )


class GradeRoundState(models.TextChoices):
    DRAFT = "draft", _("拟定")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    APPLIED = "applied", _("已执行")


@pghistory.track()
class GradeRound(models.Model):
    """The grades that follow from a year (职级评定): proposed by its run, decided by people, carried out on one day."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="+", verbose_name=_("批次"))
    rule = models.ForeignKey(GradeRule, models.PROTECT, related_name="rounds", verbose_name=_("办法"))
    applies_on = models.DateField(_("执行日"))
    state = models.CharField(_("状态"), max_length=9, choices=GradeRoundState, default=GradeRoundState.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟定人")
    )
    opened_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("执行人")
    )
    applied_at = models.DateTimeField(_("执行时间"), null=True)

    class Meta:
        verbose_name = _("职级评定")
        verbose_name_plural = _("职级评定")
        ordering = ["-year"]
        constraints = [
            second_person("second_person_approves_grades", "submitted_by", "approved_by"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "applied")) | models.Q(approved_by__isnull=False),
                name="grades_approved_by_somebody",
            ),
        ]
        triggers = [locked_once("applied_grades_stay", "OLD.state = 'applied'"), *locked_when_closed()]

    def __str__(self) -> str:
        return str(_("%(year)s 年职级评定") % {"year": self.year})


@pghistory.track()
class GradeProposal(models.Model):
    """One person's grade for the next year (职级建议): present, proposed with its figures, decided with a reason when it departs."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    round = models.ForeignKey(
        GradeRound, models.PROTECT, related_name="proposals", verbose_name=_("职级评定")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="grade_proposals", verbose_name=_("人员")
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+", verbose_name=_("团队"))
    standing = models.ForeignKey(
        "kpi.Standing", models.PROTECT, null=True, related_name="+", verbose_name=_("考核结果")
    )
    present = models.CharField(_("现级别"), max_length=8, choices=Grade)
    proposed = models.CharField(_("建议级别"), max_length=8, choices=Grade)
    basis = models.CharField(_("依据"), max_length=300)
    decided = models.CharField(_("拟定级别"), max_length=8, choices=Grade)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )

    class Meta:
        verbose_name = _("职级建议")
        verbose_name_plural = _("职级建议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="one_grade_proposal"),
            models.CheckConstraint(
                condition=models.Q(decided=models.F("proposed")) | ~models.Q(reason=""),
                name="departing_grade_has_a_reason",
            ),
        ]
        triggers = [
            locked_with("approved_grades_stay", "kpi_graderound", "round_id", ("approved", "applied")),
            *locked_when_closed("SELECT g.year FROM changed c JOIN kpi_graderound g ON g.id = c.round_id"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_present_display()}→{self.get_decided_display()}"

    @property
    def steps(self) -> int:
        """By how many grades the person rises by the decision."""
        return movement(self.present, self.decided)

    @property
    def departs(self) -> bool:
        """Whether people decided otherwise than proposed."""
        return self.decided != self.proposed


explain_constraint("departing_grade_has_a_reason", _("与建议不同时必须写明理由。"))
explain_constraint("one_grade_proposal", _("这个人在这一轮已有职级建议。"))
explain_constraint("kpi_graderound_year_key", _("这一年的职级评定已经开始，请刷新页面。"))
explain_constraint("senior_asks_for_more", _("高级的要求必须高于一级：按分数应更高，按名次应更靠前。"))
explain_constraint("grade_steps_within_the_ladder", _("一年最多升降两级，要求不能为负。"))
explain_constraint("grades_approved_by_somebody", _("未经审批的职级评定不能执行。"))
