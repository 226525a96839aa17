"""Blockers as JSON: the clock as dates and a level, the course line by line."""

from typing import Any

from rest_framework import serializers

from projects.models import AnswerLink, Blocker, BlockerEntry, Department, DepartmentContact
from projects.serializers.reference import ProjectReferenceSerializer
from promotion.api.strict import Strict


class DepartmentReferenceSerializer(serializers.ModelSerializer[Department]):
    class Meta:
        model = Department
        fields = ["code", "name"]


class ContactReferenceSerializer(serializers.ModelSerializer[DepartmentContact]):
    class Meta:
        model = DepartmentContact
        fields = ["id", "name", "title"]


class BlockerEntrySerializer(serializers.ModelSerializer[BlockerEntry]):
    """A line of the course (堵点记录)."""

    class Meta:
        model = BlockerEntry
        fields = ["kind", "text", "signed_by", "at"]


class BlockerSerializer(serializers.ModelSerializer[Blocker]):
    """A blocker (堵点); `level` is green, yellow or red today, `version` goes back with a change."""

    project = ProjectReferenceSerializer(read_only=True)
    department = DepartmentReferenceSerializer(read_only=True)
    contact = ContactReferenceSerializer(read_only=True, allow_null=True)
    level = serializers.CharField(source="level_now", read_only=True)

    class Meta:
        model = Blocker
        fields = [
            "public_id", "project", "department", "contact", "title", "text", "state", "level", "raised_on", "yellow_on",
            "due_on", "round", "answer", "answered_on", "promised_on", "solution", "closed_on", "version", "changed_at",
        ]  # fmt: skip
        read_only_fields = fields


class BlockerDetailSerializer(BlockerSerializer):
    """One blocker with its course."""

    entries = BlockerEntrySerializer(many=True, read_only=True)

    class Meta(BlockerSerializer.Meta):
        fields = [*BlockerSerializer.Meta.fields, "entries"]
        read_only_fields = fields


class RaiseBlockerSerializer(Strict, serializers.Serializer[Any]):
    """Department by its code; without a contact its specialist in the project is asked."""

    department = serializers.SlugRelatedField(slug_field="code", queryset=Department.objects.all())
    contact = serializers.PrimaryKeyRelatedField(queryset=DepartmentContact.objects.all(), required=False)
    title = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    on = serializers.DateField(required=False)
    files = serializers.ListField(child=serializers.FileField(), required=False)


class BlockerNoteSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)
    files = serializers.ListField(child=serializers.FileField(), required=False)


class BlockerAnswerSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)
    promised_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1, required=False)
    files = serializers.ListField(child=serializers.FileField(), required=False)


class BlockerSolveSerializer(Strict, serializers.Serializer[Any]):
    solution = serializers.CharField(max_length=2000)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)
    files = serializers.ListField(child=serializers.FileField(), required=False)


class BlockerReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)
    version = serializers.IntegerField(min_value=1, required=False)


class BlockerExtendSerializer(BlockerReasonSerializer):
    due_on = serializers.DateField()


class IssueLinkSerializer(Strict, serializers.Serializer[Any]):
    contact = serializers.PrimaryKeyRelatedField(queryset=DepartmentContact.objects.all(), required=False)
    days = serializers.IntegerField(min_value=1, max_value=30, required=False)


class AnswerLinkSerializer(serializers.ModelSerializer[AnswerLink]):
    """A one-time link; `address` is there only in the answer that issued it."""

    address = serializers.CharField(read_only=True, default="")

    class Meta:
        model = AnswerLink
        fields = ["id", "contact", "issued_at", "expires_at", "opened_at", "used_at", "revoked_at", "address"]
        read_only_fields = fields


class TimeLimitSerializer(Strict, serializers.Serializer[Any]):
    project_class = serializers.ChoiceField(
        choices=["", "ordinary", "major", "strategic"], required=False, default="", allow_blank=True
    )
    answer_days = serializers.IntegerField(min_value=1, max_value=250)
    solve_days = serializers.IntegerField(min_value=1, max_value=250)
    warning_days = serializers.IntegerField(min_value=0, max_value=60)
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
