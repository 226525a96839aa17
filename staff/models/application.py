"""Applications of a round (报名): the choices of posts, and what is said and shown for each requirement."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ApplicationState(models.TextChoices):
    """How an application stands (报名状态)."""

    DRAFT = "draft", _("未提交")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回补正")
    ELIGIBLE = "eligible", _("符合条件")
    INELIGIBLE = "ineligible", _("不符合条件")
    WITHDRAWN = "withdrawn", _("已撤回")


@pghistory.track()
class Application(models.Model):
    """One person's application in a round (报名). What was archived of a person before plays no part in it.

    `entered_by` typed it in from a form on paper, which is kept as `entry_paper`. `complaint` is what the applicant says against a refusal; a second person looks again and answers it.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    competition = models.ForeignKey(
        "staff.Competition", models.PROTECT, related_name="applications", verbose_name=_("竞聘")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="applications", verbose_name=_("报名人")
    )
    statement = models.TextField(_("竞聘陈述"), max_length=2000, blank=True)
    accepts_reassignment = models.BooleanField(_("服从调剂"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("代录人")
    )
    entry_paper = models.ForeignKey(
        "staff.StaffPaper", models.PROTECT, null=True, related_name="+", verbose_name=_("纸质报名表")
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    handled_at = models.DateTimeField(_("审核时间"), null=True)
    reason = models.CharField(_("审核意见"), max_length=300, blank=True)
    complaint = models.CharField(_("申诉"), max_length=500, blank=True)
    complained_at = models.DateTimeField(_("申诉时间"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    review_note = models.CharField(_("复核意见"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["competition", "person__pinyin", "id"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "person"], name="one_application_a_round"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["returned", "ineligible"]) | ~models.Q(reason=""),
                name="application_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("handled_by")),
                name="application_reviewed_by_second",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by=None, entry_paper=None)
                | models.Q(entered_by__isnull=False, entry_paper__isnull=False),
                name="application_entered_from_paper",
            ),
        ]
        triggers = [
            # The window is kept by the clock of the database, whichever web host is asked.
            pgtrigger.Trigger(
                name="within_window",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state="submitted"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM staff_competition
                        WHERE id = NEW.competition_id AND state = 'announced'
                        AND opens_at <= clock_timestamp() AND closes_at > clock_timestamp()
                    ) THEN
                        RAISE EXCEPTION 'the window of competition % is closed', NEW.competition_id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'application_within_window';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.competition}"


@pghistory.track()
class ApplicationChoice(models.Model):
    """A post that an applicant wants (志愿); `rank` 1 is wanted most."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="choices", verbose_name=_("报名")
    )
    post = models.ForeignKey(
        "staff.CompetitionPost", models.PROTECT, related_name="choices", verbose_name=_("竞聘岗位")
    )
    rank = models.PositiveSmallIntegerField(_("志愿顺序"))

    class Meta:
        verbose_name = _("志愿")
        verbose_name_plural = _("志愿")
        ordering = ["application", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "post"], name="application_choice_once"),
            models.UniqueConstraint(fields=["application", "rank"], name="application_choice_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.post}"


@pghistory.track()
class RequirementClaim(models.Model):
    """What an applicant says and shows for one requirement (条件举证), and what HR found.

    `text` is the requirement as it read when the application was written; `met` is empty until it was checked.
    """

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="claims", verbose_name=_("报名")
    )
    requirement = models.ForeignKey(
        "staff.GradeRequirement",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("任职条件"),
    )
    position = models.PositiveSmallIntegerField(_("排序"))
    text = models.CharField(_("条件"), max_length=200)
    words = models.TextField(_("说明"), max_length=500, blank=True)
    papers: "models.ManyToManyField[models.Model, models.Model]" = models.ManyToManyField(
        "staff.StaffPaper", related_name="claims", blank=True, verbose_name=_("佐证材料")
    )
    met = models.BooleanField(_("符合"), null=True)
    note = models.CharField(_("核验意见"), max_length=200, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("核验人")
    )

    class Meta:
        verbose_name = _("条件举证")
        verbose_name_plural = _("条件举证")
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "text"], name="claim_once"),
            models.CheckConstraint(
                condition=models.Q(met=None) | models.Q(met=True) | ~models.Q(note=""),
                name="claim_refused_with_sentence",
            ),
        ]

    def __str__(self) -> str:
        return self.text


explain_constraint("one_application_a_round", _("您在这次竞聘中已有一份报名；请打开它继续填写。"))
explain_constraint("application_within_window", _("现在不在报名时间内，没有提交；填写的内容仍保存着。"))
explain_constraint("application_refused_with_reason", _("退回补正或不符合条件，请写明理由。"))
explain_constraint("application_reviewed_by_second", _("复核由另一位办理：初审人不能复核自己的决定。"))
explain_constraint("application_entered_from_paper", _("代录的报名要附纸质报名表的扫描件。"))
explain_constraint("application_choice_once", _("同一个岗位只能填一次志愿。"))
explain_constraint("claim_refused_with_sentence", _("核验为不符合的条件，请写明一句原因。"))
