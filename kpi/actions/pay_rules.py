"""Scales and rules of pay: drafted by HR, released by a second person, never changed after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.pay import can_confirm_pay, can_keep_pay, pay_rules_visible_to, pay_scales_visible_to
from kpi.actions.release import locked_draft, refuse, release, titled
from kpi.models import DayBasis, PayMethod, PayRule, PayScale, PayScaleLine
from kpi.pay.scale import HUNDRED, keeps_two_thirds
from kpi.pay.table import Fault, Point, faults
from promotion.action import action, record
from promotion.errors import NotAllowed
from staff.models import AbsenceKind, Account, Grade

ZERO, MOST = Decimal(0), Decimal(1_000_000)
MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """A grade's pay a month, in 元, with the reason when less than two thirds depends on performance."""

    grade: str
    base: Decimal
    performance: Decimal
    exception: str = ""


@dataclass(frozen=True, slots=True)
class PayTerms:
    """How a score becomes performance pay."""

    title: str
    holds_from: int
    method: str
    points: tuple[tuple[Decimal, Decimal], ...]
    advance_percent: Decimal
    day_basis: str = "calendar"
    deducts: tuple[str, ...] = ()
    assumptions: str = ""


@action("pay-scale.draft", gettext_lazy("起草薪酬标准"))
def draft_pay_scale(
    *,
    actor: Account,
    title: str,
    holds_from: date,
    rows: Sequence[ScaleRow],
    assumptions: str = "",
    scale: PayScale | None = None,
) -> PayScale:
    """Write a draft of a scale, or a waiting draft anew. Raises NotAllowed, Conflict, Refused naming each input.

    Less than two thirds by performance is refused unless the row says why.
    """
    if not can_keep_pay(actor):
        raise NotAllowed(_("薪酬标准由人事起草。"))
    found = locked_draft(pay_scales_visible_to(actor), scale) if scale else PayScale(drafted_by=actor)
    found.title = _checked_scale(title, holds_from, rows)
    found.holds_from, found.assumptions, found.drafted_by = holds_from, assumptions.strip(), actor
    found.save()
    found.lines.all().delete()
    PayScaleLine.objects.bulk_create(
        PayScaleLine(
            scale=found,
            grade=row.grade,
            base=row.base,
            performance=row.performance,
            exception=row.exception.strip(),
        )
        for row in rows
    )
    record(actor=actor, verb="pay-scale.draft", target=found, detail={"holds_from": str(holds_from)})
    return found


def _checked_scale(title: str, holds_from: date, rows: Sequence[ScaleRow]) -> str:
    fields: dict[str, str] = {}
    title = titled(title, fields)
    if holds_from.day != 1:
        fields["holds_from"] = _("薪酬标准从某月 1 日起执行。")
    if [row.grade for row in rows] != list(Grade.values):
        fields["rows"] = _("三个级别都要写，各一行。")
    for row in rows:
        if not ZERO < row.base <= MOST:
            fields[f"{row.grade}_base"] = _("请写大于零、不超过一百万的金额。")
        if not ZERO <= row.performance <= MOST:
            fields[f"{row.grade}_performance"] = _("请写零以上、不超过一百万的金额。")
        if not keeps_two_thirds(row.base, row.performance) and not row.exception.strip():
            fields[f"{row.grade}_performance"] = _(
                "考核薪酬不足三分之二：底薪 %(base)s 元时至少 %(least)s 元；确需例外，请写理由。"
            ) % {"base": row.base, "least": row.base * 2}
    refuse(fields)
    return title


@action("pay-scale.drop", gettext_lazy("删除薪酬标准草稿"))
def drop_pay_scale(*, actor: Account, scale: PayScale) -> None:
    """Throw a draft away."""
    if not can_keep_pay(actor):
        raise NotAllowed(_("薪酬标准由人事起草。"))
    found = locked_draft(pay_scales_visible_to(actor), scale)
    record(actor=actor, verb="pay-scale.drop", target=found)
    found.delete()


