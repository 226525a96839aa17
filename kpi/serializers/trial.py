"""What the API shows of trials and rehearsals. Points are exact decimals written as text."""

from decimal import ROUND_HALF_UP
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.queries.rehearsal import RehearsedGroup
from kpi.scoring.rehearsal import Move
from kpi.serializers.beside import BesideChangeSerializer
from promotion.api.strict import Strict


class ItemChangeSerializer(serializers.Serializer[Any]):
    """One indicator before and after; points are null where an item is not scored."""

    indicator = serializers.CharField(source="after.code")
    title = serializers.CharField(source="after.title")
    before = serializers.DecimalField(18, 4, allow_null=True, source="before.points")
    after = serializers.DecimalField(18, 4, allow_null=True, source="after.points")
    explanation = serializers.CharField(source="after.explanation")


class EffectSerializer(serializers.Serializer[Any]):
    """What a change does to one subject: totals and places before and after, and the indicators that differ."""

    total_before = serializers.DecimalField(18, 4, source="before.total")
    total_after = serializers.DecimalField(18, 4, source="after.total")
    rank_before = serializers.IntegerField(source="place_before")
    rank_after = serializers.IntegerField(source="place_after")
    group_size = serializers.IntegerField(source="size")
    indicators = ItemChangeSerializer(many=True, source="items")


class OptionSerializer(serializers.Serializer[Any]):
    """An open thing and what it alone would do; `key` names it in `step`, or is the assumption's text."""

    key = serializers.CharField(source="step.key")
    title = serializers.CharField(source="step.title")
    project = serializers.CharField(source="step.project.public_id", default=None)
    state = serializers.CharField(source="step.state")
    detail = serializers.CharField(source="step.detail")
    is_assumed = serializers.BooleanField(source="step.is_assumed")
    chosen = serializers.BooleanField()
    points = serializers.DecimalField(18, 4, source="effect.difference")
    total = serializers.DecimalField(18, 4, source="effect.after.total")
    rank = serializers.IntegerField(source="effect.place_after")
    reason = serializers.CharField(help_text="Why it brings nothing; empty where it does.")


class AheadSerializer(serializers.Serializer[Any]):
    """The next better rank."""

    rank = serializers.IntegerField(source="place")
    points = serializers.DecimalField(18, 4)


class WaySerializer(serializers.Serializer[Any]):
    """The next things to do that bring a better rank."""

    steps = serializers.SerializerMethodField()
    effect = EffectSerializer()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_steps(self, way: Any) -> list[str]:
        return [step.key for step in way.steps]


class WhatIfSerializer(serializers.Serializer[Any]):
    """One's own trial (试算). `effect` and `team` are those of everything chosen; null while nothing is."""

    year = serializers.IntegerField(source="run.year")
    run = serializers.CharField(source="run.public_id")
    as_of = serializers.DateField()
    total = serializers.DecimalField(18, 4, source="base.before.total")
    rank = serializers.IntegerField(source="base.place_before")
    group_size = serializers.IntegerField(source="base.size")
    ahead = AheadSerializer(allow_null=True)
    way = WaySerializer(allow_null=True)
    effect = EffectSerializer(allow_null=True)
    team = EffectSerializer(allow_null=True)
    changes = serializers.ListField(
        child=serializers.CharField(),
        source="changes_said",
        help_text="What the chosen things change beside the score: grade, gates, cards, awards.",
    )
    options = serializers.SerializerMethodField()

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, found: Any) -> Any:
        return OptionSerializer([*found.options, *found.idle], many=True).data


class RehearsalRequestSerializer(Strict, serializers.Serializer[Any]):
    """Which scheme to rehearse on which years."""

    scheme = serializers.CharField(max_length=10, help_text="Public id of a scheme version, drafts included.")
    years = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=10)


class RankMoveSerializer(serializers.Serializer[Any]):
    """One subject before and after; what is null only the rehearsed scheme ranks."""

    subject = serializers.CharField(source="subject.code")
    name = serializers.CharField(source="subject.name")
    rank_before = serializers.IntegerField(source="place_before", allow_null=True)
    rank_after = serializers.IntegerField(source="place_after")
    moved = serializers.IntegerField(source="places_gained", allow_null=True)
    total_before = serializers.DecimalField(18, 4, allow_null=True)
    total_after = serializers.DecimalField(18, 4)
    undecided = serializers.IntegerField()
    changes = serializers.SerializerMethodField(help_text="Of grade, gates, cards and awards.")

    @extend_schema_field(BesideChangeSerializer(many=True))
    def get_changes(self, move: Move) -> Any:
        beside = self.context.get("beside", {})
        return BesideChangeSerializer(beside.get(move.subject.code, ()), many=True).data


class ShiftSerializer(serializers.Serializer[Any]):
    """How much a ranking moved."""

    changed = serializers.IntegerField(source="shift.changed")
    largest = serializers.IntegerField(source="shift.largest")
    first_changed = serializers.BooleanField(source="shift.first_changed")
    last_changed = serializers.BooleanField(source="shift.last_changed")
    tau = serializers.DecimalField(
        6,
        4,
        source="shift.tau",
        allow_null=True,
        rounding=ROUND_HALF_UP,
        help_text="Kendall's rank correlation.",
    )


class WeighedSerializer(ShiftSerializer):
    """The ranking with one indicator counting `factor` times as much."""

    indicator = serializers.CharField(source="code")
    title = serializers.CharField(source="indicator")
    factor = serializers.DecimalField(4, 2)


class RehearsedGroupSerializer(ShiftSerializer):
    """One group of a year."""

    code = serializers.CharField()
    title = serializers.CharField()
    moves = serializers.SerializerMethodField()
    sensitivity = WeighedSerializer(many=True)

    @extend_schema_field(RankMoveSerializer(many=True))
    def get_moves(self, group: RehearsedGroup) -> Any:
        return RankMoveSerializer(group.moves, many=True, context={"beside": group.beside}).data


class AwardChangeSerializer(serializers.Serializer[Any]):
    """Who stands for an award; null where a scheme does not have it."""

    code = serializers.CharField()
    title = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField(), allow_null=True)
    after = serializers.ListField(child=serializers.CharField(), allow_null=True)


class RehearsedYearSerializer(serializers.Serializer[Any]):
    """One year by its own scheme and by the rehearsed one."""

    year = serializers.IntegerField()
    run_number = serializers.IntegerField()
    as_of = serializers.DateField()
    base = serializers.CharField()
    differs = serializers.IntegerField(help_text="Totals that targets or roster changed since the run.")
    groups = RehearsedGroupSerializer(many=True)
    awards = AwardChangeSerializer(many=True)


class RehearsalSerializer(serializers.Serializer[Any]):
    """A rehearsal (细则演练), kept for a day: `waiting`, `running` (`progress` of `planned`), `failed` or `done`."""

    state = serializers.CharField()
    progress = serializers.IntegerField(source="done")
    planned = serializers.IntegerField()
    error = serializers.CharField()
    years = serializers.SerializerMethodField()

    @extend_schema_field(RehearsedYearSerializer(many=True))
    def get_years(self, kept: Any) -> Any:
        return RehearsedYearSerializer(kept.result.years if kept.result else [], many=True).data
