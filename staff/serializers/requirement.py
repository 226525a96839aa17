"""What each grade asks for, as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import Grade, GradeRequirement


class GradeRequirementSerializer(serializers.ModelSerializer[GradeRequirement]):
    """One thing that a grade asks for; `holds_until` is the first day on which it does not."""

    class Meta:
        model = GradeRequirement
        fields = ["id", "grade", "text", "position", "holds_from", "holds_until"]
        read_only_fields = fields


class GradeRequirementEntrySerializer(Strict, serializers.Serializer[Any]):
    """One more requirement; from today or a later day."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    text = serializers.CharField(max_length=200)
    holds_from = serializers.DateField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class GradeRequirementAdoptSerializer(Strict, serializers.Serializer[Any]):
    """The words of the published reform for a grade without a list, from any day."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    holds_from = serializers.DateField()


class GradeRequirementEndSerializer(Strict, serializers.Serializer[Any]):
    """The first day on which it is asked for no more, and why."""

    holds_until = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class GradeRequirementOrderSerializer(Strict, serializers.Serializer[Any]):
    """Every requirement of the grade without an end, in the wanted order."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    order = serializers.ListField(child=serializers.IntegerField(min_value=1))
