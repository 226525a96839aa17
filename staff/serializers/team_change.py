"""Teams founded, changed, closed and led by another, as JSON; and the organisation of a day."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import TeamKind
from staff.serializers.names import PersonNameSerializer

KINDS = [(kind.value, kind.label) for kind in TeamKind if kind != TeamKind.UNIT]


class TeamFoundSerializer(Strict, serializers.Serializer[Any]):
    """A team to found; `parent` by its code."""

    code = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=KINDS)
    founded_on = serializers.DateField()
    parent = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]
    fields = serializers.ListField(child=serializers.CharField(max_length=30), required=False)  # type: ignore[assignment]
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)


class TeamChangeSerializer(Strict, serializers.Serializer[Any]):
    """What changes from the day on; what is left out stays. `parent` by its code, empty for none."""

    name = serializers.CharField(max_length=60, required=False)
    parent = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]
    fields = serializers.ListField(child=serializers.CharField(max_length=30), required=False)  # type: ignore[assignment]
    region = serializers.CharField(max_length=60, required=False, allow_blank=True)
    on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class TeamCloseSerializer(Strict, serializers.Serializer[Any]):
    """The first day on which the team is no more, and why."""

    on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class TeamLeaderSerializer(Strict, serializers.Serializer[Any]):
    """Who leads from the day on, by staff number."""

    person = serializers.CharField()
    on = serializers.DateField()


class TeamOnDaySerializer(serializers.Serializer[Any]):
    """A team as it was on the day; `depth` is how far below the head of its branch it stands."""

    public_id = serializers.CharField(source="team.public_id")
    code = serializers.CharField(source="team.code")
    name = serializers.CharField(source="team.name")
    kind = serializers.CharField(source="team.kind")
    fields = serializers.ListField(source="team.fields", child=serializers.CharField())  # type: ignore[assignment]
    region = serializers.CharField(source="team.region")
    depth = serializers.IntegerField()
    leaders = PersonNameSerializer(many=True)
    people = serializers.IntegerField()


class OrganisationSerializer(serializers.Serializer[Any]):
    """All teams of the day, each branch after its head."""

    day = serializers.DateField()
    people = serializers.IntegerField()
    teams = TeamOnDaySerializer(many=True)
