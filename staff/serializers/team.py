"""Teams with their members of today."""

from typing import Any

from rest_framework import serializers

from staff.models import Appointment, Team
from staff.serializers.names import PersonNameSerializer, TeamNameSerializer


class MemberSerializer(serializers.ModelSerializer[Appointment]):
    """A team's member of today."""

    person = PersonNameSerializer(read_only=True)

    class Meta:
        model = Appointment
        fields = ["person", "grade", "is_leader", "starts_on", "ends_on"]


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team with the posts in force today."""

    parent = TeamNameSerializer(read_only=True, allow_null=True)
    members = MemberSerializer(many=True, read_only=True, source="posts_today")

    class Meta:
        model = Team
        fields: Any = [
            "public_id", "code", "name", "kind", "parent", "fields", "region", "founded_on", "closed_on", "members",
        ]  # fmt: skip
