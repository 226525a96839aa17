"""Who sees a project, who was named to read it, and who opened it, as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import ProjectReader, ProjectView
from projects.serializers.reference import OwnerReferenceSerializer
from promotion.api.strict import Strict


class ViewerSerializer(serializers.Serializer[Any]):
    """Somebody who sees the project: a person or a role, with every reason."""

    name = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    until = serializers.DateField(allow_null=True)


class ReaderSerializer(serializers.ModelSerializer[ProjectReader]):
    """A person named to read a project (指定查看人), half-open in time."""

    person = OwnerReferenceSerializer(read_only=True)

    class Meta:
        model = ProjectReader
        fields = ["id", "person", "reads_from", "reads_until", "reason"]
        read_only_fields = fields


class SightSerializer(serializers.Serializer[Any]):
    """Whether the project is secret, and everybody who sees it."""

    is_secret = serializers.BooleanField()
    code_name = serializers.CharField(allow_blank=True)
    secrecy_reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    viewers = ViewerSerializer(many=True)
    readers = ReaderSerializer(many=True)


class ProjectViewSerializer(serializers.ModelSerializer[ProjectView]):
    """That somebody opened the secret project (查看记录)."""

    account = serializers.CharField(source="account.display_name")

    class Meta:
        model = ProjectView
        fields = ["account", "kind", "detail", "viewed_at"]


class MakeSecretSerializer(Strict, serializers.Serializer[Any]):
    """The code name may not be taken from the names of project or company; the actor becomes a reader."""

    code_name = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=200)
    readers = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, help_text="Staff numbers."
    )
    version = serializers.IntegerField(min_value=1, required=False)


class LiftSecrecySerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class NameReaderSerializer(Strict, serializers.Serializer[Any]):
    """`until` is the first day on which the person reads it no longer."""

    person = serializers.CharField(max_length=20, help_text="Staff number.")
    reason = serializers.CharField(max_length=200)
    until = serializers.DateField(required=False, allow_null=True)
