"""Cards for other systems: proposed by rule, shown or declined by a second person, lifted; and the dated rules."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.access.card import cards_visible_to
from kpi.actions import card as actions
from kpi.filters import CardFeed
from kpi.models import Card
from kpi.queries.cards.listing import RELATED, card_rules
from kpi.serializers.card import (
    CardRuleSerializer,
    CardSerializer,
    ChosenCardsSerializer,
    DeclineCardsSerializer,
    LiftCardSerializer,
    ProposeCardsSerializer,
    SettleCardRuleSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound
from staff.models import ApiToken


@extend_schema(tags=["kpi"])
class CardViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Card]):
    """Cards (亮牌): those of teams for everybody once shown, those of people for them, their leaders and overseers."""

    queryset = Card.objects.none()
    serializer_class = CardSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-z]{10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_class(self) -> Any:
        return CardFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[Card]:
        return cards_visible_to(account_of(self.request)).select_related(*RELATED).order_by("-pk")

    @extend_schema(summary="Cards, newest first")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One card", responses={200: CardSerializer, **refusals(404)})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @writes(
        ProposeCardsSerializer,
        CardSerializer,
        refused=(400, 422),
        status=201,
        many=True,
        detail=False,
        summary="Propose cards by rule",
    )
    def propose(self, request: Request) -> Response:
        """What rules and gates propose for a period and was not proposed before."""
        given = checked(ProposeCardsSerializer, request)
        made = actions.propose_cards(actor=account_of(request), **given)
        return Response(CardSerializer(made, many=True).data, status=201)

    @writes(ChosenCardsSerializer, CardSerializer, many=True, detail=False, summary="Show proposed cards")
    def show(self, request: Request) -> Response:
        """By another person than who proposed them."""
        chosen = self._chosen(checked(ChosenCardsSerializer, request)["cards"])
        return self._many(actions.show_cards(actor=account_of(request), cards=chosen))

    @writes(DeclineCardsSerializer, CardSerializer, many=True, detail=False, summary="Decline proposed cards")
    def decline(self, request: Request) -> Response:
        """With the `reason`; they are not proposed again for the period."""
        given = checked(DeclineCardsSerializer, request)
        chosen = self._chosen(given["cards"])
        return self._many(
            actions.decline_cards(actor=account_of(request), cards=chosen, reason=given["reason"])
        )

    @writes(LiftCardSerializer, CardSerializer, detail=True, summary="Lift a shown card")
    def lift(self, request: Request, public_id: str) -> Response:
        """By another person than who showed it."""
        reason = checked(LiftCardSerializer, request)["reason"]
        card = actions.lift_card(actor=account_of(request), card=self.get_object(), reason=reason)
        return Response(CardSerializer(card).data)

    @extend_schema(summary="Rules of cards", filters=False, responses={200: CardRuleSerializer(many=True)})
    @action(detail=False, methods=["get"], pagination_class=None)
    def rules(self, request: Request) -> Response:
        """Every rule that was ever settled; managers settle new ones."""
        return Response(CardRuleSerializer(card_rules(), many=True).data)

    @writes(
        SettleCardRuleSerializer,
        CardRuleSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Settle a rule of cards",
    )
    @rules.mapping.post
    def settle_rule(self, request: Request) -> Response:
        """By managers; every rule that was ever settled stays."""
        given = checked(SettleCardRuleSerializer, request)
        made = actions.settle_card_rule(actor=account_of(request), **given)
        return Response(CardRuleSerializer(made).data, status=201)

    def _chosen(self, named: Any) -> Any:
        found = list(self.get_queryset().filter(public_id__in=named))
        if len(found) != len(set(named)):
            raise NotFound(_("没有这张牌，或您无权查看。"))
        return found

    def _many(self, cards: Any) -> Response:
        return Response(CardSerializer(cards, many=True).data)
