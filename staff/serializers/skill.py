"""What people can do, as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import Expertise, LanguageLevel, PersonField, PersonLanguage


class PersonLanguageSerializer(serializers.ModelSerializer[PersonLanguage]):
    """A language; `ends_on` is the first day on which it counts no more."""

    class Meta:
        model = PersonLanguage
        fields = ["public_id", "language", "level", "certificate", "starts_on", "ends_on"]
        read_only_fields = fields


class PersonFieldSerializer(serializers.ModelSerializer[PersonField]):
    """A field of industry that the person knows."""

    class Meta:
        model = PersonField
        fields = ["public_id", "field", "level", "note", "starts_on", "ends_on"]
        read_only_fields = fields


class LanguageEntrySerializer(Strict, serializers.Serializer[Any]):
    """A language to enter, or a new level of one; with the certificate as multipart."""

    language = serializers.CharField(max_length=30)
    level = serializers.ChoiceField(choices=LanguageLevel.choices)
    starts_on = serializers.DateField(required=False)
    certificate = serializers.CharField(max_length=80, required=False, allow_blank=True)
    paper = serializers.FileField(required=False)


class FieldEntrySerializer(Strict, serializers.Serializer[Any]):
    """A field of industry to enter, or a new level of one."""

    field = serializers.CharField(max_length=30)
    level = serializers.ChoiceField(choices=Expertise.choices)
    starts_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=120, required=False, allow_blank=True)


class SkillEndSerializer(Strict, serializers.Serializer[Any]):
    """The first day on which it counts no more, and why."""

    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
