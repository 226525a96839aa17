"""What the API shows of where points come from: items, ledger lines, what did not count. Exact decimals as text."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.serializers.links import Link
from kpi.serializers.results import ItemSerializer

POINTS: dict[str, Any] = {"max_digits": 24, "decimal_places": 8, "rounding": "ROUND_HALF_UP"}


class ListedItemSerializer(ItemSerializer):
    """An item with whose it is."""

    standing = serializers.IntegerField(source="standing_id")
    standing_url = Link("api-standings-detail", source="standing_id")
    run = serializers.CharField(source="standing.run.public_id")
    person = serializers.CharField(source="standing.person.staff_number", default=None)
    team = serializers.CharField(source="standing.team.code", default=None)
    name = serializers.CharField(source="standing.subject_name")

    class Meta(ItemSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *ItemSerializer.Meta.fields,
            "standing",
            "standing_url",
            "run",
            "person",
            "team",
            "name",
        )


class PaperSerializer(serializers.Serializer[Any]):
    """A paper that the caller may open."""

    public_id = serializers.CharField()
    title = serializers.CharField()
    url = Link("api-documents-detail", source="public_id")


class LineSerializer(serializers.Serializer[Any]):
    """A line of the credit ledger (业绩归属): one person's share of one fact, never edited; a correction is a reversing line.

    `name` is the project as the caller may call it; `achievement` is null where it may not be opened. Amounts in 元.
    """

    id = serializers.IntegerField(source="line.pk")
    url = Link("api-ledger-lines-detail", source="line.pk")
    year = serializers.IntegerField(source="line.year")
    name = serializers.CharField()
    kind = serializers.CharField(source="line.kind")
    happened_on = serializers.DateField(source="line.happened_on")
    achievement = serializers.SerializerMethodField()
    achievement_url = serializers.SerializerMethodField()
    person = serializers.CharField(source="line.person.staff_number")
    person_name = serializers.CharField(source="line.person.name")
    team = serializers.CharField(
        source="line.team.code", default=None, help_text="Where the person served that day."
    )
    ranked_team = serializers.CharField(
        source="line.ranked_team.code", default=None, help_text="The team it counts for."
    )
    role = serializers.CharField(source="line.role")
    share = serializers.DecimalField(7, 6, source="line.share")
    amount = serializers.DecimalField(20, 4, source="line.amount")
    amount_usd = serializers.DecimalField(20, 4, source="line.amount_usd")
    full_amount = serializers.DecimalField(18, 2, source="line.full_amount", allow_null=True)
    full_people = serializers.IntegerField(
        source="line.full_people", allow_null=True, help_text="The whole number of people of jobs (新增就业)."
    )
    posted_at = serializers.DateTimeField(source="line.posted_at")
    reverses = serializers.IntegerField(
        source="line.reverses_id", allow_null=True, help_text="The line it takes back."
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_achievement(self, shown: Any) -> str | None:
        return shown.line.achievement.public_id if shown.can_open else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_achievement_url(self, shown: Any) -> str | None:
        return achievement_url(self, shown.line.achievement) if shown.can_open else None


def achievement_url(serializer: Any, achievement: Any) -> str | None:
    """The address of an achievement that the caller may open."""
    link = Link("api-achievements-detail")
    link.bind("achievement_url", serializer)
    return link.to_representation(achievement.public_id)


class CountedLineSerializer(LineSerializer):
    """A line as candidate of an item; `points` only where the rule gives them fact by fact or project by project."""

    points = serializers.DecimalField(**POINTS, allow_null=True)
    reason = serializers.CharField(help_text="Why it does not count; empty where it does.")
    recognised_on = serializers.DateField(source="line.achievement.recognised_on", allow_null=True)
    documents = PaperSerializer(many=True, source="line.achievement.evidence")


class ReadingItemSerializer(serializers.Serializer[Any]):
    """An item of the year's current run that reads a line."""

    id = serializers.IntegerField(source="pk")
    url = Link("api-items-detail", source="pk")
    indicator = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField(source="standing.subject_name")
    points = serializers.DecimalField(12, 4, allow_null=True)


class LineDetailSerializer(LineSerializer):
    """A line with its proof, what reversed it, what schemes filter by as it was posted, and the items that read it."""

    reversal = serializers.IntegerField(source="reversal.pk", default=None)
    posted_run = serializers.CharField(source="line.posted_run.public_id", default=None)
    recognised_on = serializers.DateField(source="line.achievement.recognised_on", allow_null=True)
    documents = PaperSerializer(many=True, source="line.achievement.evidence")
    attributes = serializers.SerializerMethodField()
    items = ReadingItemSerializer(many=True)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_attributes(self, shown: Any) -> dict[str, str]:
        return dict(shown.attributes)


class UncountedFactSerializer(serializers.Serializer[Any]):
    """A fact outside the ledger that brings its subject nothing, and why; `reversal` is its reversing line."""

    achievement = serializers.CharField(source="achievement.public_id")
    achievement_url = Link("api-achievements-detail", source="achievement.public_id")
    kind = serializers.CharField(source="achievement.kind")
    name = serializers.CharField()
    happened_on = serializers.DateField(source="achievement.happened_on")
    reason = serializers.CharField()
    reversal = serializers.IntegerField(source="reversal.pk", default=None)


