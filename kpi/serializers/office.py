"""What the API shows of liaison offices."""

from typing import Any

from rest_framework import serializers


class OfficeGoalSerializer(serializers.Serializer[Any]):
    """A target of an office and what was reached of it; `actual` null where people report it."""

    code = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    target = serializers.DecimalField(max_digits=18, decimal_places=4)
    actual = serializers.DecimalField(max_digits=24, decimal_places=6, allow_null=True)
    progress = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)


class OfficeSerializer(serializers.Serializer[Any]):
    """A liaison office in a year: shares of signed projects, 元, USD, and its targets."""

    team = serializers.CharField(source="team.code")
    name = serializers.CharField(source="team.name")
    people = serializers.IntegerField()
    signed = serializers.DecimalField(max_digits=12, decimal_places=6)
    signed_amount = serializers.DecimalField(max_digits=24, decimal_places=4)
    paid_in_usd = serializers.DecimalField(max_digits=24, decimal_places=4)
    progress = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)
    targets = OfficeGoalSerializer(many=True, source="goals")
