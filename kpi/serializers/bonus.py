"""Team bonuses as JSON: standards, bonuses with plan, phases and payments. Amounts in 元 as decimal strings."""

from typing import Any

from rest_framework import serializers

from kpi.models import (
    BonusLine,
    BonusMeasure,
    BonusPlan,
    BonusRate,
    BonusRatePhase,
    BonusShare,
    TeamBonus,
)
from projects.models import KEY_CLASS_CHOICES, MILESTONE_CHOICES
from projects.serializers.reference import OwnerReferenceSerializer, TeamReferenceSerializer
from promotion.api.strict import Strict


class BonusRatePhaseSerializer(serializers.ModelSerializer[BonusRatePhase]):
    class Meta:
        model = BonusRatePhase
        fields: Any = ["milestone", "percent"]
        read_only_fields = fields


class BonusRateSerializer(serializers.ModelSerializer[BonusRate]):
    """A standard (奖励标准), half-open [holds_from, holds_until)."""

    phases = BonusRatePhaseSerializer(many=True, read_only=True)

    class Meta:
        model = BonusRate
        fields: Any = [
            "id", "project_class", "measure", "amount", "per_mille", "cap", "phases", "holds_from", "holds_until", "note",
            "is_assumption",
        ]  # fmt: skip
        read_only_fields = fields


class PhaseEntrySerializer(Strict, serializers.Serializer[Any]):
    milestone = serializers.ChoiceField(MILESTONE_CHOICES)
    percent = serializers.DecimalField(5, 2)


class BonusRateEntrySerializer(Strict, serializers.Serializer[Any]):
    """`amount` for `fixed`; `per_mille`, perhaps with a `cap`, for `rate`. The phases total exactly 100."""

    project_class = serializers.ChoiceField(KEY_CLASS_CHOICES)
    measure = serializers.ChoiceField(BonusMeasure.choices)
    amount = serializers.DecimalField(18, 2, required=False)
    per_mille = serializers.DecimalField(7, 4, required=False)
    cap = serializers.DecimalField(18, 2, required=False)
    phases = PhaseEntrySerializer(many=True)
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class EndBonusRateSerializer(Strict, serializers.Serializer[Any]):
    on = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class BonusSerializer(serializers.ModelSerializer[TeamBonus]):
    """A team bonus (招引团队奖励) with its sums: fallen due, gone out, due and not gone out."""

    project = serializers.SerializerMethodField()
    team = TeamReferenceSerializer(read_only=True)
    project_class = serializers.CharField(source="recognition.project_class", read_only=True)
    due = serializers.DecimalField(18, 2, source="due_sum", read_only=True)
    paid = serializers.DecimalField(18, 2, source="paid_sum", read_only=True)
    unpaid = serializers.DecimalField(18, 2, source="open_sum", read_only=True)

    class Meta:
        model = TeamBonus
        fields: Any = [
            "public_id", "project", "team", "project_class", "year", "state", "base", "computed", "pool", "pool_reason", "due",
            "paid", "unpaid", "ended_on", "end_reason", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_project(self, bonus: TeamBonus) -> str:
        """Its name, or the code name of a secret one that the account may not open."""
        names: dict[int, str] = self.context.get("names", {})
        return names.get(bonus.project_id, "")


class BonusShareSerializer(serializers.ModelSerializer[BonusShare]):
    """A member's part of a plan, and what the member says of it."""

    person = OwnerReferenceSerializer(read_only=True)

    class Meta:
        model = BonusShare
        fields: Any = [
            "id", "person", "percent", "amount", "answer", "answered_at", "objection", "reply", "version",
        ]  # fmt: skip
        read_only_fields = fields


class BonusPlanSerializer(serializers.ModelSerializer[BonusPlan]):
    """A version of the distribution (分配方案); `whole` is what it divides."""

    shares = BonusShareSerializer(many=True, read_only=True)

    class Meta:
        model = BonusPlan
        fields: Any = [
            "public_id", "number", "state", "whole", "note", "proposed_at", "submitted_at", "approved_on", "decision_note",
            "shares",
        ]  # fmt: skip
        read_only_fields = fields


class PhaseStandingSerializer(serializers.Serializer[Any]):
    """A phase and whether its milestone is recognised today."""

    milestone = serializers.CharField(source="phase.milestone", read_only=True)
    percent = serializers.DecimalField(5, 2, source="phase.percent", read_only=True)
    is_reached = serializers.BooleanField(read_only=True)
    reached_on = serializers.DateField(read_only=True, allow_null=True)


class BonusLineSerializer(serializers.ModelSerializer[BonusLine]):
    """A line of what is due (发放明细); taken back lines are negative and name nothing but their reason."""

    person = OwnerReferenceSerializer(source="part.share.person", read_only=True)
    milestone = serializers.CharField(source="part.phase.milestone", read_only=True)
    paid_on = serializers.DateField(source="payout.paid_on", read_only=True, allow_null=True, default=None)

    class Meta:
        model = BonusLine
        fields: Any = ["id", "person", "milestone", "amount", "due_on", "reason", "paid_on"]
        read_only_fields = fields


class BonusDetailSerializer(BonusSerializer):
    """One bonus with every version of its plan, its phases and its lines."""

    plans = BonusPlanSerializer(source="plans_shown", many=True, read_only=True)
    phases = PhaseStandingSerializer(source="phases_shown", many=True, read_only=True)
    lines = BonusLineSerializer(source="lines_shown", many=True, read_only=True)

    class Meta(BonusSerializer.Meta):
        fields: Any = [*BonusSerializer.Meta.fields, "plans", "phases", "lines"]
        read_only_fields = fields


class OpenBonusSerializer(Strict, serializers.Serializer[Any]):
    """`pool` only where it is not the standard's, by a manager with a `reason`."""

    recognition = serializers.CharField(
        max_length=10, help_text="Public id of the recognition of the key project."
    )
    pool = serializers.DecimalField(18, 2, required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SetPoolSerializer(Strict, serializers.Serializer[Any]):
    pool = serializers.DecimalField(18, 2)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class ShareEntrySerializer(Strict, serializers.Serializer[Any]):
    person = serializers.CharField(max_length=20, help_text="Staff number.")
    percent = serializers.DecimalField(5, 2)


class ReplyEntrySerializer(Strict, serializers.Serializer[Any]):
    share = serializers.IntegerField()
    reply = serializers.CharField(max_length=300)


class ProposePlanSerializer(Strict, serializers.Serializer[Any]):
    """The shares total exactly 100; `replies` answer the objections to the plan before."""

    shares = ShareEntrySerializer(many=True)
    replies = ReplyEntrySerializer(many=True, required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class BonusVersionSerializer(Strict, serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, required=False)


class BonusReasonSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class ApprovePlanSerializer(Strict, serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class ReplySerializer(Strict, serializers.Serializer[Any]):
    reply = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class RecordAnswerSerializer(Strict, serializers.Serializer[Any]):
    confirmed = serializers.BooleanField()
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False)


class PayBonusSerializer(Strict, serializers.Serializer[Any]):
    paid_on = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class FollowedSerializer(Strict, serializers.Serializer[Any]):
    """Nothing to say."""
