"""What the API takes and shows of grades of the next year."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import GradeMeasure, GradeProposal, GradeRound, GradeRule
from promotion.api.strict import Strict
from staff.models import Grade


class GradeRuleSerializer(serializers.ModelSerializer[GradeRule]):
    """Thresholds of grades (职级评定办法); `measure` score: at least so many points, place: among the best so many percent."""

    drafted_by = serializers.CharField(source="drafted_by.display_name")
    released_by = serializers.CharField(source="released_by.display_name", default=None)

    class Meta:
        model = GradeRule
        fields = (
            "public_id",
            "title",
            "holds_from",
            "measure",
            "senior_at",
            "first_at",
            "most_up",
            "most_down",
            "needs_gates",
            "assumptions",
            "state",
            "drafted_by",
            "released_by",
            "released_at",
        )
        read_only_fields = fields


class GradeTermsSerializer(Strict, serializers.Serializer[Any]):
    """Thresholds to draft."""

    title = serializers.CharField(max_length=60)
    holds_from = serializers.IntegerField(min_value=2000, max_value=2100)
    measure = serializers.ChoiceField(GradeMeasure.choices)
    senior_at = serializers.DecimalField(max_digits=7, decimal_places=2, min_value=0)
    first_at = serializers.DecimalField(max_digits=7, decimal_places=2, min_value=0)
    most_up = serializers.IntegerField(min_value=0, max_value=2, default=1)
    most_down = serializers.IntegerField(min_value=0, max_value=2, default=1)
    needs_gates = serializers.BooleanField(default=True)
    assumptions = serializers.CharField(max_length=500, required=False, allow_blank=True)


class GradeRoundSerializer(serializers.ModelSerializer[GradeRound]):
    """The grades that follow from a year (职级评定); `version` is given back as `seen` when one writes."""

    run = serializers.CharField(source="run.public_id")
    rule = serializers.CharField(source="rule.public_id")

    class Meta:
        model = GradeRound
        fields = (
            "public_id",
            "year",
            "run",
            "rule",
            "applies_on",
            "state",
            "version",
            "opinion",
            "approved_at",
            "applied_at",
        )
        read_only_fields = fields


class GradeProposalSerializer(serializers.ModelSerializer[GradeProposal]):
    """One person's grade for the next year (职级建议)."""

    year = serializers.IntegerField(source="round.year")
    person = serializers.CharField(source="person.staff_number", help_text="Staff number.")
    name = serializers.CharField(source="person.name")
    team = serializers.CharField(source="team.code", help_text="Code of the team.")
    total = serializers.SerializerMethodField()
    rank = serializers.IntegerField(source="standing.rank", default=None, allow_null=True)

    class Meta:
        model = GradeProposal
        fields = (
            "public_id",
            "year",
            "person",
            "name",
            "team",
            "total",
            "rank",
            "present",
            "proposed",
            "basis",
            "decided",
            "reason",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DecimalField(max_digits=12, decimal_places=4, allow_null=True))
    def get_total(self, row: GradeProposal) -> str | None:
        return None if row.standing is None else str(row.standing.total)


class OpenGradesSerializer(Strict, serializers.Serializer[Any]):
    year = serializers.IntegerField(min_value=2000, max_value=2100)


class SeenGradesSerializer(Strict, serializers.Serializer[Any]):
    """The version that one read; left out: whatever is there."""

    seen = serializers.IntegerField(required=False, min_value=1)


class ApproveGradesSerializer(SeenGradesSerializer):
    approve = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DecideGradeSerializer(Strict, serializers.Serializer[Any]):
    grade = serializers.ChoiceField(Grade.choices)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
