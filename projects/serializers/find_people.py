"""People who fit a project, and limits of load, as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import LoadLimit
from promotion.api.strict import Strict
from staff.models import Grade, Person


class FoundPersonSerializer(serializers.ModelSerializer[Person]):
    """A person in a post today; `room` is how many more running projects the limit leaves, below zero when over."""

    team = serializers.CharField(source="team_name")
    grade = serializers.ChoiceField(choices=Grade.choices)
    languages = serializers.CharField()
    fields_known = serializers.CharField(source="known")
    running = serializers.IntegerField()
    running_key = serializers.IntegerField()
    room = serializers.IntegerField()
    room_key = serializers.IntegerField()

    class Meta:
        model = Person
        fields: Any = [
            "public_id", "staff_number", "name", "team", "grade", "languages", "fields_known", "running", "running_key",
            "room", "room_key",
        ]  # fmt: skip


class LoadLimitSerializer(serializers.ModelSerializer[LoadLimit]):
    """Up to how many running projects, and key projects among them, from a day on."""

    class Meta:
        model = LoadLimit
        fields = ["id", "grade", "projects", "key_projects", "holds_from", "note", "set_at"]
        read_only_fields = ["id", "set_at"]


class LoadLimitEntrySerializer(Strict, serializers.Serializer[Any]):
    """A limit to settle."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    projects = serializers.IntegerField(min_value=1, max_value=200)
    key_projects = serializers.IntegerField(min_value=0, max_value=200)
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
