"""How a team bonus is distributed (分配方案): versions of the plan, each member's share with the answer, and its parts by phase."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.bonus import BonusPhase, TeamBonus
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class PlanState(models.TextChoices):
    """How far a plan of distribution is; an approved one stays so when a later one takes over what is still to come."""

    OPEN = "open", _("征求确认")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    CHANGED = "changed", _("已改")
    RETURNED = "returned", _("被退回")


class ShareAnswer(models.TextChoices):
    """What a member says of the plan."""

    WAITING = "waiting", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    OBJECTED = "objected", _("有异议")


# A plan is whole: its percentages total 100, its amounts what it divides, the parts of each share the share; and whoever
# approved it has no share. Asked when the transaction commits, for plans with shares.
PLAN_WHOLE = """
    SELECT p.id INTO broken FROM kpi_bonusplan p WHERE p.id = {plan} AND (
        (SELECT sum(s.percent) FROM kpi_bonusshare s WHERE s.plan_id = p.id) IS DISTINCT FROM 100
        OR (SELECT sum(s.amount) FROM kpi_bonusshare s WHERE s.plan_id = p.id) IS DISTINCT FROM p.whole
        OR EXISTS (
            SELECT FROM kpi_bonusshare s WHERE s.plan_id = p.id AND s.amount IS DISTINCT FROM
                (SELECT sum(t.amount) FROM kpi_bonuspart t WHERE t.share_id = s.id))
        OR EXISTS (
            SELECT FROM kpi_bonusshare s JOIN staff_account a ON a.person_id = s.person_id
            WHERE s.plan_id = p.id AND a.id = p.decided_by_id AND p.state = 'approved'));
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'plan % does not divide the whole', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bonus_plan_whole';
    END IF;
    RETURN NULL;
"""


def _plan_whole(plan: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="plan_whole",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("broken", "bigint")],
        func=PLAN_WHOLE.format(plan=plan),
    )


@pghistory.track()
class BonusPlan(models.Model):
    """A version of the distribution (分配方案). `whole` is what it divides: the pool, or what later phases have left of it."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    bonus = models.ForeignKey(TeamBonus, models.PROTECT, related_name="plans", verbose_name=_("奖励"))
    number = models.PositiveSmallIntegerField(_("第几版"))
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.OPEN)
    whole = models.DecimalField(_("分配总额（元）"), max_digits=18, decimal_places=2)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    decision_note = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("分配方案")
        verbose_name_plural = _("分配方案")
        ordering = ["bonus", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["bonus", "number"], name="one_bonus_plan_a_number"),
            models.UniqueConstraint(
                fields=["bonus"],
                condition=models.Q(state__in=("open", "submitted")),
                name="one_bonus_plan_in_course",
            ),
            models.CheckConstraint(condition=models.Q(whole__gt=0), name="bonus_plan_divides_something"),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(decided_by__isnull=False, approved_on__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
                name="second_person_approves_bonus",
            ),
        ]
        triggers = [_plan_whole("coalesce(NEW.id, OLD.id)")]

    def __str__(self) -> str:
        return f"{self.bonus} V{self.number}"


@pghistory.track()
class BonusShare(models.Model):
    """A member's part of a plan (分配份额), and what the member says of it. `answered_by` is HR where the member has left."""

    plan = models.ForeignKey(BonusPlan, models.PROTECT, related_name="shares", verbose_name=_("分配方案"))
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="bonus_shares", verbose_name=_("人员")
    )
    percent = models.DecimalField(_("比例（%）"), max_digits=5, decimal_places=2)
    amount = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)
    answer = models.CharField(_("确认"), max_length=10, choices=ShareAnswer, default=ShareAnswer.WAITING)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    objection = models.CharField(_("异议"), max_length=300, blank=True)
    reply = models.CharField(_("对异议的答复"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("分配份额")
        verbose_name_plural = _("分配份额")
        ordering = ["plan", "-percent", "person"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_bonus_share_a_person"),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100, amount__gte=0),
                name="bonus_share_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="waiting")
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
                name="bonus_answer_says_who",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="objected") | ~models.Q(objection=""),
                name="bonus_objection_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "answer"], name="bonus_share_person")]
        triggers = [_plan_whole("coalesce(NEW.plan_id, OLD.plan_id)")]

    def __str__(self) -> str:
        return f"{self.person} {self.percent}%"


@pghistory.track()
class BonusPart(models.Model):
    """What a member gets in a phase (分阶段金额), fixed with the plan."""

    share = models.ForeignKey(BonusShare, models.PROTECT, related_name="parts", verbose_name=_("份额"))
    phase = models.ForeignKey(BonusPhase, models.PROTECT, related_name="parts", verbose_name=_("阶段"))
    amount = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("分阶段金额")
        verbose_name_plural = _("分阶段金额")
        ordering = ["share", "phase"]
        constraints = [
            models.UniqueConstraint(fields=["share", "phase"], name="one_bonus_part_a_phase"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="bonus_part_not_negative"),
        ]
        triggers = [
            _plan_whole(
                "(SELECT s.plan_id FROM kpi_bonusshare s WHERE s.id = coalesce(NEW.share_id, OLD.share_id))"
            )
        ]

    def __str__(self) -> str:
        return f"{self.share_id} {self.phase_id} {self.amount}"


explain_constraint("one_bonus_plan_in_course", _("刚刚有人提出了另一份分配方案；请刷新页面。"))
explain_constraint("one_bonus_plan_a_number", _("刚刚有人提出了另一份分配方案；请刷新页面。"))
explain_constraint("second_person_approves_bonus", _("提出方案的人不能批准它；请由另一位分管领导审批。"))
explain_constraint("one_bonus_share_a_person", _("同一个人在方案里只能有一行。"))
explain_constraint(
    "bonus_plan_whole", _("方案没有保存：比例合计必须正好 100%，金额合计必须正好等于奖励总额。")
)
