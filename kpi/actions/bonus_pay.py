"""What falls due of a team bonus when milestones are recognised, what is taken back when they are reversed, and what HR pays."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import bonus as access
from kpi.bonus_arithmetic import line_for
from kpi.models import BonusLine, BonusPart, BonusPayout, BonusState, TeamBonus
from kpi.queries.bonus import PhaseStanding, parts_in_force, phase_standings, unpaid_lines
from projects.actions.review_parts import fitting
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account


@action("bonus.follow", gettext_lazy("核对奖励里程碑"))
def follow_bonus(*, actor: Account | None, bonus: TeamBonus) -> list[BonusLine]:
    """Bring what is due in line with the facts of today: lines for what was reached, opposite lines for what was reversed.

    Raises NotAllowed for others than HR and managers; the night asks without an actor.
    """
    visible = TeamBonus.objects.all() if actor is None else access.bonuses_visible_to(actor)
    row = visible.select_for_update(of=("self",)).filter(pk=bonus.pk).first()
    if row is None:
        raise NotFound(_("没有这项团队奖励，或者您看不到它。请返回列表。"))
    if actor is not None and not (access.can_pay_bonuses(actor) or access.can_approve_bonuses(actor)):
        raise NotAllowed(_("里程碑由人事或分管领导核对。"))
    posted = post_lines(row)
    if posted:
        total = sum((line.amount for line in posted), Decimal(0))
        record(
            actor=actor, verb="bonus.follow", target=row, detail={"lines": len(posted), "total": str(total)}
        )
    return posted


@action("bonus.pay", gettext_lazy("登记奖励发放"))
def pay_bonus(
    *, actor: Account, bonus: TeamBonus, paid_on: date, note: str = "", seen: int | None = None
) -> BonusPayout:
    """Write down that everything due by the day and unpaid was paid (or recovered, when more was taken back), by HR.

    The facts are looked at first, so that nothing is paid for a milestone that was reversed meanwhile. Raises Refused when
    nothing is due, NotAllowed for anybody but HR or for HR's own share.
    """
    row = access.bonuses_visible_to(actor).select_for_update(of=("self",)).filter(pk=bonus.pk).first()
    if row is None:
        raise NotFound(_("没有这项团队奖励，或者您看不到它。请返回列表。"))
    if not access.can_pay_bonuses(actor):
        raise NotAllowed(_("奖励由人事发放和登记。"))
    check_version(seen=seen, current=row)
    if paid_on > timezone.localdate():
        sentence = _("发放日期不能在今天之后；请在实际发放之后登记。")
        raise Refused(sentence, fields={"paid_on": sentence})
    post_lines(row)
    lines = list(unpaid_lines(row).filter(due_on__lte=paid_on))
    if not lines:
        sentence = _("到这一天没有应发未发的奖励。")
        raise Refused(sentence, fields={"paid_on": sentence})
    if any(line.part.share.person_id == actor.person_id for line in lines):
        raise NotAllowed(_("您在这项奖励里有份额，不能登记发放；请由另一位人事办理。"))
    total = sum((line.amount for line in lines), Decimal(0))
    payout = BonusPayout.objects.create(
        bonus=row, paid_on=paid_on, total=total, note=fitting(note, "note", longest=200), made_by=actor
    )
    BonusLine.objects.filter(pk__in=[line.pk for line in lines]).update(payout=payout)
    TeamBonus.objects.filter(pk=row.pk).update(version=row.version + 1)
    detail = {"on": str(paid_on), "total": str(total), "lines": len(lines)}
    record(actor=actor, verb="bonus.pay", target=row, reason=payout.note, detail=detail)
    return payout


def post_lines(bonus: TeamBonus) -> list[BonusLine]:
    """Write the lines that the locked bonus lacks, or those that take back what no longer holds; nothing when all is in line."""
    standings = {one.phase.pk: one for one in phase_standings(bonus)}
    parts = parts_in_force(bonus)
    posted = _posted(parts)
    made = []
    for part in parts:
        line = _line(bonus, part, standings[part.phase_id], posted)
        if line is not None:
            line.save()
            made.append(line)
    return made


def _posted(parts: Iterable[BonusPart]) -> dict[int, Decimal]:
    """What was posted of each part so far."""
    rows = BonusLine.objects.filter(part__in=[part.pk for part in parts]).order_by().values_list("part")
    return dict(rows.annotate(total=Sum("amount")))


def _line(
    bonus: TeamBonus, part: BonusPart, standing: PhaseStanding, posted: dict[int, Decimal]
) -> BonusLine | None:
    held = posted.get(part.pk, Decimal(0))
    # An ended bonus lets nothing more fall due, and takes back only what no longer holds.
    is_due = standing.is_reached and (bonus.state != BonusState.ENDED or held != 0)
    amount = line_for(part.amount, held, is_due=is_due)
    if not amount:
        return None
    if amount > 0:
        day = max(filter(None, (standing.reached_on, part.share.plan.approved_on)))
        return BonusLine(part=part, amount=amount, due_on=day, reason=standing.words)
    last = part.lines.filter(reverses=None, reversed_by=None).order_by("-pk").first()
    return BonusLine(
        part=part, amount=amount, due_on=timezone.localdate(), reason=standing.words, reverses=last
    )
