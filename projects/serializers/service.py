"""Shares, service plans, handovers and batches as JSON. Persons by staff number, dates ISO, shares as decimal strings."""

from typing import Any

from rest_framework import serializers

from projects.models import (
    BatchKind,
    CreditRole,
    CreditShare,
    Handover,
    HandoverBatch,
    HandoverItem,
    PlanTemplate,
    PlanTemplateTask,
    ProjectClass,
    ServicePlan,
    ServiceTask,
    TaskOwner,
)
from projects.queries.handover import contents_to_tell
from projects.workflow import Stage
from promotion.api.strict import Strict


class ShareSerializer(serializers.ModelSerializer[CreditShare]):
    """A member's part of a role: `weight` of the role × `share` of the member = `percent` of the project."""

    person = serializers.CharField(source="person.staff_number", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = CreditShare
        fields = [
            "settlement", "role", "person", "name", "weight", "share", "percent", "holds_from", "holds_until",
        ]  # fmt: skip
        read_only_fields = fields


class ShareLineSerializer(Strict, serializers.Serializer[Any]):
    """One member of a role."""

    person = serializers.CharField(max_length=20, help_text="Staff number.")
    role = serializers.ChoiceField(CreditRole.choices)
    share = serializers.DecimalField(5, 2, help_text="Percent of the role; each role totals 100.")


class WeightSerializer(Strict, serializers.Serializer[Any]):
    """How much a role weighs in the project."""

    role = serializers.ChoiceField(CreditRole.choices)
    weight = serializers.DecimalField(5, 2, help_text="Percent of the project; all roles total 100.")


class SettlementSerializer(Strict, serializers.Serializer[Any]):
    """A settlement from a day on; `correct` reaches back over credited facts (managers, with a reason)."""

    weights = WeightSerializer(many=True, required=False, help_text="Left out: as they are now.")
    shares = ShareLineSerializer(many=True)
    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
    settlement = serializers.IntegerField(
        required=False, help_text="The number of the settlement that was read; 409 when there is a newer one."
    )
    correct = serializers.BooleanField(required=False, default=False)


class ServiceTaskSerializer(serializers.ModelSerializer[ServiceTask]):
    """A task of a service plan (服务任务)."""

    project = serializers.CharField(source="plan.project.public_id", read_only=True)
    person = serializers.CharField(source="person.staff_number", read_only=True, default=None)
    department = serializers.CharField(source="department.code", read_only=True, default=None)

    class Meta:
        model = ServiceTask
        fields = [
            "public_id", "project", "stage", "title", "owner", "department", "person", "due_on", "needs_evidence",
            "state", "closed_on", "reason", "note", "version",
        ]  # fmt: skip
        read_only_fields = fields


class ServicePlanSerializer(serializers.ModelSerializer[ServicePlan]):
    """The plan of a project with its tasks."""

    tasks = ServiceTaskSerializer(many=True, read_only=True)

    class Meta:
        model = ServicePlan
        fields = ["public_id", "edition", "started_on", "tasks"]
        read_only_fields = fields


class ServiceTaskEntrySerializer(Strict, serializers.Serializer[Any]):
    """A task of one's own; due on a day, or in so many working days."""

    title = serializers.CharField(max_length=80)
    due_on = serializers.DateField(required=False)
    due_days = serializers.IntegerField(min_value=0, max_value=999, required=False)
    owner = serializers.ChoiceField(TaskOwner.choices, required=False)
    department = serializers.CharField(max_length=20, required=False, help_text="Code of the department.")
    person = serializers.CharField(max_length=20, required=False, help_text="Staff number.")
    needs_evidence = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ServiceTaskChangeSerializer(Strict, serializers.Serializer[Any]):
    """An open task given to somebody else, or another day."""

    owner = serializers.ChoiceField(TaskOwner.choices)
    due_on = serializers.DateField()
    department = serializers.CharField(max_length=20, required=False, help_text="Code of the department.")
    person = serializers.CharField(max_length=20, required=False, help_text="Staff number.")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class ServiceTaskFinishSerializer(Strict, serializers.Serializer[Any]):
    """Ticking off; files in a multipart request."""

    files = serializers.ListField(child=serializers.FileField(), required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class HandoverReasonSerializer(Strict, serializers.Serializer[Any]):
    """Why, with the version that was read."""

    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class SeenVersionSerializer(Strict, serializers.Serializer[Any]):
    """The version that was read."""

    version = serializers.IntegerField(min_value=1, required=False)


class PlanTemplateTaskSerializer(serializers.ModelSerializer[PlanTemplateTask]):
    """A task of a template."""

    department = serializers.CharField(source="department.code", read_only=True, default=None)

    class Meta:
        model = PlanTemplateTask
        fields = ["title", "owner", "department", "due_days", "needs_evidence"]
        read_only_fields = fields


class PlanTemplateSerializer(serializers.ModelSerializer[PlanTemplate]):
    """A version of a template (服务方案模板)."""

    tasks = PlanTemplateTaskSerializer(many=True, read_only=True)

    class Meta:
        model = PlanTemplate
        fields = ["public_id", "project_class", "stage", "number", "holds_from", "holds_until", "tasks"]
        read_only_fields = fields


class PlanTemplateLineSerializer(Strict, serializers.Serializer[Any]):
    """A task as it is written into a template."""

    title = serializers.CharField(max_length=80)
    due_days = serializers.IntegerField(min_value=0, max_value=999)
    owner = serializers.ChoiceField(TaskOwner.choices, required=False)
    department = serializers.CharField(max_length=20, required=False, help_text="Code of the department.")
    needs_evidence = serializers.BooleanField(required=False)


class PlanTemplateEntrySerializer(Strict, serializers.Serializer[Any]):
    """The next version of a template; `number` is the one that was read."""

    project_class = serializers.ChoiceField(ProjectClass.choices)
    stage = serializers.ChoiceField(Stage.choices)
    tasks = PlanTemplateLineSerializer(many=True)
    on = serializers.DateField(required=False)
    number = serializers.IntegerField(min_value=0, required=False)


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    """A request to hand a project over (移交申请)."""

    project = serializers.CharField(source="project.public_id", read_only=True)
    giver = serializers.CharField(source="giver.staff_number", read_only=True)
    receiver = serializers.CharField(source="receiver.staff_number", read_only=True)
    from_team = serializers.CharField(source="from_team.code", read_only=True)
    to_team = serializers.CharField(source="to_team.code", read_only=True)
    contents = serializers.SerializerMethodField()

    class Meta:
        model = Handover
        fields = [
            "public_id", "project", "giver", "receiver", "from_team", "to_team", "state", "reason", "note", "contents",
            "shares_follow", "proposed_at", "accepted_at", "decided_at", "decision_note", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_contents(self, handover: Handover) -> dict[str, list[str]]:
        """What goes along, by kind; of a secret project only how many, because its receiver may not open it yet."""
        return contents_to_tell(handover)


class HandoverEntrySerializer(Strict, serializers.Serializer[Any]):
    """Asking for a handover."""

    receiver = serializers.CharField(max_length=20, help_text="Staff number.")
    reason = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    shares_follow = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class HandoverApprovalSerializer(Strict, serializers.Serializer[Any]):
    """Approving, with a word."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class HandoverItemSerializer(serializers.ModelSerializer[HandoverItem]):
    """A task or a first reception of a batch."""

    receiver = serializers.CharField(source="receiver.staff_number", read_only=True)

    class Meta:
        model = HandoverItem
        fields = ["kind", "title", "detail", "receiver"]
        read_only_fields = fields


class HandoverBatchSerializer(serializers.ModelSerializer[HandoverBatch]):
    """Everything that somebody handed over (整体交接)."""

    person = serializers.CharField(source="person.staff_number", read_only=True)
    handovers = HandoverSerializer(many=True, read_only=True)
    items = HandoverItemSerializer(many=True, read_only=True)

    class Meta:
        model = HandoverBatch
        fields = ["public_id", "person", "kind", "last_day", "reason", "confirmed_at", "handovers", "items"]
        read_only_fields = fields


class CustodyAssignmentSerializer(Strict, serializers.Serializer[Any]):
    """An item of custody with its receiver."""

    item = serializers.CharField(max_length=40, help_text="As `custody` names it, such as `project-…`.")
    receiver = serializers.CharField(max_length=20, help_text="Staff number.")


class HandoverBatchEntrySerializer(Strict, serializers.Serializer[Any]):
    """Handing over everything of a person in one transaction."""

    person = serializers.CharField(max_length=20, help_text="Staff number of who leaves or moves.")
    kind = serializers.ChoiceField(BatchKind.choices)
    last_day = serializers.DateField()
    reason = serializers.CharField(max_length=200)
    receivers = CustodyAssignmentSerializer(many=True)


class CustodyItemSerializer(serializers.Serializer[Any]):
    """Something that needs a receiver."""

    item = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
