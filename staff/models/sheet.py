"""Score sheets (评分表): what a judge gives a candidate, blind to the other judges until the session is closed."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint

# A closed session takes no score any more, whoever writes and however late he began. The share lock waits for a closing that
# runs, and a closing waits for a score that is being saved.
_OPEN_SESSION = """
    IF (
        SELECT session.state FROM staff_interviewsession session
        WHERE session.id = (SELECT interview.session_id FROM staff_interview interview WHERE interview.id = {interview})
        FOR SHARE
    ) IS DISTINCT FROM 'planned' THEN
        RAISE EXCEPTION 'the session is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'session_takes_scores';
    END IF;
"""
_INTERVIEW = "(SELECT sheet.interview_id FROM staff_scoresheet sheet WHERE sheet.id = {row}.sheet_id)"


class SheetState(models.TextChoices):
    """How a sheet stands (评分表状态)."""

    OPEN = "open", _("评分中")
    SUBMITTED = "submitted", _("已提交")
    ABSENT = "absent", _("未评分")


@pghistory.track()
class ScoreSheet(models.Model):
    """One judge's sheet for one candidate (评分表). `absent` says, with a reason, that this judge gives no score.

    A sheet written on paper is typed in by one person and checked by another against the scan, `paper`.
    """

    interview = models.ForeignKey(
        "staff.Interview", models.PROTECT, related_name="sheets", verbose_name=_("面试")
    )
    panelist = models.ForeignKey(
        "staff.Panelist", models.PROTECT, related_name="sheets", verbose_name=_("考核组成员")
    )
    state = models.CharField(_("状态"), max_length=10, choices=SheetState, default=SheetState.OPEN)
    remark = models.CharField(_("评语"), max_length=500, blank=True)
    reason = models.CharField(_("未评分理由"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("代录人")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("核对人")
    )
    paper = models.ForeignKey(
        "staff.StaffPaper", models.PROTECT, null=True, related_name="+", verbose_name=_("纸质评分表")
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("评分表")
        verbose_name_plural = _("评分表")
        ordering = ["interview", "panelist"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "panelist"], name="one_sheet_a_judge"),
            models.CheckConstraint(
                condition=~models.Q(state="absent") | ~models.Q(reason=""), name="sheet_absent_with_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by=None, checked_by=None)
                | models.Q(entered_by__isnull=False, checked_by__isnull=False, paper__isnull=False)
                & ~models.Q(entered_by=models.F("checked_by")),
                name="sheet_typed_by_two",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sheet_of_open_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_OPEN_SESSION.format(interview="NEW.interview_id") + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="sheet_stays",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_OPEN_SESSION.format(interview="OLD.interview_id") + "RETURN OLD;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} {self.interview}"


@pghistory.track()
class Score(models.Model):
    """The points for one criterion (评分), from 0 to 100."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores", verbose_name=_("评分表"))
    criterion = models.ForeignKey(
        "staff.CompetitionCriterion", models.PROTECT, related_name="scores", verbose_name=_("评分标准")
    )
    points = models.DecimalField(_("得分"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        ordering = ["sheet", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(
                condition=models.Q(points__gte=0, points__lte=100), name="score_within_hundred"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="score_of_open_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_OPEN_SESSION.format(interview=_INTERVIEW.format(row="NEW")) + "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="score_stays",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_OPEN_SESSION.format(interview=_INTERVIEW.format(row="OLD")) + "RETURN OLD;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}"


class SheetSave(models.Model):
    """A save that arrived (评分暂存), by the key that the browser gave it: sent again, it changes nothing."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="saves", verbose_name=_("评分表"))
    key = models.CharField(_("幂等键"), max_length=64)
    version = models.PositiveIntegerField(_("版本"))

    class Meta:
        verbose_name = _("评分暂存")
        verbose_name_plural = _("评分暂存")
        constraints = [models.UniqueConstraint(fields=["sheet", "key"], name="sheet_save_once")]

    def __str__(self) -> str:
        return self.key


explain_constraint("session_takes_scores", _("这场面试已经封场，评分不能再写入或修改。"))
explain_constraint("sheet_typed_by_two", _("代录的评分要有扫描件，并由另一位核对。"))
explain_constraint("score_within_hundred", _("得分在 0 到 100 之间。"))
explain_constraint("sheet_absent_with_reason", _("不评分要写明理由。"))
