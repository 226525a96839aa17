"""The promise ledger as JSON. Figures in the unit's own measure (money in 元)."""

from typing import Any

from rest_framework import serializers

from projects.models import Direction, Promise, PromiseChange, PromiseFulfilment, PromiseSubject, Unit
from projects.serializers.reference import OwnerReferenceSerializer, ProjectReferenceSerializer
from promotion.api.strict import Strict


class PromiseFulfilmentSerializer(serializers.ModelSerializer[PromiseFulfilment]):
    """What was done for a promise (履行记录)."""

    class Meta:
        model = PromiseFulfilment
        fields = [
            "public_id", "happened_on", "figure", "is_whole", "note", "state", "reported_at", "decided_at",
            "decision_note",
        ]  # fmt: skip
        read_only_fields = fields


class PromiseChangeSerializer(serializers.ModelSerializer[PromiseChange]):
    class Meta:
        model = PromiseChange
        fields = ["old_due_on", "new_due_on", "old_figure", "new_figure", "reason", "changed_at"]
        read_only_fields = fields


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    """A promise (承诺); `standing` is how it stands today: open, changed, partial, overdue, fulfilled, waived."""

    project = ProjectReferenceSerializer(read_only=True)
    person = OwnerReferenceSerializer(read_only=True)
    department: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    standing = serializers.CharField(read_only=True)
    done = serializers.DecimalField(18, 2, read_only=True)
    fulfilments = PromiseFulfilmentSerializer(many=True, read_only=True)
    changes = PromiseChangeSerializer(many=True, read_only=True)

    class Meta:
        model = Promise
        fields = [
            "public_id", "project", "direction", "subject", "text", "figure", "unit", "due_on", "person",
            "department", "source", "state", "standing", "done", "state_note", "closed_on", "fulfilments",
            "changes", "created_at", "version",
        ]  # fmt: skip
        read_only_fields = fields


class PromiseEntrySerializer(Strict, serializers.Serializer[Any]):
    """A promise to write down."""

    project = serializers.CharField(max_length=10, help_text="Public id of a project that you see.")
    direction = serializers.ChoiceField(Direction.choices)
    subject = serializers.ChoiceField(PromiseSubject.choices)
    text = serializers.CharField(max_length=300)
    figure = serializers.DecimalField(18, 2, required=False, allow_null=True)
    unit = serializers.ChoiceField(Unit.choices, required=False)
    due_on = serializers.DateField()
    person = serializers.CharField(max_length=20, required=False, help_text="Staff number.")
    department = serializers.CharField(max_length=20, required=False, help_text="Code of a department.")
    source = serializers.CharField(max_length=160, required=False, allow_blank=True)  # type: ignore[assignment]
    evidence = serializers.ListField(child=serializers.FileField(), required=False)


class FulfilmentEntrySerializer(Strict, serializers.Serializer[Any]):
    """What was done; files as multipart."""

    happened_on = serializers.DateField()
    figure = serializers.DecimalField(18, 2, required=False, allow_null=True)
    is_whole = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.FileField(), required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class PromiseTermsSerializer(Strict, serializers.Serializer[Any]):
    """New terms with the reason."""

    due_on = serializers.DateField()
    figure = serializers.DecimalField(18, 2, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class PromiseReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class FulfilmentDecisionSerializer(Strict, serializers.Serializer[Any]):
    """`fulfilment` is the report that waits; a reason when it is sent back."""

    fulfilment = serializers.CharField(max_length=10)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)
