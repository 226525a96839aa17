"""Key projects as JSON: the table of thresholds, the recognitions, and what meets the table. Amounts in 元, foreign capital in USD."""

from typing import Any

from rest_framework import serializers

from projects.key_thresholds import CLASSES
from projects.models import (
    KEY_CLASS_CHOICES,
    MILESTONE_CHOICES,
    CapitalSource,
    Industry,
    KeyMeasure,
    KeyProjectRecognition,
    KeyProjectThreshold,
    Project,
)
from projects.serializers.reference import ProjectReferenceSerializer
from promotion.api.strict import Strict


class KeyThresholdSerializer(serializers.ModelSerializer[KeyProjectThreshold]):
    """A row of the table (重大项目认定标准), half-open [holds_from, holds_until); empty industry or source: all."""

    class Meta:
        model = KeyProjectThreshold
        fields: Any = [
            "id", "project_class", "industry", "capital_source", "milestone", "measure", "amount", "holds_from",
            "holds_until", "note", "is_assumption",
        ]  # fmt: skip
        read_only_fields = fields


class KeyThresholdEntrySerializer(Strict, serializers.Serializer[Any]):
    """A row to settle; `amount` in 元, for the measure `foreign` in US dollars."""

    project_class = serializers.ChoiceField(KEY_CLASS_CHOICES)
    industry = serializers.ChoiceField(Industry.choices, required=False, allow_blank=True)
    capital_source = serializers.ChoiceField(CapitalSource.choices, required=False, allow_blank=True)
    milestone = serializers.ChoiceField(MILESTONE_CHOICES)
    measure = serializers.ChoiceField(KeyMeasure.choices)
    amount = serializers.DecimalField(18, 2)
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class EndKeyThresholdSerializer(Strict, serializers.Serializer[Any]):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class KeyRecognitionSerializer(serializers.ModelSerializer[KeyProjectRecognition]):
    """A recognition (重大项目认定); without `threshold` it is an exception. `measured` as on `measured_on`."""

    project = ProjectReferenceSerializer(read_only=True)
    threshold = KeyThresholdSerializer(read_only=True)
    submitted_by = serializers.CharField(source="submitted_by.display_name", default="", read_only=True)
    decided_by = serializers.CharField(source="decided_by.display_name", default="", read_only=True)

    class Meta:
        model = KeyProjectRecognition
        fields: Any = [
            "public_id", "project", "project_class", "state", "threshold", "measured", "measured_on", "reason",
            "submitted_by", "submitted_at", "decided_by", "decided_at", "recognised_on", "decision_note", "class_before",
            "ended_on", "end_reason", "version",
        ]  # fmt: skip
        read_only_fields = fields


class KeyProposalSerializer(serializers.ModelSerializer[Project]):
    """A project that meets a threshold and is not recognised: the class it reaches, and why in figures."""

    reached = serializers.ChoiceField([(each, each) for each in CLASSES], read_only=True)
    contract = serializers.DecimalField(18, 2, read_only=True)
    foreign_usd = serializers.DecimalField(18, 2, read_only=True)
    reason = serializers.CharField(read_only=True)

    class Meta:
        model = Project
        fields: Any = [
            "public_id", "code", "name", "project_class", "reached", "contract", "foreign_usd", "planned_investment", "reason",
        ]  # fmt: skip
        read_only_fields = fields


class AskRecognitionSerializer(Strict, serializers.Serializer[Any]):
    """A request; `papers` as multipart."""

    project = serializers.CharField(max_length=10, help_text="Public id.")
    project_class = serializers.ChoiceField(KEY_CLASS_CHOICES)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    papers = serializers.ListField(child=serializers.FileField(), required=False)


class RecogniseKeySerializer(Strict, serializers.Serializer[Any]):
    """Another class than asked for, or an exception, needs `note`."""

    project_class = serializers.ChoiceField(KEY_CLASS_CHOICES, required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class RecogniseProposedSerializer(Strict, serializers.Serializer[Any]):
    project = serializers.CharField(max_length=10, help_text="Public id.")
    project_class = serializers.ChoiceField(KEY_CLASS_CHOICES)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    on = serializers.DateField(required=False)


class KeyReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class KeyVersionSerializer(Strict, serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, required=False)