class StageOfPointsSerializer(serializers.Serializer[Any]):
    """The points after one stage: rule, cap, weight, bonus, deduction, veto, rounding."""

    name = serializers.CharField()
    words = serializers.CharField()
    value = serializers.DecimalField(**POINTS)


class ComparedSerializer(serializers.Serializer[Any]):
    """One figure of the subject among its group's."""

    title = serializers.CharField()
    unit = serializers.CharField()
    own = serializers.DecimalField(**POINTS)
    least = serializers.DecimalField(**POINTS)
    most = serializers.DecimalField(**POINTS)
    place = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """The group that a relative rule compares with (同组比较)."""

    size = serializers.IntegerField()
    figures = ComparedSerializer(many=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """Where the points of one item come from: rule, stages, the lines that count, and what does not count and why."""

    item = ItemSerializer()
    scheme = serializers.CharField(source="scheme_version.public_id")
    rule = serializers.CharField(source="words.rule", default="")
    limits = serializers.CharField(source="words.limits", default="")
    stages = StageOfPointsSerializer(many=True)
    unit = serializers.CharField(
        allow_null=True, help_text="What points of lines are given for: fact or project."
    )
    base = serializers.DecimalField(**POINTS, help_text="What the rule gives without any fact.")
    counted_points = serializers.DecimalField(**POINTS, help_text="Before cap, floor, veto and rounding.")
    counted = CountedLineSerializer(many=True)
    excluded = CountedLineSerializer(many=True)
    uncounted = UncountedFactSerializer(many=True)
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What a cap, a floor or a veto kept from counting."
    )
    comparison = ComparisonSerializer(allow_null=True)


class OwingSerializer(serializers.Serializer[Any]):
    """What an undecided item waits for: a `target` by its code, or an `input` by its sheet and panel, perhaps only a second person."""

    kind = serializers.CharField()
    words = serializers.CharField()
    place = serializers.CharField()
    part = serializers.CharField()
    waits = serializers.BooleanField(help_text="Recorded, and to be confirmed.")


class ItemExplanationSerializer(ExplanationSerializer):
    """An item explained, with whose it is; `owing` is null unless it is undecided, empty when all has been given since the run."""

    item = ListedItemSerializer()
    owing = serializers.SerializerMethodField()

    @extend_schema_field(OwingSerializer(many=True, allow_null=True))
    def get_owing(self, _explanation: Any) -> Any:
        found = self.context.get("owing")
        return None if found is None else OwingSerializer(found, many=True).data


class UnreadKindSerializer(serializers.Serializer[Any]):
    """How many lines of a kind no item reads."""

    kind = serializers.CharField()
    count = serializers.IntegerField()


class NoteSerializer(serializers.Serializer[Any]):
    """What a limit of an item kept from counting."""

    title = serializers.CharField()
    sentence = serializers.CharField()


class UncountedSerializer(serializers.Serializer[Any]):
    """Everything that did not count for a subject in a run, and why."""

    standing = serializers.IntegerField(source="standing.pk")
    notes = serializers.SerializerMethodField()
    lines = CountedLineSerializer(many=True, source="uncounted_lines")
    facts = UncountedFactSerializer(many=True, source="uncounted_facts")
    unread = serializers.SerializerMethodField()

    @extend_schema_field(NoteSerializer(many=True))
    def get_notes(self, statement: Any) -> list[dict[str, str]]:
        return [{"title": title, "sentence": note} for title, note in statement.notes]

    @extend_schema_field(UnreadKindSerializer(many=True))
    def get_unread(self, statement: Any) -> list[dict[str, Any]]:
        return [{"kind": kind, "count": count} for kind, count in statement.unread_kinds]


class ScoreStatementSerializer(UncountedSerializer):
    """A statement (对账单): everything behind one total. `exact_total` is before rounding, `shown_sum` of the printed points."""

    url = Link("api-standings-detail", source="standing.pk")
    run = serializers.CharField(source="run.public_id")
    year = serializers.IntegerField(source="run.year")
    as_of = serializers.DateField(source="run.as_of")
    fingerprint = serializers.CharField(source="run.fingerprint")
    scheme = serializers.CharField(source="run.scheme.public_id")
    group = serializers.CharField(source="standing.group")
    name = serializers.CharField(source="standing.subject_name")
    rank = serializers.IntegerField(source="standing.rank")
    group_size = serializers.IntegerField(source="standing.group_size")
    tied = serializers.BooleanField()
    total = serializers.DecimalField(12, 4, source="standing.total")
    exact_total = serializers.DecimalField(**POINTS)
    shown_sum = serializers.DecimalField(**POINTS)
    rounding = serializers.CharField(
        source="rounding_words", help_text="Why the printed points do not add up, where they do not."
    )
    gates = serializers.ListField(child=serializers.DictField(), source="standing.gates")
    parts = ExplanationSerializer(many=True)
