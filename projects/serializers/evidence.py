"""Papers, checklists and alarms as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import (
    AchievementKind,
    CapitalSource,
    Document,
    DocumentType,
    EvidenceRequirement,
    Necessity,
    ProjectClass,
)
from promotion.api.strict import Strict


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A paper (佐证材料). `replaces` is the public id of the edition before; `replaced_at` is empty on what holds now."""

    uploaded_by = serializers.CharField(source="uploaded_by.display_name")
    replaces = serializers.CharField(source="replaces.public_id", default=None, allow_null=True)

    class Meta:
        model = Document
        fields = [
            "public_id", "title", "document_type", "edition", "content_type", "size", "digest", "uploaded_by",
            "uploaded_at", "replaces", "replaced_at", "replace_reason",
        ]  # fmt: skip
        read_only_fields = fields


class SlotSerializer(serializers.Serializer[Any]):
    """One paper that is asked for, with what fulfils it."""

    document_type = serializers.ChoiceField(DocumentType.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    is_required = serializers.BooleanField()
    is_fulfilled = serializers.BooleanField()
    note = serializers.CharField()
    documents = DocumentSerializer(many=True)


class ChecklistSerializer(serializers.Serializer[Any]):
    """What an achievement is proved by, as asked for on the day it happened; `missing` required papers by name."""

    required = serializers.IntegerField()  # type: ignore[assignment]
    fulfilled = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())
    slots = SlotSerializer(many=True)
    others = DocumentSerializer(many=True)


class AttachSerializer(Strict, serializers.Serializer[Any]):
    """One file as multipart; without a type the name of the file says what it is."""

    file = serializers.FileField()
    document_type = serializers.ChoiceField(DocumentType.choices, required=False)


class ReplaceSerializer(Strict, serializers.Serializer[Any]):
    """A newer edition as multipart, with the reason."""

    file = serializers.FileField()
    reason = serializers.CharField(max_length=200)


class ClassifySerializer(Strict, serializers.Serializer[Any]):
    document_type = serializers.ChoiceField(DocumentType.choices)


class RequirementSerializer(serializers.ModelSerializer[EvidenceRequirement]):
    """A line of a checklist (佐证要求), half-open days; an empty class or source means all."""

    class Meta:
        model = EvidenceRequirement
        fields = [
            "public_id", "kind", "project_class", "capital_source", "document_type", "necessity", "holds_from",
            "holds_until", "position", "note", "version",
        ]  # fmt: skip
        read_only_fields = fields


class RequirementEntrySerializer(Strict, serializers.Serializer[Any]):
    """A new line; it holds from today unless another day is given."""

    kind = serializers.ChoiceField(AchievementKind.choices)
    document_type = serializers.ChoiceField(DocumentType.choices)
    necessity = serializers.ChoiceField(Necessity.choices, required=False)
    project_class = serializers.ChoiceField(ProjectClass.choices, required=False)
    capital_source = serializers.ChoiceField(CapitalSource.choices, required=False)
    holds_from = serializers.DateField(required=False)
    holds_until = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class RequirementChangeSerializer(Strict, serializers.Serializer[Any]):
    """What changes, from a day on."""

    from_day = serializers.DateField()
    necessity = serializers.ChoiceField(Necessity.choices, required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class RequirementEndSerializer(Strict, serializers.Serializer[Any]):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class HintSerializer(serializers.Serializer[Any]):
    """Something to look at before deciding (认定提示): `code` names the alarm, `figures` what it rests on."""

    code = serializers.CharField()
    word = serializers.CharField()
    sentence = serializers.CharField()
    url = serializers.CharField()
    figures = serializers.DictField()
