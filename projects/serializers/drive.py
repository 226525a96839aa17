"""Supervised drives as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.models import Drive, DriveProject, Rhythm
from projects.queries.drive import LineStanding
from projects.serializers.reference import OwnerReferenceSerializer, ProjectReferenceSerializer
from projects.workflow import Stage
from promotion.api.strict import Strict


class DriveSerializer(serializers.ModelSerializer[Drive]):
    """A supervised drive (督查行动) for [starts_on, ends_on); `projects` and `done` count what the account sees."""

    leader = OwnerReferenceSerializer(read_only=True)
    projects = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True)

    class Meta:
        model = Drive
        fields: Any = [
            "public_id", "name", "purpose", "starts_on", "ends_on", "rhythm", "leader", "projects", "done",
            "closed_on", "result", "version",
        ]  # fmt: skip
        read_only_fields = fields


class DriveLineSerializer(serializers.ModelSerializer[DriveProject]):
    """A project of a drive; the standing is computed from its facts on the day of the answer."""

    id = serializers.IntegerField(source="line.pk", read_only=True)
    project = ProjectReferenceSerializer(source="line.project", read_only=True)
    target = serializers.CharField(source="line.target", read_only=True)
    target_stage = serializers.CharField(source="line.target_stage", read_only=True)
    due_on = serializers.DateField(source="line.due_on", read_only=True)
    stage = serializers.CharField(source="line.project.stage", read_only=True)
    progress = serializers.IntegerField(read_only=True)
    by_facts = serializers.BooleanField(read_only=True)
    lamp = serializers.CharField(read_only=True)
    cause = serializers.CharField(read_only=True)
    reason = serializers.CharField(source="words", read_only=True)
    next_report_on = serializers.DateField(source="next_check_in", read_only=True)
    last_report = serializers.SerializerMethodField()
    issue = serializers.CharField(source="line.issue", read_only=True)
    done_on = serializers.DateField(source="line.done_on", read_only=True)
    result = serializers.CharField(source="line.result", read_only=True)
    version = serializers.IntegerField(source="line.version", read_only=True)

    class Meta:
        model = DriveProject
        fields: Any = [
            "id", "project", "target", "target_stage", "due_on", "stage", "progress", "by_facts", "lamp", "cause",
            "reason", "next_report_on", "last_report", "issue", "done_on", "result", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
    def get_last_report(self, one: LineStanding) -> dict[str, Any] | None:
        if one.last is None:
            return None
        return {
            "on": one.last.on,
            "progress": one.last.progress,
            "done": one.last.done,
            "issue": one.last.issue,
            "reported_by": one.last.reported_by.display_name,
        }


class DriveDetailSerializer(DriveSerializer):
    """One drive with its visible projects; `hidden` counts those that the account does not see."""

    lines = DriveLineSerializer(source="lines_shown", many=True, read_only=True)
    hidden = serializers.IntegerField(read_only=True)

    class Meta(DriveSerializer.Meta):
        fields: Any = [*DriveSerializer.Meta.fields, "hidden", "lines"]
        read_only_fields = fields


class TargetFieldsSerializer(Strict, serializers.Serializer[Any]):
    """A `stage` that facts decide, or `text`; by `due_on`."""

    stage = serializers.ChoiceField(Stage.choices, required=False)
    text = serializers.CharField(max_length=120, required=False, allow_blank=True)
    due_on = serializers.DateField()


class StartDriveSerializer(Strict, serializers.Serializer[Any]):
    """With `projects` also their first `target`."""

    name = serializers.CharField(max_length=60)
    purpose = serializers.CharField(max_length=300, required=False, allow_blank=True)
    leader = serializers.CharField(max_length=20, help_text="Staff number of the leader.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The day after the last.")
    rhythm = serializers.ChoiceField(Rhythm.choices, required=False)
    projects = serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, max_length=200, help_text="Public ids."
    )
    target = TargetFieldsSerializer(required=False)


class ChangeDriveSerializer(Strict, serializers.Serializer[Any]):
    """`reason` with another `ends_on` or `leader`."""

    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=60, required=False)
    purpose = serializers.CharField(max_length=300, required=False, allow_blank=True)
    leader = serializers.CharField(max_length=20, required=False)
    ends_on = serializers.DateField(required=False)
    rhythm = serializers.ChoiceField(Rhythm.choices, required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CloseDriveSerializer(Strict, serializers.Serializer[Any]):
    result = serializers.CharField(max_length=500)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class AddToDriveSerializer(TargetFieldsSerializer):
    projects = serializers.ListField(
        child=serializers.CharField(max_length=10), min_length=1, max_length=200, help_text="Public ids."
    )
    version = serializers.IntegerField(min_value=1, required=False)


class LineReportSerializer(Strict, serializers.Serializer[Any]):
    """`progress` only where the target is in words; `photo` as multipart; `version` is the line's."""

    done = serializers.CharField(max_length=300)
    issue = serializers.CharField(max_length=300, required=False, allow_blank=True)
    progress = serializers.IntegerField(min_value=0, max_value=100, required=False)
    photo = serializers.FileField(required=False)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class LineTargetSerializer(TargetFieldsSerializer):
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class LineDoneSerializer(Strict, serializers.Serializer[Any]):
    result = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class LineRemoveSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)
