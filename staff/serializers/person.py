"""People with their posts. Telephone and mail stay in the house."""

from typing import Any

from rest_framework import serializers

from staff.models import Appointment, Person
from staff.serializers.names import TeamNameSerializer
from staff.serializers.skill import PersonFieldSerializer, PersonLanguageSerializer


class PostSerializer(serializers.ModelSerializer[Appointment]):
    """A person's post; `ends_on` is the first day on which it is no longer held."""

    team = TeamNameSerializer(read_only=True)

    class Meta:
        model = Appointment
        fields = ["team", "grade", "is_leader", "kind", "starts_on", "ends_on"]


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A member of the staff with all posts, newest first."""

    appointments = PostSerializer(many=True, read_only=True)
    languages = serializers.CharField(read_only=True, help_text="Today's, in one cell, the best first.")
    spoken = PersonLanguageSerializer(many=True, read_only=True)
    known_fields = PersonFieldSerializer(many=True, read_only=True)

    class Meta:
        model = Person
        fields: Any = [
            "public_id", "staff_number", "name", "pinyin", "identity", "home_unit", "languages", "spoken", "known_fields",
            "joined_on", "left_on", "appointments",
        ]  # fmt: skip
