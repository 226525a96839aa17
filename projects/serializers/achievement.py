"""Achievements as JSON: reported by one, recognised by another."""

from typing import Any

from rest_framework import serializers

from projects.models import (
    MOST_PEOPLE,
    Achievement,
    AchievementKind,
    Currency,
    DocumentType,
    IncidentReason,
    WinLevel,
)
from projects.serializers.reference import OwnerReferenceSerializer, ProjectReferenceSerializer
from promotion.api.strict import Strict


class AchievementSerializer(serializers.ModelSerializer[Achievement]):
    """A reported achievement (业绩申报); `amount` in `currency`, `…_cny` in 元; `people` for jobs (新增就业)."""

    project = ProjectReferenceSerializer(read_only=True, allow_null=True)
    person = OwnerReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Achievement
        fields = [
            "public_id", "kind", "project", "person", "title", "level", "incident_reason", "happened_on", "amount",
            "currency", "exchange_rate", "usd_rate", "rate_on", "amount_cny", "people", "certificate", "source", "state", "submitted_at", "decided_at",
            "decision_note", "exception_reason", "recognised_amount", "recognised_cny", "recognised_people",
            "recognised_on", "reversed_on", "changed_at",
            "version",
        ]  # fmt: skip
        read_only_fields = fields


class ReportSerializer(Strict, serializers.Serializer[Any]):
    """What is reported for a project. Milestones need evidence: send multipart with one or more `evidence` files."""

    kind = serializers.ChoiceField(AchievementKind.choices)
    happened_on = serializers.DateField()
    amount = serializers.DecimalField(18, 2, required=False)
    currency = serializers.ChoiceField(Currency.choices, required=False)
    exchange_rate = serializers.DecimalField(12, 8, required=False)
    usd_rate = serializers.DecimalField(12, 8, required=False)
    rate_on = serializers.DateField(required=False)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, required=False)
    certificate = serializers.CharField(max_length=80, required=False, allow_blank=True)
    source = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    level = serializers.ChoiceField(WinLevel.choices, required=False)
    incident_reason = serializers.ChoiceField(IncidentReason.choices, required=False)
    evidence = serializers.ListField(child=serializers.FileField(), required=False)
    evidence_types = serializers.ListField(
        child=serializers.ChoiceField(DocumentType.choices), required=False
    )


class CorrectSerializer(Strict, serializers.Serializer[Any]):
    """What is mended of a returned report; what is left out stays as it was."""

    happened_on = serializers.DateField(required=False)
    amount = serializers.DecimalField(18, 2, required=False)
    currency = serializers.ChoiceField(Currency.choices, required=False)
    exchange_rate = serializers.DecimalField(12, 8, required=False)
    usd_rate = serializers.DecimalField(12, 8, required=False)
    rate_on = serializers.DateField(required=False)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, required=False)
    certificate = serializers.CharField(max_length=80, required=False, allow_blank=True)
    source = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.FileField(), required=False)
    evidence_types = serializers.ListField(
        child=serializers.ChoiceField(DocumentType.choices), required=False
    )
    version = serializers.IntegerField(min_value=1, required=False)


class WithdrawSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class RecogniseSerializer(Strict, serializers.Serializer[Any]):
    """Recognise in whole, or in part with `recognised_amount` (in the reported currency) or `recognised_people`, and a note.

    While a required paper is missing, `exception_reason` says why it is recognised all the same.
    """

    recognised_amount = serializers.DecimalField(18, 2, required=False, allow_null=True)
    recognised_people = serializers.IntegerField(
        min_value=1, max_value=MOST_PEOPLE, required=False, allow_null=True
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    exception_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ReturnSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)
