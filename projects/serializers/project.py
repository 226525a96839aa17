"""Leads and projects as JSON. Amounts in 元 as decimal strings, dates ISO, moments with their offset."""

from typing import Any

from rest_framework import serializers

from projects.actions.project import CHANGEABLE
from projects.models import (
    CapitalSource,
    Channel,
    Currency,
    DocumentType,
    FollowUp,
    FollowUpKind,
    Industry,
    Project,
)
from projects.serializers.reference import (
    CompanyReferenceSerializer,
    OwnerReferenceSerializer,
    TeamReferenceSerializer,
)
from projects.workflow import Stage
from promotion.api.strict import Strict


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A project (项目) from lead to production; `version` goes back with a change."""

    company = CompanyReferenceSerializer(read_only=True)
    owner = OwnerReferenceSerializer(read_only=True)
    team = TeamReferenceSerializer(read_only=True)

    class Meta:
        model = Project
        fields = [
            "public_id", "code", "name", "company", "stage", "stage_since", "status", "status_reason", "channel",
            "channel_note", "industry", "capital_source", "project_class", "park", "planned_investment",
            "admission_note", "summary", "owner", "team", "next_step", "next_step_on", "next_step_at", "next_step_postponed", "reported_on", "progressed_on",
            "created_at", "changed_at", "version", "is_demo",
        ]  # fmt: skip
        read_only_fields = fields


class LeadSerializer(Strict, serializers.Serializer[Any]):
    """A lead to log (线索): `company` names one that you see, otherwise `company_name` finds or enters one."""

    name = serializers.CharField(max_length=120)
    company = serializers.CharField(max_length=10, required=False, help_text="Public id of a company.")
    company_name = serializers.CharField(max_length=120, required=False)
    credit_code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    country = serializers.CharField(max_length=40, required=False)
    channel = serializers.ChoiceField(Channel.choices)
    channel_note = serializers.CharField(max_length=120, required=False, allow_blank=True)
    distinct_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    planned_investment = serializers.DecimalField(18, 2, required=False, allow_null=True, help_text="元")
    industry = serializers.ChoiceField(Industry.choices, required=False)
    capital_source = serializers.ChoiceField(CapitalSource.choices, required=False)
    next_step = serializers.CharField(max_length=120, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    on = serializers.DateField(required=False, help_text="Day of the first report; today when left out.")
    owner = serializers.CharField(
        max_length=20, required=False, help_text="Staff number of the service specialist (服务专员)."
    )


class ProjectChangeSerializer(Strict, serializers.ModelSerializer[Project]):
    """What may be changed, with the `version` that was read."""

    version = serializers.IntegerField(min_value=1)

    class Meta:
        model = Project
        fields = [*CHANGEABLE, "version"]
        extra_kwargs = {name: {"required": False} for name in CHANGEABLE}


class AdvanceDetailsSerializer(Strict, serializers.Serializer[Any]):
    """What the gate of the next stage misses."""

    industry = serializers.ChoiceField(Industry.choices, required=False)
    planned_investment = serializers.DecimalField(18, 2, required=False, help_text="元")
    admission_note = serializers.CharField(max_length=300, required=False)
    credit_code = serializers.CharField(max_length=40, required=False)


class AdvanceMilestoneSerializer(Strict, serializers.Serializer[Any]):
    """The milestone that the stage rests on; foreign money with its rate and the day of the rate."""

    happened_on = serializers.DateField(required=False)
    amount = serializers.DecimalField(18, 2, required=False)
    currency = serializers.ChoiceField(Currency.choices, required=False)
    exchange_rate = serializers.DecimalField(12, 8, required=False)
    rate_on = serializers.DateField(required=False)
    certificate = serializers.CharField(max_length=80, required=False)
    evidence_types = serializers.ListField(
        child=serializers.ChoiceField(DocumentType.choices), required=False
    )


class AdvanceSerializer(Strict, serializers.Serializer[Any]):
    """A move over the board. In a multipart request the files are `evidence`, and `details` and `milestone` are JSON."""

    to = serializers.ChoiceField(Stage.choices)
    version = serializers.IntegerField(min_value=1, required=False)
    happened_on = serializers.DateField(required=False)
    details = AdvanceDetailsSerializer(required=False)
    milestone = AdvanceMilestoneSerializer(required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.FileField(), required=False)


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """An entry of the timeline (跟进)."""

    class Meta:
        model = FollowUp
        fields = ["id", "kind", "happened_at", "text", "next_step", "next_step_on", "written_at"]
        read_only_fields = fields


class FollowUpEntrySerializer(Strict, serializers.Serializer[Any]):
    """What was done, and what comes next."""

    kind = serializers.ChoiceField(FollowUpKind.choices)
    text = serializers.CharField(max_length=4000)
    happened_at = serializers.DateTimeField(required=False)
    next_step = serializers.CharField(max_length=120, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    next_step_at = serializers.TimeField(required=False, allow_null=True)
    next_step_person = serializers.CharField(max_length=20, required=False, help_text="Staff number.")
    files = serializers.ListField(child=serializers.FileField(), required=False)
