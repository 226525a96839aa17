"""Admission, due diligence, pre-coaching and the configuration of the gates as JSON. Money in 元, land in 亩."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from projects.models import (
    GATED_MILESTONES,
    AdmissionApplication,
    AdmissionCriterion,
    AdmissionDecision,
    Checklist,
    ChecklistTopic,
    CoachingItem,
    Department,
    Diligence,
    DiligenceItem,
    GateRequirement,
    ProjectClass,
    ReviewRule,
    Risk,
)
from projects.queries.admission import judged_on
from projects.review_rules import Direction, GateKind, Metric
from projects.serializers.blocker import DepartmentReferenceSerializer
from projects.serializers.joint_review import ConditionEntrySerializer, ReviewConditionSerializer
from projects.serializers.reference import ProjectReferenceSerializer
from promotion.api.strict import Strict

FIGURES = [
    "investment", "land_area", "annual_output", "annual_tax", "annual_energy", "annual_emissions", "jobs",
]  # fmt: skip
DECISIONS = [each for each in AdmissionDecision.choices if each[0]]
MILESTONES = [(each.value, each.label) for each in GATED_MILESTONES]


class CriterionLineSerializer(serializers.Serializer[Any]):
    """A criterion with the figure it judges: met, not_met, or no_figure."""

    label: Any = serializers.CharField()
    direction = serializers.CharField()
    threshold = serializers.DecimalField(max_digits=12, decimal_places=4)
    figure = serializers.DecimalField(max_digits=24, decimal_places=4, allow_null=True)
    verdict = serializers.CharField()
    is_assumption = serializers.BooleanField()


class AdmissionSerializer(serializers.ModelSerializer[AdmissionApplication]):
    """An application for admission (准入申请); `decision` is empty while it waits."""

    project = ProjectReferenceSerializer(read_only=True)
    decision = serializers.CharField(read_only=True)

    class Meta:
        model = AdmissionApplication
        fields = [
            "public_id", "project", *FIGURES, "note", "submitted_at", "decision", "number", "reason", "decided_on",
            "version",
        ]  # fmt: skip
        read_only_fields = fields


class AdmissionDetailSerializer(AdmissionSerializer):
    """One application with the criteria of its day and its conditions."""

    criteria = serializers.SerializerMethodField()
    conditions = ReviewConditionSerializer(many=True, read_only=True)

    class Meta(AdmissionSerializer.Meta):
        fields = [*AdmissionSerializer.Meta.fields, "criteria", "conditions"]
        read_only_fields = fields

    def get_criteria(self, application: AdmissionApplication) -> list[dict[str, Any]]:
        return CriterionLineSerializer(judged_on(application), many=True).data  # type: ignore[return-value]


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True
    )


class ApplyForAdmissionSerializer(Strict, serializers.Serializer[Any]):
    """What is not known is left out. Without `investment` the project's own figure is taken."""

    investment = _amount()
    land_area = _amount()
    annual_output = _amount()
    annual_tax = _amount()
    annual_energy = _amount()
    annual_emissions = _amount()
    jobs = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DecideAdmissionSerializer(Strict, serializers.Serializer[Any]):
    decision = serializers.ChoiceField(DECISIONS)
    reason = serializers.CharField(max_length=300)
    number = serializers.CharField(max_length=30, required=False, allow_blank=True)
    on = serializers.DateField(required=False)
    conditions = ConditionEntrySerializer(many=True, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class DiligenceItemSerializer(serializers.ModelSerializer[DiligenceItem]):
    risk = serializers.CharField(read_only=True)

    class Meta:
        model = DiligenceItem
        fields = ["id", "title", "guidance", "finding", "risk", "found_at"]
        read_only_fields = fields


class DiligenceSerializer(serializers.ModelSerializer[Diligence]):
    """An inquiry (尽职调查) with how many topics it has and how many have a finding."""

    project = ProjectReferenceSerializer(read_only=True)
    topics = serializers.IntegerField(read_only=True)
    found = serializers.IntegerField(read_only=True)
    risk = serializers.CharField(read_only=True)

    class Meta:
        model = Diligence
        fields = [
            "public_id", "project", "state", "opened_at", "topics", "found", "conclusion", "risk", "concluded_at",
            "confirmed_at", "review_note", "version",
        ]  # fmt: skip
        read_only_fields = fields


class DiligenceDetailSerializer(DiligenceSerializer):
    """One inquiry with its topics."""

    items = DiligenceItemSerializer(many=True, read_only=True)

    class Meta(DiligenceSerializer.Meta):
        fields = [*DiligenceSerializer.Meta.fields, "items"]
        read_only_fields = fields


class FindingSerializer(Strict, serializers.Serializer[Any]):
    """Multipart where a paper goes along; `version` is that of the inquiry."""

    item = serializers.IntegerField()
    finding = serializers.CharField(max_length=500)
    risk = serializers.ChoiceField(Risk.choices)
    upload = serializers.FileField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ConcludeDiligenceSerializer(Strict, serializers.Serializer[Any]):
    conclusion = serializers.CharField(max_length=500)
    risk = serializers.ChoiceField(Risk.choices)
    version = serializers.IntegerField(min_value=1, required=False)


class ReviewNoteSerializer(Strict, serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class CoachingSerializer(serializers.ModelSerializer[CoachingItem]):
    """A matter of pre-coaching (辅导事项); done, or not needed with the reason in `advice`."""

    project = ProjectReferenceSerializer(read_only=True)
    department = DepartmentReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CoachingItem
        fields = [
            "id", "project", "title", "guidance", "department", "advice", "advised_on", "done_on", "is_needed",
            "version",
        ]  # fmt: skip
        read_only_fields = fields


class RecordCoachingSerializer(Strict, serializers.Serializer[Any]):
    advice = serializers.CharField(max_length=500, required=False, allow_blank=True)
    advised_on = serializers.DateField(required=False, allow_null=True)
    done_on = serializers.DateField(required=False, allow_null=True)
    is_needed = serializers.BooleanField(required=False, default=True)
    version = serializers.IntegerField(min_value=1, required=False)


class GateLineSerializer(serializers.Serializer[Any]):
    """A gate that the project's class asks for today."""

    label: Any = serializers.CharField()
    milestone = serializers.CharField()
    passed = serializers.BooleanField()
    stops_move = serializers.BooleanField()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Departments without a specialist."
    )


class RequirementLineSerializer(serializers.ModelSerializer[GateRequirement]):
    """A gate asked of a class before a milestone, half-open in time (前置关口要求)."""

    class Meta:
        model = GateRequirement
        fields = ["id", "project_class", "milestone", "gate", "stops_move", "holds_from", "holds_until"]
        read_only_fields = fields


class RequireGateSerializer(Strict, serializers.Serializer[Any]):
    project_class = serializers.ChoiceField(ProjectClass.choices)
    milestone = serializers.ChoiceField(MILESTONES)
    gate = serializers.ChoiceField(GateKind.choices)
    holds_from = serializers.DateField()
    stops_move = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class EndSerializer(Strict, serializers.Serializer[Any]):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class CriterionSerializer(serializers.ModelSerializer[AdmissionCriterion]):
    class Meta:
        model = AdmissionCriterion
        fields = [
            "id", "project_class", "metric", "direction", "threshold", "is_assumption", "holds_from", "holds_until",
        ]  # fmt: skip
        read_only_fields = fields


class SettleCriterionSerializer(Strict, serializers.Serializer[Any]):
    project_class = serializers.ChoiceField(ProjectClass.choices)
    metric = serializers.ChoiceField(Metric.choices)
    direction = serializers.ChoiceField(Direction.choices)
    threshold = serializers.DecimalField(max_digits=12, decimal_places=4, min_value=Decimal(0))
    holds_from = serializers.DateField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ReviewRuleSerializer(serializers.ModelSerializer[ReviewRule]):
    class Meta:
        model = ReviewRule
        fields = [
            "id", "project_class", "working_days", "quorum", "against_needs_override", "is_assumption", "holds_from",
            "holds_until",
        ]  # fmt: skip
        read_only_fields = fields


class SettleReviewRuleSerializer(Strict, serializers.Serializer[Any]):
    project_class = serializers.ChoiceField(ProjectClass.choices)
    working_days = serializers.IntegerField(min_value=1, max_value=250)
    quorum = serializers.IntegerField(min_value=1, max_value=100)
    against_needs_override = serializers.BooleanField(required=False, default=True)
    holds_from = serializers.DateField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class TopicSerializer(serializers.ModelSerializer[ChecklistTopic]):
    department = DepartmentReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ChecklistTopic
        fields = [
            "id", "checklist", "project_class", "title", "guidance", "department", "holds_from", "holds_until",
        ]  # fmt: skip
        read_only_fields = fields


class AddTopicSerializer(Strict, serializers.Serializer[Any]):
    project_class = serializers.ChoiceField(ProjectClass.choices)
    checklist = serializers.ChoiceField(Checklist.choices)
    title = serializers.CharField(max_length=60)
    guidance = serializers.CharField(max_length=200, required=False, allow_blank=True)
    department = serializers.SlugRelatedField(
        slug_field="code", queryset=Department.objects.all(), required=False, allow_null=True
    )
    holds_from = serializers.DateField()