@action("pay-scale.release", gettext_lazy("发布薪酬标准"))
def release_pay_scale(*, actor: Account, scale: PayScale) -> PayScale:
    """Release a scale that somebody else drafted. Raises NotAllowed, NotFound, Conflict, Refused for one's own."""
    if not can_confirm_pay(actor):
        raise NotAllowed(_("薪酬标准由分管领导或另一位人事发布。"))
    found = locked_draft(pay_scales_visible_to(actor), scale)
    release(actor, found)
    record(actor=actor, verb="pay-scale.release", target=found, detail={"holds_from": str(found.holds_from)})
    return found


@action("pay-rule.draft", gettext_lazy("起草考核薪酬办法"))
def draft_pay_rule(*, actor: Account, terms: PayTerms, rule: PayRule | None = None) -> PayRule:
    """Write a draft of a rule, or a waiting draft anew. Raises NotAllowed, Conflict, Refused naming each input."""
    if not can_keep_pay(actor):
        raise NotAllowed(_("考核薪酬办法由人事起草。"))
    found = locked_draft(pay_rules_visible_to(actor), rule) if rule else PayRule(drafted_by=actor)
    found.title, found.drafted_by = _checked_rule(terms), actor
    found.points = [[str(score), str(factor)] for score, factor in terms.points]
    for name in ("holds_from", "method", "advance_percent", "day_basis", "assumptions"):
        setattr(found, name, getattr(terms, name))
    found.deducts = list(terms.deducts)
    found.save()
    record(actor=actor, verb="pay-rule.draft", target=found, detail=_said(found))
    return found


def _checked_rule(terms: PayTerms) -> str:
    fields: dict[str, str] = {}
    title = titled(terms.title, fields)
    words = {
        Fault.FEW: _("至少写两个点，例如 0 分和 100 分。"),
        Fault.ORDER: _("分数要从低到高，不能重复。"),
        Fault.FALLS: _("系数不能为负，也不能随分数下降。"),
        Fault.NO_TARGET: _("最高一点的系数至少为 1，否则没有人拿得到全部考核薪酬。"),
    }
    wrong = faults([Point(score, factor) for score, factor in terms.points])
    if wrong:
        fields["points"] = "".join(words[each] for each in wrong)
    elif len(terms.points) > MOST_POINTS:
        fields["points"] = _("最多 %(most)s 个点。") % {"most": MOST_POINTS}
    if not ZERO <= terms.advance_percent <= HUNDRED:
        fields["advance_percent"] = _("请写 0 到 100 之间的数。")
    if terms.method not in PayMethod.values:
        fields["method"] = _("请选择取值方法。")
    if terms.day_basis not in DayBasis.values:
        fields["day_basis"] = _("请选择折算天数。")
    if not set(terms.deducts) <= set(AbsenceKind.values):
        fields["deducts"] = _("请从列出的离岗事由中选择。")
    refuse(fields)
    return title


@action("pay-rule.drop", gettext_lazy("删除考核薪酬办法草稿"))
def drop_pay_rule(*, actor: Account, rule: PayRule) -> None:
    """Throw a draft away."""
    if not can_keep_pay(actor):
        raise NotAllowed(_("考核薪酬办法由人事起草。"))
    found = locked_draft(pay_rules_visible_to(actor), rule)
    record(actor=actor, verb="pay-rule.drop", target=found)
    found.delete()


@action("pay-rule.release", gettext_lazy("发布考核薪酬办法"))
def release_pay_rule(*, actor: Account, rule: PayRule) -> PayRule:
    """Release a rule that somebody else drafted. Raises NotAllowed, NotFound, Conflict, Refused for one's own."""
    if not can_confirm_pay(actor):
        raise NotAllowed(_("考核薪酬办法由分管领导或另一位人事发布。"))
    found = locked_draft(pay_rules_visible_to(actor), rule)
    release(actor, found)
    record(actor=actor, verb="pay-rule.release", target=found, detail=_said(found))
    return found


def _said(rule: PayRule) -> dict[str, object]:
    return {
        "holds_from": rule.holds_from,
        "method": rule.method,
        "points": rule.points,
        "advance": str(rule.advance_percent),
    }
