"""People and teams as JSON. Telephone and mail stay in the house: another system gets what an assessment needs."""

from typing import Any

from rest_framework import serializers

from staff.models import Appointment, Person, Team


class TeamNameSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["public_id", "code", "name"]


class PersonNameSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["public_id", "staff_number", "name"]


class PostSerializer(serializers.ModelSerializer[Appointment]):
    """A person's post; `ends_on` is the first day on which it is no longer held."""

    team = TeamNameSerializer(read_only=True)

    class Meta:
        model = Appointment
        fields = ["team", "grade", "is_leader", "starts_on", "ends_on"]


class MemberSerializer(serializers.ModelSerializer[Appointment]):
    """A team's member of today."""

    person = PersonNameSerializer(read_only=True)

    class Meta:
        model = Appointment
        fields = ["person", "grade", "is_leader", "starts_on", "ends_on"]


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A member of the staff with all posts, newest first."""

    appointments = PostSerializer(many=True, read_only=True)

    class Meta:
        model = Person
        fields: Any = [
            "public_id", "staff_number", "name", "pinyin", "identity", "languages", "joined_on", "left_on", "appointments",
        ]  # fmt: skip


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team with the posts in force today."""

    parent = TeamNameSerializer(read_only=True, allow_null=True)
    members = MemberSerializer(many=True, read_only=True, source="posts_today")

    class Meta:
        model = Team
        fields: Any = [
            "public_id", "code", "name", "kind", "parent", "fields", "region", "founded_on", "closed_on", "members",
        ]  # fmt: skip
