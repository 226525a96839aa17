"""Ageing rules as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import AgeingRule, ProjectClass
from projects.workflow import Stage
from promotion.api.strict import Strict


class AgeingRuleSerializer(serializers.ModelSerializer[AgeingRule]):
    """After how many working days without verified progress a project stalls (停滞标准), from a day on."""

    class Meta:
        model = AgeingRule
        fields = ["id", "stage", "project_class", "working_days", "holds_from", "note", "set_at"]
        read_only_fields = fields


class AgeingRuleEntrySerializer(Strict, serializers.Serializer[Any]):
    """A rule to settle; without a class it is settled for every class."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    project_class = serializers.ChoiceField(choices=ProjectClass.choices, required=False, allow_blank=True)
    working_days = serializers.IntegerField(min_value=1, max_value=1000)
    holds_from = serializers.DateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
