"""Clocks, next steps, due things, mentions and reminders as JSON."""

from typing import Any

from rest_framework import serializers

from projects.models import ClockKind, ClockRule, FollowUpKind, Mention, NextStepEntry, ReminderSetting
from projects.serializers.reference import OwnerReferenceSerializer, ProjectReferenceSerializer
from promotion.api.strict import Strict


class ClockRuleSerializer(serializers.ModelSerializer[ClockRule]):
    """How many working days a clock gives (时限规则), by class, from a day on."""

    class Meta:
        model = ClockRule
        fields = ["id", "kind", "project_class", "working_days", "holds_from", "note", "set_at"]
        read_only_fields = fields


class ClockRuleEntrySerializer(Strict, serializers.ModelSerializer[ClockRule]):
    """A rule to set."""

    class Meta:
        model = ClockRule
        fields = ["kind", "project_class", "working_days", "holds_from", "note"]
        extra_kwargs = {"project_class": {"required": False}, "note": {"required": False}}
        validators: list[Any] = []


class RunningClockSerializer(serializers.Serializer[Any]):
    """A clock that runs: until when, and how many working days are left (negative: late)."""

    kind = serializers.ChoiceField(ClockKind.choices)
    due_on = serializers.DateField()
    left = serializers.IntegerField()


class NextStepEntrySerializer(serializers.ModelSerializer[NextStepEntry]):
    """What became of a next step (下一步记录)."""

    person = OwnerReferenceSerializer(read_only=True)

    class Meta:
        model = NextStepEntry
        fields = ["act", "text", "due_on", "moved_to", "person", "reason", "written_at"]
        read_only_fields = fields


class PlanSerializer(Strict, serializers.Serializer[Any]):
    """What comes next; `next_step_person` is a staff number, the service specialist when left out."""

    next_step = serializers.CharField(max_length=120)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    next_step_at = serializers.TimeField(required=False, allow_null=True)
    next_step_person = serializers.CharField(max_length=20, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class FinishSerializer(PlanSerializer):
    """What came of the step, and the one after it."""

    next_step = serializers.CharField(max_length=120, required=False, allow_blank=True)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(FollowUpKind.choices, required=False)


class PostponeSerializer(Strict, serializers.Serializer[Any]):
    """The later day, and why."""

    to = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class DueItemSerializer(serializers.Serializer[Any]):
    """One thing that the account has to see to, from whichever subject."""

    on = serializers.DateField()
    at = serializers.TimeField(allow_null=True)
    kind = serializers.CharField()
    key = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField()


class MentionSerializer(serializers.ModelSerializer[Mention]):
    """Where the account was named by @."""

    project = ProjectReferenceSerializer(source="follow_up.project", read_only=True)
    text = serializers.CharField(source="follow_up.text", read_only=True)
    by = serializers.CharField(source="follow_up.written_by.display_name", read_only=True)
    at = serializers.DateTimeField(source="follow_up.happened_at", read_only=True)

    class Meta:
        model = Mention
        fields: Any = ["id", "project", "text", "by", "at", "seen_at"]


class ReminderSettingSerializer(Strict, serializers.ModelSerializer[ReminderSetting]):
    """How the account wishes to be reminded (提醒设置)."""

    class Meta:
        model = ReminderSetting
        fields = ["mode", "days_ahead", "quiet_from", "quiet_until", "by_email"]
