"""The second person's part: recognise in whole or in part, return, reverse."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.clock_facts import progress_verified
from projects.actions.gates import check_gates
from projects.actions.reception_rows import progress_recognised
from projects.actions.reporting import CENT, in_cny
from projects.actions.standing import (
    announce_decision,
    check_state,
    checked_reason,
    fall_back,
    locked_achievement,
    text_of,
    write_state,
)
from projects.models import Achievement, Recognition
from projects.queries.evidence import checklist_of
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account


@action("achievement.recognise", gettext_lazy("认定业绩"))
def recognise_achievement(
    *,
    actor: Account,
    achievement: Achievement,
    recognised_amount: Decimal | None = None,
    recognised_people: int | None = None,
    note: str = "",
    exception_reason: str = "",
    on: date | None = None,
    seen: int | None = None,
) -> Achievement:
    """Recognise in whole, or in part with a note (认定); `recognised_amount` in the reported currency, `recognised_people`
    for 新增就业 instead.

    While a required paper is missing this is Refused, unless `exception_reason` says why it is recognised all the same;
    the reason and what was missing stay in the audit trail. Raises NotAllowed for the submitter and for anybody but
    managers, Conflict when somebody else decided first.
    """
    locked = _locked_for_decision(actor, achievement, seen)
    day, note = on or timezone.localdate(), note.strip()
    if day > timezone.localdate() or day < locked.happened_on:
        raise Refused(_("认定日期必须在发生日期与今天之间。"), fields={"on": _("请检查日期。")})
    check_gates(locked.project, locked.kind, locked.happened_on)
    recognised, recognised_cny = _recognised_amounts(locked, recognised_amount, note)
    people = _recognised_people(locked, recognised_people, note)
    missing, exception = _missing_papers(locked, exception_reason)
    fields: dict[str, Any] = {
        "state": Recognition.RECOGNISED,
        "recognised_amount": recognised,
        "recognised_cny": recognised_cny,
        "recognised_people": people,
        "recognised_on": day,
        "decided_by": actor,
        "decided_at": timezone.now(),
        "decision_note": note[:300],
        "exception_reason": exception,
    }
    write_state(locked, fields)
    if locked.project is not None:
        progress_verified(locked.project, day)
        progress_recognised(locked, actor)
    detail: dict[str, Any] = _figures(locked) | {"on": str(day)}
    if missing:
        detail |= {"missing": missing, "exception_reason": exception}
    record(actor=actor, verb="achievement.recognise", target=locked, reason=note, detail=detail)
    announce_decision(locked, _("已认定"))
    return locked


@action("achievement.return", gettext_lazy("退回业绩"))
def return_achievement(
    *, actor: Account, achievement: Achievement, reason: str, seen: int | None = None
) -> Achievement:
    """Send it back with a reason (退回); the submitter mends it and submits again, the project's stage stays."""
    locked = _locked_for_decision(actor, achievement, seen)
    reason = checked_reason(reason, _("请写明退回的原因，申报人要据此补正。"))
    fields: dict[str, Any] = {
        "state": Recognition.RETURNED,
        "decision_note": reason,
        "decided_by": actor,
        "decided_at": timezone.now(),
    }
    write_state(locked, fields)
    record(actor=actor, verb="achievement.return", target=locked, reason=reason)
    announce_decision(locked, _("被退回：%(reason)s") % {"reason": reason})
    return locked


@action("achievement.reverse", gettext_lazy("冲销业绩"))
def reverse_achievement(
    *, actor: Account, achievement: Achievement, reason: str, seen: int | None = None
) -> Achievement:
    """Take back a recognition (冲销): the next run posts the opposite credit; a correction is this and a new report."""
    locked = locked_achievement(actor, achievement)
    _permit_decision(actor, locked)
    check_version(seen=seen, current=locked)
    check_state(locked, Recognition.RECOGNISED, _("只有已认定的业绩可以冲销。"))
    reason = checked_reason(reason, _("请写明冲销的原因，它会留在操作记录里。"))
    day = timezone.localdate()
    write_state(locked, {"state": Recognition.REVERSED, "reversed_on": day})
    detail = _figures(locked) | {"on": str(day)}
    record(actor=actor, verb="achievement.reverse", target=locked, reason=reason, detail=detail)
    fall_back(
        actor, locked, _("冲销“%(kind)s”：%(reason)s") % {"kind": locked.get_kind_display(), "reason": reason}
    )
    announce_decision(locked, _("已冲销：%(reason)s") % {"reason": reason})
    return locked


