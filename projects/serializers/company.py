"""Companies as JSON, their names, groups and people, and the answer to whether one is already there."""

from typing import Any

from rest_framework import serializers

from projects.models import (
    AliasKind,
    Company,
    CompanyAlias,
    CompanyGroup,
    CompanyMerge,
    Contact,
    ContactPart,
    ContactRole,
    DuplicatePair,
    DuplicateScan,
)
from promotion.api.strict import Strict


class AliasSerializer(serializers.ModelSerializer[CompanyAlias]):
    """Another name (别名) of a company."""

    class Meta:
        model = CompanyAlias
        fields = ["id", "name", "kind", "note", "created_at"]
        read_only_fields = fields


class AliasEntrySerializer(Strict, serializers.Serializer[Any]):
    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=AliasKind.choices, default=AliasKind.ALIAS)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CompanySerializer(serializers.ModelSerializer[Company]):
    """An investor or enterprise (企业客商). After a merge the old public id answers with the company that was kept."""

    group: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    group_name = serializers.CharField(source="group.name", default="", read_only=True)
    aliases = AliasSerializer(many=True, read_only=True)

    class Meta:
        model = Company
        fields = [
            "public_id", "name", "reading", "english_name", "credit_code", "country", "region", "address", "controller",
            "website", "group", "group_name", "aliases", "created_at", "version", "is_demo",
        ]  # fmt: skip
        read_only_fields = fields


class CompanyChangeSerializer(Strict, serializers.Serializer[Any]):
    """`group` is the group's name; a new name makes a new group, an empty one takes the company out."""

    version = serializers.IntegerField(required=False)
    name = serializers.CharField(max_length=120, required=False)
    reading = serializers.CharField(max_length=200, required=False, allow_blank=True)
    english_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    credit_code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    country = serializers.CharField(max_length=40, required=False)
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    controller = serializers.CharField(max_length=120, required=False, allow_blank=True)
    website = serializers.CharField(max_length=200, required=False, allow_blank=True)
    group = serializers.CharField(max_length=120, required=False, allow_blank=True)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person to talk to (联系人); retired ones carry the day."""

    class Meta:
        model = Contact
        fields = ["id", "name", "title", "phone", "email", "retired_on", "version"]
        read_only_fields = fields


class ContactEntrySerializer(Strict, serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)


class ContactChangeSerializer(Strict, serializers.Serializer[Any]):
    version = serializers.IntegerField(required=False)
    name = serializers.CharField(max_length=60, required=False)
    title = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)


class ContactRoleSerializer(serializers.ModelSerializer[ContactRole]):
    """A contact's part in a project (联系人角色), half-open dates."""

    contact = ContactSerializer(read_only=True)

    class Meta:
        model = ContactRole
        fields = ["id", "contact", "part", "starts_on", "ends_on"]
        read_only_fields = fields


class ContactRoleEntrySerializer(Strict, serializers.Serializer[Any]):
    contact = serializers.IntegerField()
    part = serializers.ChoiceField(choices=ContactPart.choices)
    starts_on = serializers.DateField(required=False)


class CompanyReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class CompanyGroupSerializer(serializers.ModelSerializer[CompanyGroup]):
    """A group (集团) with what the account sees of it."""

    parent: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    company_count = serializers.IntegerField(read_only=True)
    project_count = serializers.IntegerField(read_only=True)
    planned = serializers.DecimalField(max_digits=20, decimal_places=2, read_only=True, allow_null=True)

    class Meta:
        model = CompanyGroup
        fields = [
            "public_id",
            "name",
            "country",
            "parent",
            "company_count",
            "project_count",
            "planned",
            "version",
        ]
        read_only_fields = fields


class MergeEntrySerializer(Strict, serializers.Serializer[Any]):
    """The company `lost` becomes part of the one in the address. `choices`: field → "kept" or "lost"; `reception` when both hold one."""

    lost = serializers.CharField(max_length=10)
    reason = serializers.CharField(max_length=300)
    choices = serializers.DictField(child=serializers.ChoiceField(choices=["kept", "lost"]), required=False)
    reception = serializers.ChoiceField(choices=["kept", "lost"], required=False)


class FieldChoiceSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kept = serializers.CharField()
    lost = serializers.CharField()
    chosen = serializers.CharField(help_text="Empty when it must be decided.")


class MoveSerializer(serializers.Serializer[Any]):
    label: Any = serializers.CharField()
    count = serializers.IntegerField()
    staying = serializers.IntegerField()


class MergePreviewSerializer(serializers.Serializer[Any]):
    """What a merge would do; `must_choose_reception` when both companies hold a first reception."""

    fields_side_by_side = FieldChoiceSerializer(many=True, source="fields")
    moves = MoveSerializer(many=True)
    same_projects = serializers.ListField(child=serializers.CharField())
    must_choose_reception = serializers.SerializerMethodField()

    def get_must_choose_reception(self, preview: Any) -> bool:
        return bool(preview.receptions)


class MergeSerializer(serializers.ModelSerializer[CompanyMerge]):
    """A merge (企业合并) with how many rows moved, and whether it was undone."""

    kept: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    lost: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    moved = serializers.SerializerMethodField()

    class Meta:
        model = CompanyMerge
        fields = ["public_id", "kept", "lost", "reason", "moved", "merged_at", "undone_at", "undo_reason"]
        read_only_fields = fields

    def get_moved(self, merge: CompanyMerge) -> dict[str, int]:
        return {key: len(pks) for key, pks in merge.moved.items()}


class DuplicatePairSerializer(serializers.ModelSerializer[DuplicatePair]):
    """Two companies that may be one (疑似重复)."""

    first: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    second: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    first_name = serializers.CharField(source="first.name", read_only=True)
    second_name = serializers.CharField(source="second.name", read_only=True)

    class Meta:
        model = DuplicatePair
        fields = [
            "public_id", "first", "first_name", "second", "second_name", "score", "reasons", "found_at", "dismissed_at",
            "dismiss_reason",
        ]  # fmt: skip
        read_only_fields = fields


class DuplicateScanSerializer(serializers.ModelSerializer[DuplicateScan]):
    class Meta:
        model = DuplicateScan
        fields = [
            "public_id",
            "state",
            "step",
            "done",
            "planned",
            "found",
            "error",
            "requested_at",
            "finished_at",
        ]
        read_only_fields = fields


class CompanyCheckSerializer(Strict, serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    credit_code = serializers.CharField(max_length=40, required=False, allow_blank=True)


class DuplicateSerializer(serializers.Serializer[Any]):
    """One hit; without address and name of its own when it is another team's. `also` is the other name it was found by."""

    kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    held_by_team = serializers.CharField(allow_blank=True)
    since = serializers.DateField(allow_null=True)
    visible = serializers.BooleanField()
    also = serializers.CharField(allow_blank=True)


class CompanyCheckResultSerializer(serializers.Serializer[Any]):
    """`credit_code_fault` is empty when the code is right or none was given."""

    credit_code_fault = serializers.CharField(allow_blank=True)
    duplicates = DuplicateSerializer(many=True)
