"""Joint reviews as JSON: a round with its figures, what each department said, the conditions that hold."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from projects.models import (
    Department,
    DepartmentContact,
    GateCondition,
    JointReview,
    ReviewExtension,
    ReviewOpinion,
    ReviewState,
)
from projects.review_rules import Opinion
from projects.serializers.blocker import ContactReferenceSerializer, DepartmentReferenceSerializer
from projects.serializers.reference import OwnerReferenceSerializer, ProjectReferenceSerializer
from promotion.api.strict import Strict
from staff.models import BodyName

GIVEN = [each for each in Opinion.choices if each[0]]


class ReviewConditionSerializer(serializers.ModelSerializer[GateCondition]):
    """What an opinion or an admission depends on (附加条件); `version` goes back with its fulfilment."""

    project = ProjectReferenceSerializer(read_only=True)
    owner = OwnerReferenceSerializer(read_only=True)

    class Meta:
        model = GateCondition
        fields = ["id", "project", "text", "owner", "due_on", "closed_on", "closing_note", "version"]
        read_only_fields = fields


class ReviewOpinionSerializer(serializers.ModelSerializer[ReviewOpinion]):
    """What one department says (会签意见): agree, conditional, against, abstain, or empty while it is awaited."""

    department = DepartmentReferenceSerializer(read_only=True)
    contact = ContactReferenceSerializer(read_only=True, allow_null=True)
    opinion = serializers.CharField(read_only=True)
    conditions = ReviewConditionSerializer(many=True, read_only=True)

    class Meta:
        model = ReviewOpinion
        fields = ["department", "contact", "opinion", "text", "given_on", "conditions", "version"]
        read_only_fields = fields


class ReviewSerializer(serializers.ModelSerializer[JointReview]):
    """A round of a joint review (联审会签); `asked`, `given` and `against` count departments."""

    project = ProjectReferenceSerializer(read_only=True)
    is_overdue = serializers.SerializerMethodField()
    asked = serializers.IntegerField(read_only=True)
    given = serializers.IntegerField(read_only=True)
    against = serializers.IntegerField(read_only=True)

    class Meta:
        model = JointReview
        fields = [
            "public_id", "project", "round", "number", "subject", "body_name", "state", "opened_on", "due_on",
            "is_overdue", "quorum", "against_needs_override", "asked", "given", "against", "decision_note",
            "override_reason", "decided_at", "fingerprint", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_overdue(self, review: JointReview) -> bool:
        return review.state == ReviewState.OPEN and review.due_on < timezone.localdate()


class ReviewExtensionSerializer(serializers.ModelSerializer[ReviewExtension]):
    """One lengthening of the deadline (会签延期)."""

    class Meta:
        model = ReviewExtension
        fields = ["before", "after", "reason", "extended_at"]
        read_only_fields = fields


class ReviewDetailSerializer(ReviewSerializer):
    """One round with what each department said, and how its deadline was lengthened."""

    opinions = ReviewOpinionSerializer(many=True, read_only=True)
    extensions = ReviewExtensionSerializer(many=True, read_only=True)

    class Meta(ReviewSerializer.Meta):
        fields = [*ReviewSerializer.Meta.fields, "opinions", "extensions"]
        read_only_fields = fields


class OpenReviewSerializer(Strict, serializers.Serializer[Any]):
    """Without `due_on` the working days of the rule of the project's class give the deadline."""

    subject = serializers.CharField(max_length=300)
    departments = serializers.SlugRelatedField(
        slug_field="code", queryset=Department.objects.all(), many=True, help_text="Codes of departments."
    )
    body_name = serializers.ChoiceField(BodyName.choices, required=False)
    due_on = serializers.DateField(required=False)


class ConditionEntrySerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    owner = serializers.CharField(max_length=20, help_text="Staff number of whoever sees to it.")
    due_on = serializers.DateField()


class GiveOpinionSerializer(Strict, serializers.Serializer[Any]):
    """`conditions` with `conditional` only; `version` is the opinion's own; a stamped paper as multipart `upload`."""

    department = serializers.SlugRelatedField(slug_field="code", queryset=Department.objects.all())
    opinion = serializers.ChoiceField(GIVEN)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)
    given_on = serializers.DateField(required=False)
    contact = serializers.PrimaryKeyRelatedField(queryset=DepartmentContact.objects.all(), required=False)
    conditions = ConditionEntrySerializer(many=True, required=False)
    upload = serializers.FileField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class OpinionLinkSerializer(Strict, serializers.Serializer[Any]):
    """Whom a department has named to answer; the link is good for `days` (7 when left out, 30 at the most)."""

    department = serializers.SlugRelatedField(slug_field="code", queryset=Department.objects.all())
    contact = serializers.PrimaryKeyRelatedField(queryset=DepartmentContact.objects.all())
    days = serializers.IntegerField(min_value=1, max_value=30, required=False)


class DecideReviewSerializer(Strict, serializers.Serializer[Any]):
    outcome = serializers.ChoiceField([ReviewState.PASSED, ReviewState.FAILED])
    note = serializers.CharField(max_length=500)
    override_reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    body_name = serializers.ChoiceField(BodyName.choices, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class ExtendReviewSerializer(Strict, serializers.Serializer[Any]):
    """Another deadline, later than today and than the one that holds; links that are still valid live on with it."""

    due_on = serializers.DateField()
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class WithdrawReviewSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(min_value=1, required=False)


class FulfilConditionSerializer(Strict, serializers.Serializer[Any]):
    """Multipart, as the evidence goes along."""

    note = serializers.CharField(max_length=300)
    upload = serializers.FileField()
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)
