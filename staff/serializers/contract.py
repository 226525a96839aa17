"""Contracts of employment as JSON; ends are the first day that no longer counts."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import BodyName, Contract, ContractKind, Grade
from staff.serializers.names import PersonNameSerializer, TeamNameSerializer


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract; `ends_on` and `probation_until` are the first days after it, `renews` the number of the one before."""

    person = PersonNameSerializer(read_only=True)
    team = TeamNameSerializer(read_only=True, allow_null=True)
    renews = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    has_paper = serializers.SerializerMethodField()

    class Meta:
        model = Contract
        fields: Any = [
            "public_id", "number", "person", "kind", "state", "body_name", "grade", "team", "starts_on", "ends_on",
            "agreed_until", "probation_until", "probation_passed_on", "signed_on", "has_paper", "renews", "end_reason", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_has_paper(self, contract: Contract) -> bool:
        return contract.paper_id is not None


class ContractTermsSerializer(Strict, serializers.Serializer[Any]):
    """What is agreed. `team` is the code of a team."""

    kind = serializers.ChoiceField(choices=ContractKind.choices, required=False)
    body_name = serializers.ChoiceField(choices=BodyName.choices, required=False)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False, allow_blank=True)
    team = serializers.CharField(max_length=20, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    probation_until = serializers.DateField(required=False, allow_null=True)
    number = serializers.CharField(max_length=40, required=False)


class ContractEntrySerializer(ContractTermsSerializer):
    """A new draft: for whom, and whether a contract that still runs ends the day before; or which one it renews (its id)."""

    person = serializers.CharField(max_length=20, help_text="Staff number.")
    end_earlier = serializers.BooleanField(required=False)
    renews = serializers.CharField(
        max_length=10, required=False, help_text="public_id of the contract before."
    )


class ContractChangeSerializer(ContractTermsSerializer):
    """Changes of a draft, with the version that was read."""

    starts_on = serializers.DateField(required=False)
    version = serializers.IntegerField()


class ContractSignSerializer(Strict, serializers.Serializer[Any]):
    """The day of signature, and as multipart the scan."""

    signed_on = serializers.DateField()
    paper = serializers.FileField(required=False)
    version = serializers.IntegerField(required=False)


class ContractPaperSerializer(Strict, serializers.Serializer[Any]):
    """The scan with signature and seal, as multipart."""

    paper = serializers.FileField()


class ContractProbationSerializer(Strict, serializers.Serializer[Any]):
    """The day on which the probation was passed."""

    passed_on = serializers.DateField()
    version = serializers.IntegerField(required=False)


class ContractEndSerializer(Strict, serializers.Serializer[Any]):
    """The first day on which it no longer holds, and why; its agreed end with a reason says that it is not renewed."""

    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(required=False)
