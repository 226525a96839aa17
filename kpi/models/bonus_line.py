"""What is due of a team bonus and what was paid (发放): lines that are only added, and payments by HR."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.bonus import TeamBonus
from kpi.models.bonus_plan import BonusPart
from promotion.action import explain_constraint
from promotion.identifiers import public_id

# What is posted of a part is the part or nothing, and of a bonus never more than its pool.
LINES_BALANCE = pgtrigger.Trigger(
    name="lines_balance",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("broken", "bigint")],
    func="""
        SELECT t.id INTO broken FROM kpi_bonuspart t WHERE t.id = NEW.part_id
            AND (SELECT sum(l.amount) FROM kpi_bonusline l WHERE l.part_id = t.id) NOT IN (0, t.amount);
        IF broken IS NULL THEN
            SELECT b.id INTO broken FROM kpi_teambonus b JOIN kpi_bonusphase f ON f.bonus_id = b.id
             WHERE f.id = (SELECT t.phase_id FROM kpi_bonuspart t WHERE t.id = NEW.part_id)
               AND b.pool < (SELECT sum(l.amount) FROM kpi_bonusline l JOIN kpi_bonuspart t ON t.id = l.part_id
                               JOIN kpi_bonusphase g ON g.id = t.phase_id WHERE g.bonus_id = b.id);
        END IF;
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'what is posted of part % is neither it nor nothing', broken
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bonus_lines_balance';
        END IF;
        RETURN NULL;
    """,
)
# A line is written once; the only thing that is added later is the payment it went out with.
LINE_IS_KEPT = pgtrigger.Trigger(
    name="line_is_kept",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP = 'DELETE' OR OLD.payout_id IS NOT NULL
            OR ROW(NEW.part_id, NEW.amount, NEW.due_on, NEW.reason, NEW.reverses_id, NEW.posted_at)
               IS DISTINCT FROM ROW(OLD.part_id, OLD.amount, OLD.due_on, OLD.reason, OLD.reverses_id, OLD.posted_at)
        THEN
            RAISE EXCEPTION 'a line of a bonus is never changed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bonus_line_is_kept';
        END IF;
        RETURN NEW;
    """,
)


class BonusPayout(models.Model):
    """A payment by HR (发放批次): every line of a bonus that was due and unpaid goes out with it; `total` may be negative."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    bonus = models.ForeignKey(TeamBonus, models.PROTECT, related_name="payouts", verbose_name=_("奖励"))
    paid_on = models.DateField(_("发放日期"))
    total = models.DecimalField(_("合计（元）"), max_digits=18, decimal_places=2)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = _("发放批次")
        verbose_name_plural = _("发放批次")
        ordering = ["-paid_on", "-id"]

    def __str__(self) -> str:
        return f"{self.bonus} {self.paid_on}"


class BonusLine(models.Model):
    """A line of what is due (发放明细), never changed: a part when its milestone is recognised, its opposite when that is reversed."""

    part = models.ForeignKey(BonusPart, models.PROTECT, related_name="lines", verbose_name=_("分阶段金额"))
    amount = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)
    due_on = models.DateField(_("应发日期"))
    reason = models.CharField(_("事由"), max_length=300)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("冲回")
    )
    payout = models.ForeignKey(
        BonusPayout, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("发放批次")
    )
    posted_at = models.DateTimeField(_("入账时间"), default=timezone.now)

    class Meta:
        verbose_name = _("发放明细")
        verbose_name_plural = _("发放明细")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, amount__gt=0)
                | models.Q(reverses__isnull=False, amount__lt=0),
                name="bonus_line_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["part"], name="bonus_line_part"),
            models.Index(
                fields=["payout"], condition=models.Q(payout__isnull=True), name="bonus_line_unpaid"
            ),
        ]
        triggers = [LINES_BALANCE, LINE_IS_KEPT]

    def __str__(self) -> str:
        return f"{self.part_id} {self.amount}"


explain_constraint("bonus_lines_balance", _("刚刚有人入账或冲回了同一笔；请刷新页面。"))
explain_constraint("bonus_line_is_kept", _("发放明细不能改写；更正以冲回办理。"))
