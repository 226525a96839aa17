"""What the API shows and takes of decisions on awards."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.access import award as access
from kpi.models import AwardDecision, AwardOutcome, Consequence
from kpi.queries.award import AwardBoard, AwardRow
from kpi.serializers.subject import NamedSubject, SubjectFields
from promotion.api.strict import Strict
from staff.models import Account


class AwardDecisionSerializer(SubjectFields, serializers.ModelSerializer[AwardDecision]):
    """A decision on an award (评奖决定). `number` is that of the certificate; `reason` is empty for those it is not for."""

    reason = serializers.SerializerMethodField()
    number = serializers.CharField(help_text="Of the certificate or notice, once it is granted.")
    run = serializers.CharField(source="run.public_id", help_text="The run it was decided on.")
    proposed_by = serializers.CharField(source="proposed_by.display_name")
    approved_by = serializers.CharField(source="approved_by.display_name", default=None)
    revoked_by = serializers.CharField(source="revoked_by.display_name", default=None)

    class Meta:
        model = AwardDecision
        fields = (
            "public_id",
            "year",
            "award",
            "title",
            "is_warning",
            "person",
            "team",
            "name",
            "run",
            "proposal",
            "is_tied",
            "place",
            "group_size",
            "total",
            "basis",
            "outcome",
            "consequence",
            "departs",
            "reason",
            "state",
            "number",
            "proposed_by",
            "proposed_at",
            "returned_for",
            "approved_by",
            "approved_on",
            "revoked_by",
            "revoked_at",
            "revoked_for",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_reason(self, held: AwardDecision) -> str:
        actor: Account = self.context["actor"]
        own = held.person_id is not None and held.person_id == actor.person_id
        return held.reason if own or access.sees_award_proposals(actor) else ""


class AwardBoardRowSerializer(serializers.Serializer[Any]):
    """A subject at an award's place, with what is proposed and what was decided."""

    person = serializers.SerializerMethodField(help_text="Staff number.")
    team = serializers.SerializerMethodField(help_text="Code of the team.")
    name = serializers.CharField()
    proposal = serializers.CharField(source="candidate.proposal", default=None)
    is_tied = serializers.BooleanField(source="candidate.is_tied", default=False)
    basis = serializers.CharField(source="candidate.reason", default="")
    decision = serializers.CharField(source="decision.public_id", default=None)
    outcome = serializers.CharField(source="decision.outcome", default=None)
    state = serializers.CharField(source="decision.state", default=None)
    changes = serializers.ListField(
        child=serializers.CharField(), help_text="What the run says otherwise than when it was decided."
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_person(self, row: AwardRow) -> str | None:
        return getattr(row.subject, "staff_number", None)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_team(self, row: AwardRow) -> str | None:
        return getattr(row.subject, "code", None)


class AwardBoardSerializer(serializers.Serializer[AwardBoard]):
    """An award of the year with everybody at its places; `stamp` is what an approval gives back as `seen`."""

    award = serializers.CharField(source="code")
    title = serializers.CharField()
    is_warning = serializers.BooleanField()
    words = serializers.CharField(help_text="Who stands for it, in a sentence.")
    stamp = serializers.CharField()
    rows = AwardBoardRowSerializer(many=True)


class DecideAwardSerializer(NamedSubject, Strict, serializers.Serializer[Any]):
    """A decision to write down; `seen` is the version that was read, where there was one."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    award = serializers.CharField(max_length=64)
    outcome = serializers.ChoiceField(AwardOutcome.choices)
    consequence = serializers.ChoiceField(Consequence.choices, required=False, allow_blank=True, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    seen = serializers.IntegerField(required=False, allow_null=True, default=None)


class AwardOfYearSerializer(Strict, serializers.Serializer[Any]):
    """Which award of which year."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    award = serializers.CharField(max_length=64)


class ApproveAwardsSerializer(AwardOfYearSerializer):
    """A manager's word on what is submitted of an award."""

    approve = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    seen = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class RevokeAwardSerializer(Strict, serializers.Serializer[Any]):
    """Why a decision is taken back."""

    reason = serializers.CharField(max_length=300)
    seen = serializers.IntegerField(required=False, allow_null=True, default=None)
