"""Rounds and applications as JSON; meaning is checked in the actions."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import (
    Application,
    ApplicationChoice,
    BodyName,
    Competition,
    CompetitionCriterion,
    CompetitionPost,
    Grade,
    RequirementClaim,
    Team,
)
from staff.serializers.names import PersonNameSerializer, TeamNameSerializer


class CompetitionPostSerializer(serializers.ModelSerializer[CompetitionPost]):
    """A post that the round fills (竞聘岗位); `id` is what an application chooses."""

    team = TeamNameSerializer(read_only=True)

    class Meta:
        model = CompetitionPost
        fields = ["id", "team", "grade", "language", "seats", "leads"]
        read_only_fields = fields


class CompetitionCriterionSerializer(serializers.ModelSerializer[CompetitionCriterion]):
    """What interviews are scored by (评分标准); weights in percent, 100 together."""

    class Meta:
        model = CompetitionCriterion
        fields = ["id", "name", "words", "weight"]
        read_only_fields = fields


class CompetitionSerializer(serializers.ModelSerializer[Competition]):
    """A round of competition (竞聘); `applied` counts the applications handed in, `takes_applications` is as of now."""

    posts = CompetitionPostSerializer(many=True, read_only=True)
    criteria = CompetitionCriterionSerializer(many=True, read_only=True)
    seats = serializers.IntegerField(read_only=True)
    applied = serializers.IntegerField(read_only=True)
    takes_applications = serializers.BooleanField(read_only=True)

    class Meta:
        model = Competition
        fields: Any = [
            "public_id", "number", "name", "body_name", "notice", "opens_at", "closes_at", "requirements_on", "appoint_on",
            "term_months", "trim", "least_judges", "pass_mark", "publicity_days", "replaces_all", "state",
            "takes_applications", "cancel_reason", "seats", "applied", "posts", "criteria", "version",
        ]  # fmt: skip
        read_only_fields = fields


class PostLineSerializer(Strict, serializers.Serializer[Any]):
    team = serializers.SlugRelatedField(slug_field="code", queryset=Team.objects.filter(closed_on=None))
    grade = serializers.ChoiceField(Grade.choices)
    seats = serializers.IntegerField(min_value=1, max_value=99, default=1)
    language = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    leads = serializers.BooleanField(default=False)


class CriterionLineSerializer(Strict, serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    weight = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    words = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class WriteCompetitionSerializer(Strict, serializers.Serializer[Any]):
    """A round as it is written, whole each time; `version` is the one that was read."""

    name = serializers.CharField(max_length=80)
    body_name = serializers.ChoiceField(BodyName.choices, default=BodyName.CENTRE)
    notice = serializers.CharField(max_length=5000)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    requirements_on = serializers.DateField()
    appoint_on = serializers.DateField()
    term_months = serializers.IntegerField(min_value=1, max_value=120, default=36)
    trim = serializers.IntegerField(min_value=0, max_value=1, default=1)
    least_judges = serializers.IntegerField(min_value=1, max_value=30, default=5)
    pass_mark = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, default=Decimal(60)
    )
    publicity_days = serializers.IntegerField(min_value=1, max_value=60, default=5)
    replaces_all = serializers.BooleanField(default=True)
    posts = PostLineSerializer(many=True)
    criteria = CriterionLineSerializer(many=True)
    version = serializers.IntegerField(min_value=1, required=False)


class SeenSerializer(Strict, serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, required=False)


class WithReasonSerializer(SeenSerializer):
    reason = serializers.CharField(max_length=300)


class ChoiceSerializer(serializers.ModelSerializer[ApplicationChoice]):
    """A post that is wanted (志愿), 1 most."""

    post = CompetitionPostSerializer(read_only=True)

    class Meta:
        model = ApplicationChoice
        fields = ["rank", "post"]
        read_only_fields = fields


class RequirementClaimSerializer(serializers.ModelSerializer[RequirementClaim]):
    """What is said for a requirement (条件举证); `met` is null until it was checked."""

    papers: Any = serializers.SlugRelatedField(slug_field="public_id", many=True, read_only=True)

    class Meta:
        model = RequirementClaim
        fields = ["id", "text", "words", "papers", "met", "note"]
        read_only_fields = fields


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """An application (报名) with its choices and what is shown for each requirement."""

    competition: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    person = PersonNameSerializer(read_only=True)
    choices = ChoiceSerializer(many=True, read_only=True)
    claims = RequirementClaimSerializer(many=True, read_only=True)
    is_typed = serializers.SerializerMethodField(help_text="Whether HR typed it in from a form on paper.")

    class Meta:
        model = Application
        fields: Any = [
            "public_id", "competition", "person", "state", "choices", "accepts_reassignment", "statement", "claims",
            "submitted_at", "is_typed", "reason", "complaint", "review_note", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_typed(self, application: Application) -> bool:
        return application.entered_by_id is not None


class ClaimLineSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200, help_text="The requirement, as the round lists it.")
    words = serializers.CharField(max_length=500, allow_blank=True)


class WriteApplicationSerializer(Strict, serializers.Serializer[Any]):
    """The own application; `posts` are ids of posts of the round in the order in which they are wanted."""

    posts = serializers.PrimaryKeyRelatedField(queryset=CompetitionPost.objects.all(), many=True)
    statement = serializers.CharField(max_length=2000, allow_blank=True, default="")
    accepts_reassignment = serializers.BooleanField(default=False)
    claims = ClaimLineSerializer(many=True, default=list)
    version = serializers.IntegerField(min_value=1, required=False)


class EnterApplicationSerializer(Strict, serializers.Serializer[Any]):
    """A form on paper, by staff number, with its scan. As multipart `claims` is JSON text: words by requirement."""

    person = serializers.CharField(max_length=20, help_text="Staff number.")
    posts = serializers.PrimaryKeyRelatedField(queryset=CompetitionPost.objects.all(), many=True)
    statement = serializers.CharField(max_length=2000)
    accepts_reassignment = serializers.BooleanField(default=False)
    claims = serializers.JSONField(help_text="Words by the text of the requirement.")
    paper = serializers.FileField()

    def validate_claims(self, value: Any) -> dict[str, str]:
        """Only text for text."""
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise serializers.ValidationError(_("写成“条件: 说明”的对象。"))
        return value


class CheckClaimSerializer(Strict, serializers.Serializer[Any]):
    met = serializers.BooleanField()
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class DecideApplicationSerializer(SeenSerializer):
    eligible = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReviewApplicationSerializer(SeenSerializer):
    eligible = serializers.BooleanField()
    note = serializers.CharField(max_length=300)


class ComplainSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)
