"""Keeping the standards of the team bonus (奖励标准): they begin and end on a day and are never changed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.bonus import can_set_bonus_rates
from kpi.bonus_arithmetic import STEP, WHOLE
from kpi.bonus_defaults import NOTE, PHASES, RATES
from kpi.models import BonusMeasure, BonusRate, BonusRatePhase
from projects.actions.review_parts import fitting, words
from projects.key_thresholds import CLASSES
from projects.models import MILESTONE_KINDS
from projects.queries.gates import holding
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

LONGEST_NOTE = 200
Phases = Sequence[tuple[str, Decimal]]


@action("bonus-rate.settle", gettext_lazy("设定团队奖励标准"))
def settle_bonus_rate(
    *,
    actor: Account,
    project_class: str,
    measure: str,
    phases: Phases,
    holds_from: date,
    amount: Decimal | None = None,
    per_mille: Decimal | None = None,
    cap: Decimal | None = None,
    note: str = "",
) -> BonusRate:
    """From the day on a bonus of the class is so large and paid in these phases (milestone, per cent; together exactly 100).

    The standard that holds on that day ends there; a past day may be given, bonuses keep the one they were opened by. Raises
    Refused for amounts or phases that cannot be, Conflict when a later standard of the class is there already.
    """
    _permit(actor)
    _check(project_class, measure, amount, per_mille, cap)
    checked_phases(phases)
    held = BonusRate.objects.select_for_update().filter(
        holding(holds_from), project_class=project_class, holds_from__lt=holds_from
    )
    held.update(holds_until=holds_from)
    fixed = measure == BonusMeasure.FIXED
    rate = _written(
        actor,
        phases,
        project_class=project_class,
        measure=measure,
        amount=amount if fixed else None,
        per_mille=None if fixed else per_mille,
        cap=None if fixed else cap,
        holds_from=holds_from,
        note=fitting(note, "note", longest=LONGEST_NOTE),
    )
    record(actor=actor, verb="bonus-rate.settle", target=rate, reason=rate.note, detail=_detail(rate, phases))
    return rate


@action("bonus-rate.end", gettext_lazy("停用团队奖励标准"))
def end_bonus_rate(*, actor: Account, rate: BonusRate, on: date, reason: str) -> BonusRate:
    """Let a standard hold no more from the day on, with the reason; bonuses that were opened by it go on."""
    _permit(actor)
    row = BonusRate.objects.select_for_update().filter(pk=rate.pk, holds_until=None).first()
    if row is None:
        raise NotFound(_("没有这条正在使用的标准，可能已经停用。"))
    reason = words(reason, "reason", _("请写明停用的理由。"))
    if on < row.holds_from:
        sentence = _("停用日期不能早于生效日 %(day)s。") % {"day": row.holds_from}
        raise Refused(sentence, fields={"on": sentence})
    row.holds_until = on
    row.save(update_fields=["holds_until"])
    record(actor=actor, verb="bonus-rate.end", target=row, reason=reason, detail={"until": str(on)})
    return row


@action("bonus-rate.adopt", gettext_lazy("采用建议的团队奖励标准"))
def adopt_bonus_rates(*, actor: Account, holds_from: date | None = None) -> list[BonusRate]:
    """Write the suggested standards, marked as assumptions, into an empty table."""
    _permit(actor)
    if BonusRate.objects.exists():
        raise Refused(_("已经有奖励标准；请逐条设定或停用。"))
    phases = [(milestone, Decimal(percent)) for milestone, percent in PHASES]
    rates = [
        _written(
            actor,
            phases,
            project_class=size,
            measure=BonusMeasure.RATE,
            per_mille=Decimal(per_mille),
            cap=Decimal(cap),
            holds_from=holds_from or timezone.localdate(),
            note=NOTE,
            is_assumption=True,
        )
        for size, per_mille, cap in RATES
    ]
    record(actor=actor, verb="bonus-rate.adopt", target=rates[0], reason=NOTE, detail={"rates": len(rates)})
    return rates


def checked_phases(phases: Phases) -> None:
    """Raises Refused unless the milestones differ and the percentages total exactly 100."""
    kinds = [milestone for milestone, _percent in phases]
    percents = [percent for _milestone, percent in phases]
    wrong = ""
    if not phases or set(kinds) - set(MILESTONE_KINDS) or len(set(kinds)) != len(kinds):
        wrong = _("请给每个阶段选一个不同的里程碑。")
    elif any(percent <= 0 or percent != percent.quantize(STEP) for percent in percents):
        wrong = _("每个阶段的比例要大于 0，最多两位小数。")
    elif sum(percents) != WHOLE:
        wrong = _("各阶段的比例合计必须正好是 100%%，现在是 %(total)s%%。") % {"total": f"{sum(percents):f}"}
    if wrong:
        raise Refused(wrong, fields={"phases": wrong})


def _written(actor: Account, phases: Phases, **fields: Any) -> BonusRate:
    rate = BonusRate.objects.create(set_by=actor, **fields)
    order = sorted(phases, key=lambda phase: MILESTONE_KINDS.index(phase[0]))
    BonusRatePhase.objects.bulk_create(
        BonusRatePhase(rate=rate, position=place, milestone=milestone, percent=percent)
        for place, (milestone, percent) in enumerate(order, start=1)
    )
    return rate


def _permit(actor: Account) -> None:
    if not can_set_bonus_rates(actor):
        raise NotAllowed(_("团队奖励标准由分管领导设定；请把建议告诉分管领导。"))


def _check(
    project_class: str, measure: str, amount: Decimal | None, per_mille: Decimal | None, cap: Decimal | None
) -> None:
    wrong = {}
    if project_class not in CLASSES:
        wrong["project_class"] = _("请选择重大或重特大。")
    if measure not in BonusMeasure.values:
        wrong["measure"] = _("请选择计算方式。")
    elif measure == BonusMeasure.FIXED and not (amount and amount > 0):
        wrong["amount"] = _("请填写定额，大于 0。")
    elif measure == BonusMeasure.RATE and not (per_mille and 0 < per_mille < 1000):
        wrong["per_mille"] = _("请填写千分比，大于 0 且小于 1000。")
    if cap is not None and cap <= 0:
        wrong["cap"] = _("封顶要大于 0；不封顶请留空。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _detail(rate: BonusRate, phases: Phases) -> dict[str, Any]:
    return {
        "class": rate.project_class,
        "measure": rate.measure,
        "amount": str(rate.amount or ""),
        "per_mille": str(rate.per_mille or ""),
        "cap": str(rate.cap or ""),
        "from": str(rate.holds_from),
        "phases": [[milestone, str(percent)] for milestone, percent in phases],
    }
