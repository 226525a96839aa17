"""Cards (亮牌): proposed by rule with one click, shown or declined by a second person, lifted by another; rules are dated."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import card as access
from kpi.actions.bulletin import checked_reason
from kpi.models import AssessmentYear, Card, CardColour, CardKind, CardRule, CardState, TargetPeriod
from kpi.queries.cards.proposals import proposed_cards
from kpi.scoring.bulletin import as_of_day
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import in_force
from staff.access.concern import is_concerned
from staff.models import Account, Appointment

MOST_LIMIT = Decimal(1000)


@action("card.settle-rule", gettext_lazy("制定亮牌规则"))
def settle_card_rule(
    *, actor: Account, kind: str, group: str, colour: str, limit: Decimal | None, holds_from: date, note: str
) -> CardRule:
    """Say from which limit on a card is due, from a day on; without a limit there is none any more.

    Raises NotAllowed, Refused for an unknown kind, group or colour, a limit that is none, or without its basis.
    """
    if not access.can_settle_card_rules(actor):
        raise NotAllowed(_("亮牌规则由分管领导制定。"))
    wrong = {}
    if kind not in CardKind.values or kind == CardKind.GATE:
        wrong["kind"] = _("请从列出的事由中选择；细则门槛在细则里写。")
    if colour not in CardColour.values:
        wrong["colour"] = _("请选择黄牌或红牌。")
    if not group.strip():
        wrong["group"] = _("请写明组别。")
    if limit is not None and not 0 < limit <= MOST_LIMIT:
        wrong["limit"] = _("界限要大于零，最多 %(most)s；不再亮牌请留空。") % {"most": MOST_LIMIT}
    if not note.strip():
        wrong["note"] = _("请写明依据，例如会议纪要或文号。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    made = CardRule.objects.create(
        kind=kind,
        group=group.strip(),
        colour=colour,
        limit=limit,
        holds_from=holds_from,
        note=note.strip()[:200],
        set_by=actor,
    )
    detail = {
        "group": made.group,
        "limit": None if limit is None else str(limit),
        "holds_from": str(holds_from),
    }
    record(actor=actor, verb="card.settle-rule", target=made, reason=made.note, detail=detail)
    return made


@action("card.propose", gettext_lazy("按规则提请亮牌"))
def propose_cards(*, actor: Account, year: int, period: str) -> list[Card]:
    """Write down what rules and gates propose for a period; what was proposed for the same reason before is left as it is.

    Raises NotAllowed, Refused for a period that has not begun.
    """
    _permit(actor)
    as_of = as_of_day(period, year, timezone.localdate()) if period in TargetPeriod.values else None
    if as_of is None:
        sentence = _("这个时段还没有开始，不能提请亮牌。")
        raise Refused(sentence, fields={"period": sentence})
    AssessmentYear.objects.get_or_create(year=year)
    assessed = AssessmentYear.objects.select_for_update().get(year=year)
    held = set(
        Card.objects.filter(year=year, period=period)
        .exclude(state=CardState.LIFTED)
        .values_list("person", "team", "kind", "gate")
    )
    found = [
        one
        for one in proposed_cards(year, period, as_of)
        if (one.person_id, one.team_id, str(one.kind), one.gate) not in held
    ]
    for one in found:
        one.proposed_by = actor
    made = Card.objects.bulk_create(found, batch_size=500)
    detail = {"period": period, "count": len(made), "cards": [one.public_id for one in made[:50]]}
    record(actor=actor, verb="card.propose", target=assessed, detail=detail)
    return made


@action("card.show", gettext_lazy("亮牌"))
def show_cards(*, actor: Account, cards: Sequence[Card]) -> list[Card]:
    """Show proposed cards, all or none; whom they concern is told with the reason.

    Raises NotAllowed, Conflict for what does not wait any more, Refused for one's own proposals and for oneself.
    """
    found = _waiting(actor, cards)
    for one in found:
        one.state, one.decided_by, one.decided_at = CardState.SHOWN, actor, timezone.now()
        one.save(update_fields=["state", "decided_by", "decided_at"])
        record(actor=actor, verb="card.show", target=one, reason=one.reason)
        words = {"colour": one.get_colour_display(), "period": one.get_period_display(), "reason": one.reason}
        _tell(one, _("%(period)s%(colour)s：%(reason)s") % words)
    return found


@action("card.decline", gettext_lazy("不亮牌"))
def decline_cards(*, actor: Account, cards: Sequence[Card], reason: str) -> list[Card]:
    """Decide that proposed cards are not shown, with the reason; they are not proposed again for the period."""
    reason = checked_reason(reason, _("请写明不亮牌的理由。"))
    found = _waiting(actor, cards)
    for one in found:
        one.state, one.note = CardState.DECLINED, reason
        one.decided_by, one.decided_at = actor, timezone.now()
        one.save(update_fields=["state", "note", "decided_by", "decided_at"])
        record(actor=actor, verb="card.decline", target=one, reason=reason)
    return found


@action("card.lift", gettext_lazy("摘牌"))
def lift_card(*, actor: Account, card: Card, reason: str) -> Card:
    """Take a shown card back with the reason; whom it concerns is told.

    Raises NotAllowed, Conflict for what is not shown, Refused without a reason, for the one who showed it, or for oneself.
    """
    [found] = _locked(actor, [card])
    _permit(actor)
    reason = checked_reason(reason, _("请写明摘牌的理由，例如整改已经完成。"))
    if found.state != CardState.SHOWN:
        raise Conflict(_("这张牌%(state)s，不能摘牌。") % {"state": found.get_state_display()})
    if found.decided_by_id == actor.pk:
        raise Refused(_("决定亮牌的人不能自己摘牌；请由另一位同事办理。"))
    _refuse_own(actor, [found])
    found.state, found.note, found.lifted_by, found.lifted_at = (
        CardState.LIFTED,
        reason,
        actor,
        timezone.now(),
    )
    found.save(update_fields=["state", "note", "lifted_by", "lifted_at"])
    record(actor=actor, verb="card.lift", target=found, reason=reason)
    words = {"colour": found.get_colour_display(), "period": found.get_period_display(), "reason": reason}
    _tell(found, _("%(period)s%(colour)s已摘牌：%(reason)s") % words)
    return found


def _permit(actor: Account) -> None:
    if not access.can_decide_cards(actor):
        raise NotAllowed(_("亮牌和摘牌由人事和分管领导办理。"))


def _locked(actor: Account, cards: Sequence[Card]) -> list[Card]:
    keys = {one.pk for one in cards}
    seen = access.cards_visible_to(actor).filter(pk__in=keys)
    found = list(seen.select_for_update(of=("self",)).select_related("person", "team").order_by("pk"))
    if len(found) != len(keys):
        raise NotFound(_("没有这张牌，或您无权查看。"))
    return found


def _waiting(actor: Account, cards: Sequence[Card]) -> list[Card]:
    """The cards, locked, that wait and that the actor may decide on."""
    _permit(actor)
    if not cards:
        raise Refused(_("没有选择任何一张牌；请先勾选。"))
    found = _locked(actor, cards)
    decided = [one for one in found if one.state != CardState.PROPOSED]
    if decided:
        words = {"card": decided[0], "state": decided[0].get_state_display()}
        raise Conflict(_("“%(card)s”%(state)s，不再待决定；请刷新页面。") % words)
    if any(one.proposed_by_id == actor.pk for one in found):
        raise Refused(_("提请人不能自己决定亮牌；请由另一位同事决定。"))
    _refuse_own(actor, found)
    return found


def _refuse_own(actor: Account, found: Sequence[Card]) -> None:
    """Nobody decides on a card of his own, of his team, or of whom he stands in for."""
    if is_concerned(actor, [one.person_id for one in found], [one.team_id for one in found]):
        raise Refused(_("不能决定本人或本队的牌；请由没有关系的同事办理。"))


def _tell(card: Card, text: str) -> None:
    """The person, or those who serve in the team and in the offices below it."""
    whom = Q(person=card.person_id)
    if card.team_id is not None:
        teams = Q(team=card.team_id) | Q(team__parent=card.team_id)
        whom = Q(person__in=Appointment.objects.filter(in_force(), teams).values("person"))
    accounts = Account.objects.filter(whom, is_active=True)
    notify(recipients=list(accounts), text=text, url=reverse("kpi:card", args=[card.public_id]))
