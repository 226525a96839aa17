"""The specialists of departments in a project as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import Department, DepartmentContact, ProjectSpecialist
from promotion.api.strict import Strict


class _DepartmentSerializer(serializers.ModelSerializer[Department]):
    class Meta:
        model = Department
        fields = ["code", "name"]
        ref_name = "SpecialistDepartment"


class _ContactSerializer(serializers.ModelSerializer[DepartmentContact]):
    class Meta:
        model = DepartmentContact
        fields = ["id", "name", "title", "phone"]
        ref_name = "SpecialistContact"


class SpecialistSerializer(serializers.ModelSerializer[ProjectSpecialist]):
    """Who answers for a department (部门项目专员) on [starts_on, ends_on)."""

    department = _DepartmentSerializer(read_only=True)
    contact = _ContactSerializer(read_only=True)

    class Meta:
        model = ProjectSpecialist
        fields = ["id", "department", "contact", "starts_on", "ends_on"]
        read_only_fields = fields


class ProjectSpecialistsSerializer(serializers.Serializer[Any]):
    """`lacking` are the departments, by code, that name one when building begins and have not."""

    present = SpecialistSerializer(many=True)
    former = SpecialistSerializer(many=True)
    lacking = serializers.ListField(child=serializers.CharField())


class NameSpecialistSerializer(Strict, serializers.Serializer[Any]):
    """`seen` is the id of the specialist that was read, 0 for none; `reason` when somebody is replaced."""

    contact = serializers.IntegerField(min_value=1, help_text="Id of a contact of the directory.")
    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
    seen = serializers.IntegerField(min_value=0, required=False)


class EndSpecialistSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False)
