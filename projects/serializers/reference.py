"""How one record names another: by its public id and what a person calls it."""

from typing import Any

from rest_framework import serializers

from projects.models import Company, Project
from staff.models import Person, Team


class CompanyReferenceSerializer(serializers.ModelSerializer[Company]):
    class Meta:
        model = Company
        fields = ["public_id", "name", "credit_code"]


class ProjectReferenceSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["public_id", "code", "name"]


class OwnerReferenceSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields: Any = ["staff_number", "name"]


class TeamReferenceSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields: Any = ["code", "name"]
