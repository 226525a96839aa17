"""Departments and their contacts as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import Department, DepartmentContact
from promotion.api.strict import Strict


class DepartmentContactSerializer(Strict, serializers.ModelSerializer[DepartmentContact]):
    """A person of a department (部门联系人)."""

    class Meta:
        model = DepartmentContact
        fields = ["id", "name", "title", "phone", "email", "is_active", "version"]
        read_only_fields = ["id", "is_active", "version"]


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A department (职能部门); `version` goes back with a change."""

    contacts = DepartmentContactSerializer(many=True, read_only=True)

    class Meta:
        model = Department
        fields = [
            "public_id", "code", "name", "duties", "phone", "names_specialist", "is_open", "version", "contacts",
        ]  # fmt: skip
        read_only_fields = fields


class DepartmentEntrySerializer(Strict, serializers.Serializer[Any]):
    code = serializers.SlugField(max_length=20)
    name = serializers.CharField(max_length=60)
    duties = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    names_specialist = serializers.BooleanField(required=False)


class DepartmentChangeSerializer(Strict, serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=60, required=False)
    duties = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    names_specialist = serializers.BooleanField(required=False)


class DepartmentContactChangeSerializer(Strict, serializers.Serializer[Any]):
    """What is left out stays; `version` is the contact's."""

    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=40, required=False)
    title = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)


class DepartmentTurnSerializer(Strict, serializers.Serializer[Any]):
    """`version` is that of what is closed, opened again or retired."""

    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
