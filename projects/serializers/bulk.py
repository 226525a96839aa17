"""Bulk changes as JSON."""

from typing import Any

from rest_framework import serializers

from projects.actions.bulk import MOST, WHATS
from projects.models import BulkChange, BulkChangeRow, Industry, Park, ProjectClass
from projects.serializers.reference import ProjectReferenceSerializer
from projects.workflow import Status
from promotion.api.strict import Strict


class BulkRowSerializer(serializers.ModelSerializer[BulkChangeRow]):
    """What became, or would become, of one project; `note` says why it was not changed."""

    project = ProjectReferenceSerializer(read_only=True)

    class Meta:
        model = BulkChangeRow
        fields: Any = ["project", "outcome", "note", "version_after"]


class BulkChangeSerializer(serializers.ModelSerializer[BulkChange]):
    """One change over several projects (批量修改)."""

    class Meta:
        model = BulkChange
        fields: Any = ["public_id", "what", "values", "reason", "made_at", "undone_at"]


class BulkChangeDetailSerializer(BulkChangeSerializer):
    """The change with its projects, as far as the account sees them."""

    rows = BulkRowSerializer(many=True, source="seen_rows")

    class Meta(BulkChangeSerializer.Meta):
        fields: Any = [*BulkChangeSerializer.Meta.fields, "rows"]


class BulkEntrySerializer(Strict, serializers.Serializer[Any]):
    """What to change in which projects; only the inputs of `what` are read."""

    projects = serializers.ListField(
        child=serializers.CharField(max_length=10), max_length=MOST, min_length=1
    )
    versions = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)
    what = serializers.ChoiceField(choices=WHATS)
    next_step = serializers.CharField(max_length=120, required=False)
    next_step_on = serializers.DateField(required=False)
    project_class = serializers.ChoiceField(choices=ProjectClass.choices, required=False)
    park = serializers.ChoiceField(choices=Park.choices, required=False)
    industry = serializers.ChoiceField(choices=Industry.choices, required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    receiver = serializers.CharField(max_length=20, required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
