"""What the API shows of how results moved: what a run changed and why, and the way of a subject over runs and years."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.queries.causes import Cause
from kpi.queries.changes import Changes
from kpi.serializers.explained import achievement_url
from kpi.serializers.links import Link
from kpi.serializers.results import StandingSerializer


class CauseSerializer(serializers.Serializer[Any]):
    """One sentence on why an item changed, with the achievement and ledger lines behind it.

    `kind` is new, reversed, corrected, entered, target, scheme, input, peers, item, time or other.
    """

    kind = serializers.CharField()
    words = serializers.CharField()
    name = serializers.CharField()
    achievement = serializers.SerializerMethodField()
    achievement_url = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField(help_text="Ids of ledger lines.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_achievement(self, cause: Cause) -> str | None:
        return cause.achievement.public_id if cause.achievement and cause.can_open else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_achievement_url(self, cause: Cause) -> str | None:
        found = cause.achievement if cause.can_open else None
        return achievement_url(self, found) if found else None

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_lines(self, cause: Cause) -> list[int]:
        return [line.pk for line in cause.lines]


class ChangedItemSerializer(serializers.Serializer[Any]):
    """One item in this run and in the one before; null where it was not there or not scored."""

    item = serializers.IntegerField(source="item.pk")
    item_url = Link("api-items-detail", source="item.pk")
    indicator = serializers.CharField()
    title = serializers.CharField()
    before = serializers.DecimalField(12, 4, allow_null=True)
    after = serializers.DecimalField(12, 4, allow_null=True)
    difference = serializers.DecimalField(12, 4)
    actual_before = serializers.DecimalField(20, 4, allow_null=True)
    actual_after = serializers.DecimalField(20, 4, allow_null=True)
    causes = CauseSerializer(many=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """What a run changed for one subject (昨夜变化); the `before` fields are null in the first run that names it.

    `passed` are those it went past, `passed_by` those who went past it, at most five of each.
    """

    standing = StandingSerializer()
    total_before = serializers.DecimalField(12, 4, source="before.total", default=None)
    rank_before = serializers.IntegerField(source="before.rank", default=None)
    difference = serializers.DecimalField(12, 4)
    items = ChangedItemSerializer(many=True)
    passed = serializers.ListField(child=serializers.CharField())
    passed_by = serializers.ListField(child=serializers.CharField())


class MovedStandingSerializer(StandingSerializer):
    """A standing with what it gained since the run before; `causes` is null where the items are not open to the caller."""

    gain = serializers.DecimalField(12, 4, allow_null=True)
    causes = serializers.SerializerMethodField()

    class Meta(StandingSerializer.Meta):
        fields = (*StandingSerializer.Meta.fields, "gain", "causes")  # type: ignore[assignment]

    @extend_schema_field(CauseSerializer(many=True, allow_null=True))
    def get_causes(self, standing: Any) -> Any:
        changes: Changes | None = standing.changes
        if changes is None:
            return None
        return CauseSerializer(changes.main_causes, many=True, context=self.context).data


class PastStandingSerializer(serializers.Serializer[Any]):
    """The subject's standing in one run; `tied` where somebody shares its rank."""

    standing = serializers.IntegerField(source="standing.pk")
    url = Link("api-standings-detail", source="standing.pk")
    run = serializers.CharField(source="standing.run.public_id")
    number = serializers.IntegerField(source="standing.run.number")
    as_of = serializers.DateField(source="standing.run.as_of")
    rank = serializers.IntegerField(source="standing.rank")
    group_size = serializers.IntegerField(source="standing.group_size")
    total = serializers.DecimalField(12, 4, source="standing.total")
    tied = serializers.BooleanField()
    is_current = serializers.BooleanField()


class YearStandingSerializer(serializers.Serializer[Any]):
    """The subject's standing in the current run of a year."""

    year = serializers.IntegerField(source="run.year")
    standing = serializers.IntegerField(source="pk")
    url = Link("api-standings-detail", source="pk")
    group = serializers.CharField()
    rank = serializers.IntegerField()
    group_size = serializers.IntegerField()
    total = serializers.DecimalField(12, 4)


class HistorySerializer(serializers.Serializer[Any]):
    """The way of one subject: every whole run of the year, oldest first, and every year, newest first."""

    runs = PastStandingSerializer(many=True)
    years = YearStandingSerializer(many=True)
