"""What the API shows of uploaded or planned tables before they are written."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from promotion.api.strict import Strict
from promotion.models import ImportBatch


class TableSerializer(Strict, serializers.Serializer[Any]):
    """A workbook (.xlsx) or CSV file with the headings of the downloaded table."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    file = serializers.FileField()


class KeptPreviewSerializer(serializers.ModelSerializer[ImportBatch]):
    """An uploaded or planned table (导入批次): how many rows are new, changed, the same as now, and refused."""

    created_by = serializers.CharField(source="created_by.display_name")
    new = serializers.SerializerMethodField()
    changed = serializers.SerializerMethodField()
    same = serializers.SerializerMethodField()
    rejected = serializers.SerializerMethodField()

    class Meta:
        model = ImportBatch
        fields = (
            "public_id",
            "file_name",
            "state",
            "created_by",
            "created_at",
            "applied_at",
            "new",
            "changed",
            "same",
            "rejected",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField())
    def get_new(self, batch: ImportBatch) -> int:
        return sum(not row["same"] and not row["old"] for row in batch.accepted)

    @extend_schema_field(serializers.IntegerField())
    def get_changed(self, batch: ImportBatch) -> int:
        return sum(not row["same"] and bool(row["old"]) for row in batch.accepted)

    @extend_schema_field(serializers.IntegerField())
    def get_same(self, batch: ImportBatch) -> int:
        return sum(bool(row["same"]) for row in batch.accepted)

    @extend_schema_field(serializers.IntegerField())
    def get_rejected(self, batch: ImportBatch) -> int:
        return len(batch.rejected)


class RejectedRowSerializer(serializers.Serializer[Any]):
    """A row that will not be written: its line in the file, its cells by heading, and why."""

    line = serializers.IntegerField()
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))
    reasons = serializers.ListField(child=serializers.CharField())
