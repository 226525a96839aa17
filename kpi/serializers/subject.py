"""How the API names whom a row is about: a person by staff number, or a team or unit by code."""

from typing import Any

from rest_framework import serializers


class SubjectFields(serializers.Serializer[Any]):
    """Mix-in for rows with `person` or `team`."""

    person = serializers.CharField(
        source="person.staff_number", default=None, read_only=True, help_text="Staff number."
    )
    team = serializers.CharField(
        source="team.code", default=None, read_only=True, help_text="Code of the team or unit."
    )
    name = serializers.SerializerMethodField()

    def get_name(self, row: Any) -> str:
        subject = row.person or row.team
        return subject.name if subject else ""


class NamedSubject(serializers.Serializer[Any]):
    """Mix-in for input that says whom it is about."""

    person = serializers.CharField(
        max_length=20, required=False, allow_null=True, help_text="Staff number; or `team`."
    )
    team = serializers.CharField(
        max_length=20, required=False, allow_null=True, help_text="Code of a team or unit; or `person`."
    )