def _figures(achievement: Achievement) -> dict[str, Any]:
    """What was recognised, as the audit trail keeps it."""
    if achievement.people is not None:
        return {"recognised_people": achievement.recognised_people}
    return {
        "recognised_amount": text_of(achievement.recognised_amount),
        "recognised_cny": text_of(achievement.recognised_cny),
    }


def _locked_for_decision(actor: Account, achievement: Achievement, seen: int | None) -> Achievement:
    locked = locked_achievement(actor, achievement)
    _permit_decision(actor, locked)
    check_version(seen=seen, current=locked)
    check_state(locked, Recognition.SUBMITTED, _("只有待认定的业绩可以认定或退回。"))
    return locked


def _permit_decision(actor: Account, achievement: Achievement) -> None:
    if access.can_recognise(actor, achievement):
        return
    if achievement.submitted_by_id == actor.pk:
        raise NotAllowed(_("申报人不能认定、退回或冲销自己的申报；请由另一位分管领导处理。"))
    raise NotAllowed(_("业绩由分管领导认定；您可以查看，但不能作决定。"))


def _missing_papers(achievement: Achievement, reason: str) -> tuple[list[str], str]:
    """The required papers that are not there, with the reason of the exception. Raises Refused without one."""
    missing = list(checklist_of(achievement).missing)
    if not missing:
        return [], ""
    if reason.strip():
        return missing, checked_reason(reason, "")
    sentence = _("缺%(papers)s，不能认定；请退回申报人补齐，或写明例外认定的理由。") % {
        "papers": "、".join(missing)
    }
    raise Refused(sentence, fields={"exception_reason": sentence})


def _recognised_amounts(
    achievement: Achievement, asked: Decimal | None, note: str
) -> tuple[Decimal | None, Decimal | None]:
    """What is recognised, in the reported currency and in 元. Raises Refused for more than was reported."""
    reported = achievement.amount
    if reported is None:
        if asked is not None:
            raise Refused(
                _("这条业绩没有申报金额，不能认定金额。"), fields={"recognised_amount": _("请留空。")}
            )
        return None, None
    if asked is None or asked == reported:
        return reported, achievement.amount_cny
    amount = Decimal(asked).quantize(CENT, rounding=ROUND_HALF_UP)
    if amount > reported:
        sentence = _("认定金额不能超过申报金额；确实少报的，请退回后由申报人修改。")
        raise Refused(sentence, fields={"recognised_amount": sentence})
    if amount <= 0:
        sentence = _("认定金额必须大于 0；完全不认定请退回。")
        raise Refused(sentence, fields={"recognised_amount": sentence})
    if not note:
        raise Refused(_("少认定时请写明原因。"), fields={"note": _("少认定时请写明原因。")})
    return amount, in_cny(amount, achievement.exchange_rate or Decimal(1))


def _recognised_people(achievement: Achievement, asked: int | None, note: str) -> int | None:
    """How many people are recognised. Raises Refused for more than were reported."""
    reported = achievement.people
    if reported is None:
        if asked is not None:
            raise Refused(
                _("这条业绩不按人数申报，不能认定人数。"), fields={"recognised_people": _("请留空。")}
            )
        return None
    if asked is None or asked == reported:
        return reported
    if asked > reported:
        sentence = _("认定人数不能超过申报人数；确实少报的，请退回后由申报人修改。")
        raise Refused(sentence, fields={"recognised_people": sentence})
    if asked <= 0:
        sentence = _("认定人数必须大于 0；完全不认定请退回。")
        raise Refused(sentence, fields={"recognised_people": sentence})
    if not note:
        raise Refused(_("少认定时请写明原因。"), fields={"note": _("少认定时请写明原因。")})
    return asked
