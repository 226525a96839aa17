"""What the API takes and shows of pay: rules, and sheets in total; never what one person is paid."""

from typing import Any

from rest_framework import serializers

from kpi.models import DayBasis, PayMethod, PayRule, PayScale, PaySheet
from promotion.api.strict import Strict
from staff.models import AbsenceKind, Grade

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 1, "allow_null": True}


class PayScaleRowSerializer(Strict, serializers.Serializer[Any]):
    """A grade of a scale, in 元 a month; `exception` says why less than two thirds depends on performance."""

    grade = serializers.ChoiceField(Grade.choices)
    base = serializers.DecimalField(**MONEY, min_value=0)
    performance = serializers.DecimalField(**MONEY, min_value=0)
    exception = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PayScaleSerializer(serializers.ModelSerializer[PayScale]):
    """A scale (薪酬标准), from the first day of a month on."""

    lines = PayScaleRowSerializer(many=True)

    class Meta:
        model = PayScale
        fields = ("public_id", "title", "holds_from", "assumptions", "state", "released_at", "lines")
        read_only_fields = fields


class DraftPayScaleSerializer(Strict, serializers.Serializer[Any]):
    """A scale to draft; the grades in order, each once."""

    title = serializers.CharField(max_length=60)
    holds_from = serializers.DateField()
    rows = PayScaleRowSerializer(many=True)
    assumptions = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PayRuleSerializer(serializers.ModelSerializer[PayRule]):
    """How a score becomes performance pay (考核薪酬办法); `points` are [score, factor]."""

    class Meta:
        model = PayRule
        fields = (
            "public_id",
            "title",
            "holds_from",
            "method",
            "points",
            "advance_percent",
            "day_basis",
            "deducts",
            "assumptions",
            "state",
            "released_at",
        )
        read_only_fields = fields


class PayPointSerializer(Strict, serializers.Serializer[Any]):
    """From this score on the factor is this."""

    score = serializers.DecimalField(max_digits=7, decimal_places=2)
    factor = serializers.DecimalField(max_digits=7, decimal_places=4)


class DraftPayRuleSerializer(Strict, serializers.Serializer[Any]):
    """A rule to draft."""

    title = serializers.CharField(max_length=60)
    holds_from = serializers.IntegerField(min_value=2000, max_value=2100)
    method = serializers.ChoiceField(PayMethod.choices)
    points = PayPointSerializer(many=True)
    advance_percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    day_basis = serializers.ChoiceField(DayBasis.choices, default="calendar")
    deducts = serializers.ListField(child=serializers.ChoiceField(AbsenceKind.choices), required=False)
    assumptions = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PaySheetSerializer(serializers.ModelSerializer[PaySheet]):
    """A sheet (工资表) of a month, or the settlement of a year; `version` is given back as `seen`."""

    class Meta:
        model = PaySheet
        fields = (
            "public_id",
            "kind",
            "year",
            "month",
            "number",
            "people",
            "state",
            "digest",
            "version",
            "opinion",
            "confirmed_at",
            "paid_at",
        )
        read_only_fields = fields


class PayTotalsSerializer(serializers.Serializer[Any]):
    """Amounts of a group in 元, with performance pay in percent of the whole, at target and as paid."""

    people = serializers.IntegerField()
    base = serializers.DecimalField(**MONEY)
    performance = serializers.DecimalField(**MONEY)
    whole = serializers.DecimalField(**MONEY)
    target_share = serializers.DecimalField(**PERCENT)
    share = serializers.DecimalField(**PERCENT)
    keeps = serializers.BooleanField(help_text="Whether performance pay is two thirds at target.")


class PayGroupSerializer(serializers.Serializer[Any]):
    """A team or grade; `totals` is null where they would tell what one person is paid."""

    name = serializers.CharField()
    totals = PayTotalsSerializer(allow_null=True)


class PayShownSerializer(serializers.Serializer[Any]):
    """A sheet in total, by grade and by team."""

    whole = PayTotalsSerializer()
    grades = PayGroupSerializer(many=True)
    teams = PayGroupSerializer(many=True)


class MakePaySerializer(Strict, serializers.Serializer[Any]):
    """Which sheet: a month, or without one the settlement of the year."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    month = serializers.IntegerField(min_value=1, max_value=12, required=False, allow_null=True)


class ConfirmPaySerializer(Strict, serializers.Serializer[Any]):
    approve = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    seen = serializers.IntegerField(required=False, min_value=1)


class PaidSerializer(Strict, serializers.Serializer[Any]):
    seen = serializers.IntegerField(required=False, min_value=1)
