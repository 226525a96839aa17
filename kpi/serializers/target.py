"""What the API shows and takes of targets. Amounts are exact decimals written as text, in the unit beside them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import Target, TargetLevel, TargetPeriod
from kpi.queries.target_check import TargetFault
from kpi.queries.target_plan import MOST_DIGITS
from kpi.scoring.goals import GRAINS
from kpi.serializers.subject import NamedSubject, SubjectFields
from promotion.api.strict import Strict

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


class TargetSerializer(SubjectFields, serializers.ModelSerializer[Target]):
    """What a person or a team is to reach (目标任务): one value per target of the scheme, period and level.

    `indicator` is the target's code in the scheme of the year and `title` its name there; `unit` the unit it was set in.
    """

    title = serializers.SerializerMethodField()

    class Meta:
        model = Target
        fields = ("year", "indicator", "title", "person", "team", "name", "period", "level", "amount", "unit")
        read_only_fields = fields

    def get_title(self, target: Target) -> str:
        titles = self.context.get("titles")
        return str(titles(target.year).get(target.indicator, target.indicator)) if titles else ""


class TargetRowSerializer(Strict, NamedSubject):
    """One value to set; `amount` null withdraws it.

    `seen` is the value that was read, null where there was none: the reply is 409 when somebody changed it since. Left out,
    the present value is replaced whatever it is.
    """

    indicator = serializers.CharField(max_length=40, help_text="Code of a target in the year's scheme.")
    period = serializers.ChoiceField(TargetPeriod.choices, default=TargetPeriod.YEAR.value)
    level = serializers.ChoiceField(TargetLevel.choices, default=TargetLevel.BASE.value)
    amount = serializers.DecimalField(**AMOUNT, allow_null=True)
    seen = serializers.DecimalField(**AMOUNT, allow_null=True, required=False)


class SetTargetsSerializer(Strict, serializers.Serializer[Any]):
    """Many targets of a year at once, all or none."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    rows = TargetRowSerializer(many=True, allow_empty=False, max_length=5000)  # type: ignore[call-arg]


class WrittenTargetsSerializer(serializers.Serializer[Any]):
    """What was written: the values as they stand now, without those that were withdrawn."""

    written = serializers.IntegerField()
    targets = TargetSerializer(many=True)


class TargetFaultSerializer(SubjectFields):
    """A target that is missing, or whose parts (`parts`, their sum) do not add up to the whole (`amount`)."""

    is_missing = serializers.BooleanField()
    person = serializers.CharField(source="line.person.staff_number", default=None)
    team = serializers.CharField(source="line.team.code", default=None)
    indicator = serializers.CharField(source="code")
    title = serializers.SerializerMethodField()
    period = serializers.ChoiceField(TargetPeriod.choices)
    level = serializers.ChoiceField(TargetLevel.choices)
    amount = serializers.DecimalField(18, 4, allow_null=True)
    parts = serializers.DecimalField(18, 4, allow_null=True)
    sentence = serializers.CharField()

    def get_name(self, fault: TargetFault) -> str:
        return fault.line.name

    def get_title(self, fault: TargetFault) -> str:
        return fault.target.title if fault.target else fault.code


class TargetProgressSerializer(serializers.Serializer[Any]):
    """One target of one subject in a period: both levels, and what the year's current run finds reached of it.

    `reached` is null where nothing is counted for the subject or the period has not begun; `ratio` is of the base target.
    """

    person = serializers.CharField(source="line.person.staff_number", default=None)
    team = serializers.CharField(source="line.team.code", default=None)
    name = serializers.CharField(source="line.name")
    indicator = serializers.CharField(source="target.code")
    title = serializers.CharField(source="target.title")
    unit = serializers.CharField(source="target.unit")
    base = serializers.DecimalField(18, 4, allow_null=True)
    stretch = serializers.DecimalField(18, 4, allow_null=True)
    reached = serializers.DecimalField(20, 4, allow_null=True, rounding="ROUND_HALF_UP")
    ratio = serializers.DecimalField(12, 4, allow_null=True, rounding="ROUND_HALF_UP")
    is_missing = serializers.BooleanField(help_text="Whether the scheme asks for it and nobody has set it.")


class TargetValueSerializer(serializers.Serializer[Any]):
    """One value that was written; `amount` null where it was withdrawn, `before` null where there was none."""

    period = serializers.ChoiceField(TargetPeriod.choices)
    level = serializers.ChoiceField(TargetLevel.choices)
    before = serializers.DecimalField(18, 4, allow_null=True)
    amount = serializers.DecimalField(18, 4, allow_null=True)


class TargetWritingSerializer(serializers.Serializer[Any]):
    """What was written at once, by whom and when."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    changes = TargetValueSerializer(many=True)


class _PlanSerializer(Strict, NamedSubject):
    """Whose targets: `scope`, or one subject, or a team with its people (`members`); which ones; at which levels."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    scope = serializers.ChoiceField(["all", "teams", "people"], default="all")
    members = serializers.BooleanField(
        default=False, help_text="With `team`: the people who count for it too."
    )
    indicators = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, help_text="All of the scheme when absent."
    )
    levels = serializers.ListField(
        child=serializers.ChoiceField(TargetLevel.choices), default=lambda: list(TargetLevel.values)
    )
    digits = serializers.IntegerField(min_value=0, max_value=MOST_DIGITS, default=2)
    replaces = serializers.BooleanField(default=False, help_text="Whether what is set already is replaced.")


class SpreadTargetsSerializer(_PlanSerializer):
    """The year's targets spread over its parts: each part rounded, all adding up to the whole."""

    grains = serializers.ListField(
        child=serializers.ChoiceField(list(GRAINS)), default=lambda: ["quarter", "month"]
    )
    method = serializers.ChoiceField(["even", "working_days", "weights"], default="even")
    weights = serializers.ListField(
        child=serializers.DecimalField(max_digits=12, decimal_places=4, min_value=0),
        required=False,
        help_text="With `method` weights: one for each part of the finest grain.",
    )


class CopyTargetsSerializer(_PlanSerializer):
    """The targets of an earlier year (`from_year`), times `factor` percent."""

    from_year = serializers.IntegerField(min_value=2000, max_value=2100)
    factor = serializers.DecimalField(max_digits=6, decimal_places=2, default=Decimal(100))
    with_parts = serializers.BooleanField(default=True)


class PlannedTargetSerializer(serializers.Serializer[Any]):
    """A value that a preview would write; `old` is empty where nothing was set, `line` the line of the workbook or 0."""

    line = serializers.IntegerField()
    person = serializers.SerializerMethodField(help_text="Staff number.")
    team = serializers.SerializerMethodField(help_text="Code of the team or unit.")
    name = serializers.CharField()
    indicator = serializers.CharField(source="code")
    title = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField()
    level = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()
    same = serializers.BooleanField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_person(self, row: dict[str, Any]) -> str | None:
        return row["subject"] if row["person"] else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_team(self, row: dict[str, Any]) -> str | None:
        return row["subject"] if row["team"] else None
