"""Training as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import (
    Course,
    CreditRequirement,
    Enrolment,
    Grade,
    TrainingField,
    TrainingPlanLine,
    TrainingSession,
)
from staff.serializers.names import PersonNameSerializer, TeamNameSerializer


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course with what it earns."""

    class Meta:
        model = Course
        fields = [
            "public_id", "title", "field", "grade", "hours", "credits", "summary", "is_open", "version",
        ]  # fmt: skip
        read_only_fields = fields


class CourseEntrySerializer(Strict, serializers.Serializer[Any]):
    """A course to enter; on change only what differs, with the `seen` version."""

    title = serializers.CharField(max_length=80)
    field = serializers.ChoiceField(choices=TrainingField.choices)  # type: ignore[assignment]
    grade = serializers.ChoiceField(choices=Grade.choices, required=False, allow_blank=True)
    hours = serializers.DecimalField(max_digits=5, decimal_places=1)
    credits = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0)
    summary = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_open = serializers.BooleanField(required=False)


class CourseChangeSerializer(CourseEntrySerializer):
    """What changes of a course."""

    seen = serializers.IntegerField(required=False)


class TrainingSessionSerializer(serializers.ModelSerializer[TrainingSession]):
    """A session with its seats."""

    course = CourseSerializer(read_only=True)
    taken = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)

    class Meta:
        model = TrainingSession
        fields = [
            "public_id", "course", "starts_at", "ends_at", "room", "teacher", "seats", "taken", "waiting", "state",
            "reason", "version",
        ]  # fmt: skip
        read_only_fields = fields


class SessionEntrySerializer(Strict, serializers.Serializer[Any]):
    """A session to hold; `course` by its public_id."""

    course = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    room = serializers.CharField(max_length=60)
    teacher = serializers.CharField(max_length=60)
    seats = serializers.IntegerField(min_value=1, max_value=1000)


class SessionChangeSerializer(Strict, serializers.Serializer[Any]):
    """What changes of a session, with the `seen` version."""

    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False)
    room = serializers.CharField(max_length=60, required=False)
    teacher = serializers.CharField(max_length=60, required=False)
    seats = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    seen = serializers.IntegerField(required=False)


class TrainingReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """A person with a seat or waiting for one, in the order of coming."""

    person = PersonNameSerializer(read_only=True)

    class Meta:
        model = Enrolment
        fields = ["person", "state", "since", "attended"]
        read_only_fields = fields


class WhoSerializer(Strict, serializers.Serializer[Any]):
    """Whom it concerns, by staff number."""

    person = serializers.CharField()


class AttendanceSerializer(Strict, serializers.Serializer[Any]):
    """Who came, by staff number; others stay as they are. A reason after closing."""

    came = serializers.DictField(child=serializers.BooleanField())
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CreditRequirementSerializer(serializers.ModelSerializer[CreditRequirement]):
    """How many credits of a field a grade earns in a year, from a day on."""

    class Meta:
        model = CreditRequirement
        fields = ["id", "grade", "field", "credits", "holds_from"]
        read_only_fields = fields


class CreditRequirementEntrySerializer(Strict, serializers.Serializer[Any]):
    """A requirement to settle; 0 asks for none."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    field = serializers.ChoiceField(choices=TrainingField.choices)  # type: ignore[assignment]
    credits = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0)
    holds_from = serializers.DateField()


class FieldCreditSerializer(serializers.Serializer[Any]):
    """A field with what was earned this year, what is asked for and what is lacking."""

    field = serializers.CharField()  # type: ignore[assignment]
    earned = serializers.DecimalField(max_digits=6, decimal_places=1)
    asked = serializers.DecimalField(max_digits=6, decimal_places=1)
    lacking = serializers.DecimalField(max_digits=6, decimal_places=1)


class LackSerializer(serializers.Serializer[Any]):
    person = PersonNameSerializer()
    credits = serializers.DecimalField(max_digits=6, decimal_places=1)


class GapSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    people = serializers.IntegerField()
    lacks = LackSerializer(many=True)


class TeamGapsSerializer(serializers.Serializer[Any]):
    """A team in the five fields: who lacks how many credits."""

    team = TeamNameSerializer()
    people = serializers.IntegerField()
    gaps = GapSerializer(many=True)


class PlanLineSerializer(serializers.ModelSerializer[TrainingPlanLine]):
    """A line of the plan with how many of those concerned have fulfilled it."""

    person = PersonNameSerializer(read_only=True, allow_null=True)
    team = TeamNameSerializer(read_only=True, allow_null=True)
    course = CourseSerializer(read_only=True, allow_null=True)

    class Meta:
        model = TrainingPlanLine
        fields = ["public_id", "person", "team", "course", "field", "since", "due_on", "note", "dropped_on"]
        read_only_fields = fields


class PlanRowSerializer(serializers.Serializer[Any]):
    line = PlanLineSerializer()
    people = serializers.IntegerField()
    done = serializers.IntegerField()
    is_done = serializers.BooleanField()


class PlanEntrySerializer(Strict, serializers.Serializer[Any]):
    """Exactly one of person (staff number) and team (code), and of course (public_id) and field."""

    person = serializers.CharField(required=False, allow_blank=True)
    team = serializers.CharField(required=False, allow_blank=True)
    course = serializers.CharField(required=False, allow_blank=True)
    field = serializers.ChoiceField(choices=TrainingField.choices, required=False, allow_blank=True)  # type: ignore[assignment]
    due_on = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
