"""What the API shows and takes of cards."""

from typing import Any

from rest_framework import serializers

from kpi.models import Card, CardColour, CardRule, TargetPeriod
from kpi.models.card import CARD_RULE_CHOICES
from kpi.serializers.subject import SubjectFields


class CardSerializer(SubjectFields, serializers.ModelSerializer[Card]):
    """A card (亮牌) of a team or a person with the figures it rests on."""

    id = serializers.CharField(source="public_id", read_only=True)
    standing = serializers.IntegerField(source="standing_id", read_only=True, allow_null=True)
    figures = serializers.DictField(read_only=True)

    class Meta:
        model = Card
        fields = (
            "id", "year", "period", "group", "person", "team", "name", "colour", "kind", "gate", "reason", "figures",
            "standing", "state", "proposed_at", "decided_at", "lifted_at", "note",
        )  # fmt: skip
        read_only_fields = fields


class CardRuleSerializer(serializers.ModelSerializer[CardRule]):
    """A dated rule (亮牌规则)."""

    class Meta:
        model = CardRule
        fields = ("kind", "group", "colour", "limit", "holds_from", "note", "set_at")
        read_only_fields = fields


class SettleCardRuleSerializer(serializers.Serializer[Any]):
    """From which limit on a card is due; no `limit`: none any more."""

    kind = serializers.ChoiceField(choices=CARD_RULE_CHOICES)
    group = serializers.CharField(max_length=24)
    colour = serializers.ChoiceField(choices=CardColour.choices)
    limit = serializers.DecimalField(
        max_digits=6, decimal_places=2, required=False, allow_null=True, default=None
    )
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200)


class ProposeCardsSerializer(serializers.Serializer[Any]):
    """For which period."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    period = serializers.ChoiceField(choices=TargetPeriod.choices)


class ChosenCardsSerializer(serializers.Serializer[Any]):
    """Cards by id, all or none."""

    cards = serializers.ListField(child=serializers.CharField(max_length=10), min_length=1, max_length=500)


class DeclineCardsSerializer(ChosenCardsSerializer):
    """And why they are not shown."""

    reason = serializers.CharField(max_length=300)


class LiftCardSerializer(serializers.Serializer[Any]):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=300)
