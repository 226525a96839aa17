"""Cards as pages read them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpi.access.card import cards_visible_to
from kpi.models import Card, CardRule, CardState
from promotion.errors import NotFound
from staff.models import Account

RELATED = ("person", "team", "proposed_by", "decided_by", "lifted_by", "standing__run")


def listed_cards(actor: Account) -> QuerySet[Card]:
    """The visible cards with what a list shows of them."""
    return cards_visible_to(actor).select_related(*RELATED)


def visible_card(actor: Account, public_id: str) -> Card:
    """One card. Raises NotFound when it is not the actor's to see."""
    found = listed_cards(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这张牌，或您无权查看。"))
    return found


def waiting_cards(actor: Account) -> list[Card]:
    """What waits for a decision, those of the newest period first."""
    found = listed_cards(actor).filter(state=CardState.PROPOSED)
    return list(found.order_by("-year", "period", "group", "colour", "pk"))


def cards_of(actor: Account, year: int, **subject: Any) -> Sequence[Card]:
    """The cards that a team or a person holds in the year, as far as the actor sees them."""
    return list(cards_visible_to(actor).filter(year=year, state=CardState.SHOWN, **subject).order_by("-pk"))


def card_rules() -> QuerySet[CardRule]:
    """Every rule ever settled, the newest of each first."""
    return CardRule.objects.select_related("set_by").order_by("group", "kind", "colour", "-holds_from")
