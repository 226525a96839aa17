"""Moves, secondments, days away, leaving and return as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import Absence, AbsenceKind, Account, Departure, DepartureKind, Grade
from staff.queries.absence import shown
from staff.serializers.names import PersonNameSerializer


class PostMoveSerializer(Strict, serializers.Serializer[Any]):
    """To another team (its code) from a day on; without a grade the one held stays."""

    team = serializers.CharField(max_length=20)
    starts_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False)
    is_leader = serializers.BooleanField(required=False)


class SecondmentSerializer(Strict, serializers.Serializer[Any]):
    """Lent to another team (its code) until the day before `ends_on`; the post at home goes on from then by itself."""

    team = serializers.CharField(max_length=20)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class LeaveSerializer(Strict, serializers.Serializer[Any]):
    """`ends_on` is the first day away."""

    kind = serializers.ChoiceField(choices=DepartureKind.choices)
    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class HomecomingSerializer(Strict, serializers.Serializer[Any]):
    """The post of who comes back: team (its code), grade, first day."""

    team = serializers.CharField(max_length=20)
    grade = serializers.ChoiceField(choices=Grade.choices)
    starts_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """Days away. `kind` and `note` are empty unless the account may know why (HR, the person)."""

    person = PersonNameSerializer(read_only=True)
    kind = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()

    class Meta:
        model = Absence
        fields = ["public_id", "person", "starts_on", "ends_on", "kind", "note", "version"]
        read_only_fields = fields

    def get_kind(self, absence: Absence) -> str:
        return absence.kind if shown(self._reader, absence).why else ""

    def get_note(self, absence: Absence) -> str:
        return shown(self._reader, absence).note

    @property
    def _reader(self) -> Account:
        reader: Account = self.context["request"].user
        return reader


class AbsenceTermsSerializer(Strict, serializers.Serializer[Any]):
    """Why, from when, and the first day back where it is known."""

    kind = serializers.ChoiceField(choices=AbsenceKind.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AbsenceEntrySerializer(AbsenceTermsSerializer):
    person = serializers.CharField(max_length=20, help_text="Staff number.")


class AbsenceChangeSerializer(AbsenceTermsSerializer):
    version = serializers.IntegerField()


class DepartureSerializer(serializers.ModelSerializer[Departure]):
    """Leaving the house; `ends_on` is the first day away."""

    person = PersonNameSerializer(read_only=True)

    class Meta:
        model = Departure
        fields: Any = [
            "public_id", "person", "kind", "state", "ends_on", "reason", "account_closed_at", "held_reason",
            "revoke_reason", "opened_at", "finished_at", "returned_on",
        ]  # fmt: skip
        read_only_fields = fields


class DepartureRevokeSerializer(Strict, serializers.Serializer[Any]):
    """Why somebody stays after all."""

    reason = serializers.CharField(max_length=200)


class AbsenceRemoveSerializer(Strict, serializers.Serializer[Any]):
    """Why what was written is taken back."""

    reason = serializers.CharField(max_length=200)


class SecondmentEndSerializer(Strict, serializers.Serializer[Any]):
    """The first day back at home, and which secondment by its first day (the latest unless given)."""

    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    starts_on = serializers.DateField(required=False)


class DepartureFinishSerializer(Strict, serializers.Serializer[Any]):
    """Why what is still held may stay; empty when nothing is held."""

    held_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
