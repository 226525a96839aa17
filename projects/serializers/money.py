"""Money lines and rates of fulfilment as JSON."""

from typing import Any

from rest_framework import serializers

from projects.serializers.achievement import AchievementSerializer


class MoneyEntrySerializer(serializers.Serializer[Any]):
    """One dated entry: `counted` is what was recognised, `running` the line up to it (元), `dollars` in USD."""

    achievement = AchievementSerializer()
    counted = serializers.DecimalField(18, 2, allow_null=True)
    running = serializers.DecimalField(20, 2)
    dollars = serializers.DecimalField(18, 2, allow_null=True)


class MoneyTableSerializer(serializers.Serializer[Any]):
    """One of the five money lines (五条资金线)."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    total = serializers.DecimalField(20, 2)
    dollars = serializers.DecimalField(20, 2)
    entries = MoneyEntrySerializer(many=True)


class RateSerializer(serializers.Serializer[Any]):
    """One rate with its parts; `ratio` is empty without a denominator."""

    key = serializers.CharField(source="rate.key")
    label = serializers.CharField(source="rate.label")  # type: ignore[assignment]
    ratio = serializers.DecimalField(18, 4, allow_null=True)
    numerator = serializers.DecimalField(20, 2)
    denominator = serializers.DecimalField(20, 2)


class FulfilmentRowSerializer(serializers.Serializer[Any]):
    """A group of signed projects, by the public id of its team or officer or the code of its channel."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    signed = serializers.IntegerField()
    contract = serializers.DecimalField(20, 2)
    rates = RateSerializer(many=True, source="figures")


class RatesOfFulfilmentSerializer(serializers.Serializer[Any]):
    group = serializers.CharField()
    rows = FulfilmentRowSerializer(many=True)
    total = FulfilmentRowSerializer()
