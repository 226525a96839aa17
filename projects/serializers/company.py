"""Companies as JSON, and the answer to whether one is already there."""

from typing import Any

from rest_framework import serializers

from projects.models import Company
from promotion.api.strict import Strict


class CompanySerializer(serializers.ModelSerializer[Company]):
    """An investor or enterprise (企业客商)."""

    class Meta:
        model = Company
        fields = [
            "public_id", "name", "english_name", "credit_code", "country", "region", "website", "created_at", "version",
            "is_demo",
        ]  # fmt: skip
        read_only_fields = fields


class CompanyCheckSerializer(Strict, serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    credit_code = serializers.CharField(max_length=40, required=False, allow_blank=True)


class DuplicateSerializer(serializers.Serializer[Any]):
    """One hit; without address and name of its own when it is another team's."""

    kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    held_by_team = serializers.CharField(allow_blank=True)
    since = serializers.DateField(allow_null=True)
    visible = serializers.BooleanField()


class CompanyCheckResultSerializer(serializers.Serializer[Any]):
    """`credit_code_fault` is empty when the code is right or none was given."""

    credit_code_fault = serializers.CharField(allow_blank=True)
    duplicates = DuplicateSerializer(many=True)
