"""Objections to a published result (考核异议), line by line, with evidence; what was decided, and what was done about it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from kpi.models.publicity import WITHIN, YEAR_OF_PUBLICITY
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ObjectionState(models.TextChoices):
    OPEN = "open", _("待处理")
    UPHELD = "upheld", _("采纳")
    PARTLY = "partly", _("部分采纳")
    REJECTED = "rejected", _("不予采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


#: The decisions there are; of the first two something follows.
GRANTED = (ObjectionState.UPHELD, ObjectionState.PARTLY)
DECIDED = (*GRANTED, ObjectionState.REJECTED)
OUTCOMES = [(state.value, state.label) for state in DECIDED]


class RemedyKind(models.TextChoices):
    """By which ordinary action a result was corrected (更正方式)."""

    ACHIEVEMENT = "achievement", _("认定、更正或冲销业绩")
    SHARES = "shares", _("重新核定份额")
    INPUT = "input", _("考评录入")
    TARGET = "target", _("调整目标任务")
    OTHER = "other", _("其他")


@pghistory.track()
class ScoreObjection(models.Model):
    """What a person, or a leader for the team, objects to in a published result (考核异议).

    `indicator` is the code of the item (empty: the result as a whole), `title` its name on that day; `achievement` a fact that counts
    wrongly or not at all. `decision` is the reason of the decision. `remedy` says what was done about it, by which kind of
    ordinary action, with the fact or the input where there is one.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    publicity = models.ForeignKey(
        "kpi.Publicity", models.PROTECT, related_name="objections", verbose_name=_("考核公示")
    )
    standing = models.ForeignKey(
        "kpi.Standing", models.PROTECT, related_name="objections", verbose_name=_("考核结果")
    )
    indicator = models.CharField(_("指标"), max_length=40, blank=True)
    title = models.CharField(_("指标名称"), max_length=60, blank=True)
    achievement = models.ForeignKey(
        "projects.Achievement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="score_objections",
        verbose_name=_("涉及业绩"),
    )
    text = models.CharField(_("异议"), max_length=500)
    asked = models.CharField(_("请求"), max_length=300)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    state = models.CharField(_("状态"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    decision = models.CharField(_("处理意见"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    remedy_kind = models.CharField(_("更正方式"), max_length=12, choices=RemedyKind, blank=True)
    remedy = models.CharField(_("更正情况"), max_length=300, blank=True)
    remedy_achievement = models.ForeignKey(
        "projects.Achievement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("更正的业绩"),
    )
    remedy_input = models.ForeignKey(
        "kpi.AssessmentInput",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("更正的录入"),
    )
    remedied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("更正登记人"),
    )
    remedied_at = models.DateTimeField(_("更正登记时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("考核异议")
        verbose_name_plural = _("考核异议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "standing", "indicator", "achievement"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="one_open_objection_a_line",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn"), decided_by=None, decision="")
                | (
                    Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")
                ),
                name="objection_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("raised_by")),
                name="objection_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(remedied_at=None, remedy="", remedy_kind="")
                | (Q(remedied_at__isnull=False, state__in=GRANTED) & ~Q(remedy="") & ~Q(remedy_kind="")),
                name="remedy_of_granted_objection",
            ),
        ]
        triggers = [
            # The lock lets nobody draw the final list between the question and the row.
            pgtrigger.Trigger(
                name="within_window",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                    PERFORM 1 FROM kpi_publicity WHERE id = NEW.publicity_id AND {WITHIN} FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'publicity % is not open', NEW.publicity_id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'objected_within_window';
                    END IF;
                    RETURN NEW;
                """,
            ),
            *locked_when_closed(YEAR_OF_PUBLICITY),
        ]

    def __str__(self) -> str:
        return f"{self.standing.subject_name} {self.title or _('整个结果')}"

    @property
    def tone(self) -> str:
        """In which tone its state is shown."""
        return {"open": "attention", "upheld": "done", "partly": "done"}.get(self.state, "plain")

    @property
    def is_granted(self) -> bool:
        """Whether something follows from it."""
        return self.state in GRANTED


@pghistory.track()
class ObjectionPaper(models.Model):
    """A file that an objection is proved by (异议材料)."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    objection = models.ForeignKey(
        ScoreObjection, models.PROTECT, related_name="papers", verbose_name=_("考核异议")
    )
    title = models.CharField(_("文件名"), max_length=160)
    file = models.FileField(_("文件"), upload_to="objections/%Y/%m/")
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("异议材料")
        verbose_name_plural = _("异议材料")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


explain_constraint(
    "one_open_objection_a_line", _("对这一项已有一条没有处理的异议；请补充在那一条里，或先撤回它。")
)
explain_constraint("objection_decided_with_reason", _("处理异议要写明理由。"))
explain_constraint("objection_decided_by_another", _("异议由提出人以外的人处理。"))
explain_constraint("remedy_of_granted_objection", _("只有采纳或部分采纳的异议才登记更正，并写明做了什么。"))
explain_constraint("objected_within_window", _("公示期已过或还没有开始，不能提出异议。"))
