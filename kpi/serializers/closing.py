"""The close of a year as other systems read it."""

from typing import Any

from rest_framework import serializers

from kpi.models import SealKind, YearRequest, YearSeal


class CheckSerializer(serializers.Serializer[Any]):
    """A check; what is open and blocking must be done first, what is open and not blocking goes along with the close."""

    code = serializers.CharField()
    title = serializers.CharField()
    open = serializers.IntegerField()
    sentence = serializers.CharField()
    url = serializers.CharField()
    blocking = serializers.BooleanField()


class YearRequestSerializer(serializers.ModelSerializer[YearRequest]):
    id = serializers.CharField(source="public_id", read_only=True)
    run = serializers.IntegerField(source="run.number", read_only=True)
    requested_by = serializers.CharField(source="requested_by.username", read_only=True)

    class Meta:
        model = YearRequest
        fields = [
            "id",
            "year",
            "kind",
            "state",
            "run",
            "digest",
            "accepted",
            "reason",
            "requested_by",
            "requested_at",
        ]


class YearSealSerializer(serializers.ModelSerializer[YearSeal]):
    run = serializers.IntegerField(source="run.number", read_only=True)

    class Meta:
        model = YearSeal
        fields = [
            "number", "year", "kind", "run", "parts", "changed", "accepted", "reason", "requested_by", "decided_by", "sealed_at",
            "previous_digest", "digest",
        ]  # fmt: skip


class ClosingSerializer(serializers.Serializer[Any]):
    """The close of a year: its checks while it is open, the request that waits, and its links of the chain, newest first."""

    year = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)
    late = serializers.IntegerField(
        help_text="Changes of a closed year that came after the close and do not count."
    )
    checks = CheckSerializer(many=True)
    request = YearRequestSerializer(allow_null=True)
    seals = YearSealSerializer(many=True)


class YearRequestNewSerializer(serializers.Serializer[Any]):
    """What is asked for: the close, or a reopening with its reason."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    kind = serializers.ChoiceField(SealKind.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class DecliningSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, allow_blank=True)
