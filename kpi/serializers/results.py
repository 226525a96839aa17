"""What the API shows of runs and standings. Points and amounts are exact decimals written as text."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import AwardCandidate, Item, Run, SchemeVersion, Standing
from kpi.queries.scheme import read_document, read_scheme
from kpi.scoring.writing import as_json
from kpi.serializers.links import Link


class RunSerializer(serializers.ModelSerializer[Run]):
    """One recalculation of a year (考核批次)."""

    scheme = serializers.CharField(source="scheme.title", help_text="Title of the scheme version applied.")
    scheme_version = serializers.IntegerField(source="scheme.number")
    is_current = serializers.SerializerMethodField(help_text="Whether readers see this run's results.")

    class Meta:
        model = Run
        fields = (
            "public_id",
            "year",
            "number",
            "state",
            "step",
            "done",
            "planned",
            "as_of",
            "requested_at",
            "started_at",
            "finished_at",
            "attempts",
            "error",
            "was_full",
            "posted_count",
            "reversed_count",
            "fingerprint",
            "ledger_digest",
            "scheme",
            "scheme_version",
            "is_current",
        )
        read_only_fields = fields

    def get_is_current(self, run: Run) -> bool:
        return run.pk in self.context.get("current_runs", set())


class DifferenceSerializer(serializers.Serializer[Any]):
    """A subject that came out otherwise when a run was computed again; null where it is missing on one side."""

    subject = serializers.CharField()
    group = serializers.CharField()
    total_then = serializers.DecimalField(12, 4, allow_null=True)
    total_now = serializers.DecimalField(12, 4, allow_null=True)
    rank_then = serializers.IntegerField(allow_null=True)
    rank_now = serializers.IntegerField(allow_null=True)


class RecomputedSerializer(serializers.Serializer[Any]):
    """A past run computed again (复算)."""

    subjects = serializers.IntegerField(help_text="Subjects ranked.")
    same_inputs = serializers.BooleanField(help_text="Whether the inputs are still those of the run.")
    agrees = serializers.BooleanField(help_text="Whether every total and place came out the same.")
    differences = DifferenceSerializer(many=True)


class RunRequestSerializer(serializers.Serializer[Any]):
    """Which year to recalculate."""

    year = serializers.IntegerField(min_value=2000, max_value=2999)
    full = serializers.BooleanField(
        default=False, help_text="Look at every fact again instead of at what changed since the run before."
    )


class StandingSerializer(serializers.ModelSerializer[Standing]):
    """A subject's total and rank (考核结果): either a person, by staff number, or a team, by code."""

    url = Link("api-standings-detail", source="pk")
    person = serializers.CharField(source="person.staff_number", default=None, help_text="Staff number.")
    team = serializers.CharField(source="team.code", default=None, help_text="Team code.")
    home_team = serializers.CharField(
        source="home_team.code", default=None, help_text="The person's team on the day."
    )
    name = serializers.CharField(source="subject_name")
    run = serializers.CharField(source="run.public_id")
    moved = serializers.SerializerMethodField(
        help_text="Ranks gained since the run before; null for a newcomer."
    )
    merit = serializers.CharField(help_text="Grade of the scheme (等次); empty without one.")
    eligible = serializers.BooleanField(
        allow_null=True, help_text="Whether awards are open to the subject; null while a gate is undecided."
    )
    barred = serializers.SerializerMethodField(help_text="Titles of awards that gates take away.")
    cards = serializers.ListField(child=serializers.CharField(), help_text="Cards that gates show (亮牌).")

    class Meta:
        model = Standing
        fields = (
            "id",
            "url",
            "run",
            "group",
            "person",
            "team",
            "home_team",
            "name",
            "grade",
            "rank",
            "group_size",
            "total",
            "previous_rank",
            "previous_total",
            "moved",
            "undecided_count",
            "target_missed",
            "merit",
            "eligible",
            "barred",
            "cards",
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_barred(self, standing: Standing) -> list[str]:
        return list(standing.outcome.get("barred", []))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_moved(self, standing: Standing) -> int | None:
        return None if standing.previous_rank is None else standing.previous_rank - standing.rank


class ItemSerializer(serializers.ModelSerializer[Item]):
    """One indicator of a standing (得分明细) with the line that explains it."""

    figures = serializers.SerializerMethodField(help_text="The measured figures the points were made from.")

    url = Link("api-items-detail", source="pk")

    class Meta:
        model = Item
        fields = (
            "id",
            "url",
            "indicator",
            "title",
            "clause",
            "status",
            "points",
            "full_marks",
            "actual",
            "target",
            "unit",
            "progress",
            "explanation",
            "figures",
        )

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_figures(self, item: Item) -> list[dict[str, Any]]:
        return list(item.measures.get("figures", []))


class StandingDetailSerializer(StandingSerializer):
    """A standing with the items and gates behind it; both are null where only the total is open to the caller."""

    items = serializers.SerializerMethodField()
    gates = serializers.SerializerMethodField(
        help_text="Each gate with `code`, `title`, `holds` (null: undecided), `effect` and `reason`."
    )

    class Meta(StandingSerializer.Meta):
        fields = (*StandingSerializer.Meta.fields, "items", "gates")  # type: ignore[assignment]

    @extend_schema_field(serializers.ListField(child=serializers.DictField(), allow_null=True))
    def get_gates(self, standing: Standing) -> list[dict[str, object]] | None:
        return None if self.context["items"] is None else standing.gates

    @extend_schema_field(ItemSerializer(many=True, allow_null=True))
    def get_items(self, standing: Standing) -> Any:
        items = self.context["items"]
        return None if items is None else ItemSerializer(items, many=True, context=self.context).data


class AwardCandidateSerializer(serializers.ModelSerializer[AwardCandidate]):
    """Who stands for an award today (评奖候选), with the reason in figures; people decide later."""

    standing_url = Link("api-standings-detail", source="standing_id")
    name = serializers.CharField(source="standing.subject_name", default=None)

    class Meta:
        model = AwardCandidate
        fields = (
            "award",
            "title",
            "standing",
            "standing_url",
            "name",
            "is_warning",
            "is_tied",
            "undecided",
            "passed_over",
            "reason",
        )
        read_only_fields = fields


class VerdictSerializer(serializers.Serializer[Any]):
    """Whether an achievement counts (计 / 不计，因为…): `counts` is empty while that is open, `points` where facts have none."""

    achievement = serializers.CharField(source="achievement.public_id")
    kind = serializers.CharField(source="achievement.kind")
    counts = serializers.BooleanField(allow_null=True)
    text = serializers.CharField()
    reason = serializers.CharField()
    points = serializers.DecimalField(18, 4, allow_null=True, rounding="ROUND_HALF_UP")
    indicators = serializers.ListField(child=serializers.CharField())


class SchemeSerializer(serializers.ModelSerializer[SchemeVersion]):
    """One version of a year's scheme (考核细则); `version` counts the changes of a draft."""

    drafted_by = serializers.CharField(source="drafted_by.display_name")
    edited_by = serializers.CharField(source="edited_by.display_name", default=None)
    published_by = serializers.CharField(source="published_by.display_name", default=None)

    class Meta:
        model = SchemeVersion
        fields: tuple[str, ...] = (
            "public_id",
            "year",
            "number",
            "title",
            "state",
            "holds_from",
            "version",
            "fingerprint",
            "drafted_by",
            "drafted_at",
            "edited_by",
            "edited_at",
            "published_by",
            "published_at",
        )
        read_only_fields = fields


class SchemeDetailSerializer(SchemeSerializer):
    """A scheme with its text, the same as a structure, and what looks mistaken in it."""

    document = serializers.SerializerMethodField(
        help_text="The text as a structure; numbers as they are written."
    )
    warnings = serializers.SerializerMethodField(
        help_text="What is allowed but looks mistaken, one sentence each."
    )

    class Meta(SchemeSerializer.Meta):
        fields = (*SchemeSerializer.Meta.fields, "text", "document", "warnings")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_document(self, version: SchemeVersion) -> Any:
        return as_json(read_document(version))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, version: SchemeVersion) -> list[str]:
        return list(read_scheme(version).warnings)


class SchemeTextSerializer(serializers.Serializer[Any]):
    """A scheme as `text` (YAML or JSON) or as `document`."""

    text = serializers.CharField(required=False, max_length=512 * 1024, trim_whitespace=False)
    document = serializers.DictField(required=False)


class SchemeDraftSerializer(SchemeTextSerializer):
    """A new draft: its year, and `text` or `document`."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)


class SchemeChangeSerializer(SchemeTextSerializer):
    """A change of a draft: `text` or `document`, the `version` that was read, and perhaps a note for the audit trail."""

    version = serializers.IntegerField()
    note = serializers.CharField(required=False, max_length=200)
