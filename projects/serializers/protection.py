"""First receptions, protection rules and disputes as JSON; companies of others come masked."""

from typing import Any

from rest_framework import serializers

from projects.actions.protection_upkeep import RULE_DAYS
from projects.models import (
    Arbitration,
    ArbitrationOutcome,
    ArbitrationStatement,
    FirstReception,
    ProtectionRule,
)
from promotion.api.strict import Strict


class ReceptionSerializer(serializers.ModelSerializer[Any]):
    """A first reception (首报首接). `company` and `company_name` are empty where the company is not yours to know."""

    state = serializers.CharField()
    company = serializers.SerializerMethodField()
    company_name = serializers.SerializerMethodField()
    team = serializers.CharField(source="team.code")
    team_name = serializers.CharField(source="team.name")
    person = serializers.CharField(source="person.staff_number")
    person_name = serializers.CharField(source="person.name")

    class Meta:
        model = FirstReception
        fields = [
            "public_id", "company", "company_name", "state", "team", "team_name", "person", "person_name", "claimed_at",
            "claimed_from_pool", "protected_until", "released_at", "ending",
        ]  # fmt: skip
        read_only_fields = fields

    def get_company(self, row: Any) -> str:
        return row.company.public_id if row.seen else ""

    def get_company_name(self, row: Any) -> str:
        return row.company.name if row.seen else ""


class PoolSerializer(serializers.ModelSerializer[Any]):
    """A company in the public pool (公海), by the first reception that ended; its records stay masked."""

    company_name = serializers.CharField(source="company.name")
    former_team = serializers.CharField(source="team.name")
    leads = serializers.IntegerField()
    last_stage = serializers.CharField(allow_null=True)
    industry = serializers.CharField(allow_null=True)
    fell_on = serializers.DateField()

    class Meta:
        model = FirstReception
        fields = [
            "public_id",
            "company_name",
            "former_team",
            "leads",
            "last_stage",
            "industry",
            "fell_on",
            "ending",
        ]
        read_only_fields = fields


class ClaimSerializer(Strict, serializers.Serializer[Any]):
    """`person` is the staff number of the officer, for those who may claim for others."""

    person = serializers.CharField(max_length=20, required=False)
    distinct_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class ExtensionSerializer(serializers.Serializer[Any]):
    """A lengthening of a protection (保护期延长)."""

    kind = serializers.CharField()
    previous_until = serializers.DateField()
    until = serializers.DateField()
    verified_at = serializers.DateTimeField()


class OpenSerializer(Strict, serializers.Serializer[Any]):
    grounds = serializers.CharField(max_length=4000)
    claimant = serializers.CharField(max_length=20, required=False, help_text="Staff number.")


class RuleSerializer(Strict, serializers.ModelSerializer[ProtectionRule]):
    """The protection rule (保护规则) of a day; days left out stay as they are."""

    class Meta:
        model = ProtectionRule
        fields = ["holds_from", *RULE_DAYS, "note"]
        extra_kwargs: Any = {name: {"required": False} for name in (*RULE_DAYS, "note")} | {
            "holds_from": {"validators": []}
        }


class StatementSerializer(serializers.ModelSerializer[ArbitrationStatement]):
    class Meta:
        model = ArbitrationStatement
        fields = ["party", "text", "written_at", "changed_at"]
        read_only_fields = fields


class ArbitrationSerializer(serializers.ModelSerializer[Arbitration]):
    """A dispute over a first reception (首报仲裁) with both statements."""

    number = serializers.CharField(source="label")
    reception = serializers.CharField(source="reception.public_id")
    claimant = serializers.CharField(source="claimant.staff_number")
    claimant_team = serializers.CharField(source="claimant_team.code")
    respondent = serializers.CharField(source="respondent.staff_number")
    respondent_team = serializers.CharField(source="respondent_team.code")
    statements = StatementSerializer(many=True)
    resulting = serializers.CharField(source="resulting.public_id", default=None)

    class Meta:
        model = Arbitration
        fields = [
            "public_id", "number", "reception", "claimant", "claimant_team", "respondent", "respondent_team", "grounds",
            "statements_due", "state", "outcome", "decision", "claimant_percent", "consequence", "opened_at",
            "decided_at", "resulting", "statements", "version",
        ]  # fmt: skip
        read_only_fields = fields


class StateSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)
    party = serializers.ChoiceField(choices=["claimant", "respondent"], required=False)


class DecideSerializer(Strict, serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=ArbitrationOutcome.choices)
    decision = serializers.CharField(max_length=6000)
    claimant_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, required=False, allow_null=True
    )
    consequence = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    version = serializers.IntegerField(required=False)


class ConflictSerializer(serializers.Serializer[Any]):
    """One company that the asked name or code may be; without name and address where it is another team's."""

    sentence = serializers.CharField()
    visible = serializers.BooleanField()
    company = serializers.CharField(allow_blank=True)
    matched = serializers.CharField(allow_blank=True)
    held_by_team = serializers.CharField(allow_blank=True)
    since = serializers.DateField(allow_null=True)
    in_pool = serializers.BooleanField()
    protected = serializers.BooleanField()
    closeness = serializers.IntegerField()


class ConflictsSerializer(serializers.Serializer[Any]):
    """`blocked` says that a lead of your team would be refused, because another team's first reception protects the company."""

    blocked = serializers.BooleanField()
    conflicts = ConflictSerializer(many=True)
