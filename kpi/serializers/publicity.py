"""What the API shows and takes of publicities, answers and objections."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import ObjectionPaper, Publicity, RemedyKind, ScoreObjection
from kpi.models.publicity import DAYS, MOST_DAYS
from kpi.models.score_objection import OUTCOMES
from promotion.api.strict import Strict
from staff.models import BodyName


class PublicitySerializer(serializers.ModelSerializer[Publicity]):
    """A publicity (考核公示). Only a final one that is not interim settles its year: decisions stand on `final_run`."""

    run = serializers.CharField(
        source="run.public_id", help_text="The run made public; frozen once announced."
    )
    final_run = serializers.CharField(source="final_run.public_id", default=None)
    drafted_by = serializers.CharField(source="drafted_by.display_name")
    announced_by = serializers.CharField(source="announced_by.display_name", default=None)
    finalised_by = serializers.CharField(source="finalised_by.display_name", default=None)
    withdrawn_by = serializers.CharField(source="withdrawn_by.display_name", default=None)

    class Meta:
        model = Publicity
        fields: tuple[str, ...] = (
            "public_id", "year", "state", "is_interim", "run", "days", "opens_on", "closes_on", "contact", "note",
            "body_name", "drafted_by", "drafted_at", "announced_by", "announced_at", "final_run", "finalised_by",
            "finalised_at", "withdrawn_by", "withdrawn_at", "withdraw_reason", "version",
        )  # fmt: skip
        read_only_fields = fields


class DraftPublicitySerializer(Strict, serializers.Serializer[Any]):
    """The year whose present result is to be made public, and for how many working days."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=DAYS)
    contact = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    body_name = serializers.ChoiceField(BodyName.choices, default=BodyName.CENTRE)
    seen = serializers.IntegerField(required=False, allow_null=True, default=None)


class PublicitySeenSerializer(Strict, serializers.Serializer[Any]):
    """Which version was seen; left out, whatever is there."""

    seen = serializers.IntegerField(required=False, allow_null=True, default=None)


class WithdrawPublicitySerializer(PublicitySeenSerializer):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=300)


class FinalisePublicitySerializer(PublicitySeenSerializer):
    """Of which run the changes were looked at; left out, the present one."""

    seen_run = serializers.CharField(max_length=10, required=False, allow_blank=True, default="")


class AnsweredStandingSerializer(serializers.Serializer[Any]):
    """A published result with what was said to it (公示答复)."""

    standing = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="subject_name")
    group = serializers.CharField()
    rank = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=12, decimal_places=4)
    reply = serializers.CharField(
        help_text="`confirmed`, `objected`, `answered` (objection decided) or `silent`."
    )


class ConfirmResultSerializer(Strict, serializers.Serializer[Any]):
    """Which published standing, by its number."""

    standing = serializers.IntegerField()


class PublicityItemSerializer(serializers.Serializer[Any]):
    """An item whose points differ."""

    indicator = serializers.CharField(source="item.indicator")
    title = serializers.CharField(source="item.title")
    before = serializers.DecimalField(max_digits=12, decimal_places=4, source="found.before", allow_null=True)
    after = serializers.DecimalField(max_digits=12, decimal_places=4, source="found.after", allow_null=True)
    causes = serializers.CharField(source="cause_words")
    from_objection = serializers.SerializerMethodField()

    def get_from_objection(self, row: Any) -> bool:
        return bool(row.objections)


class PublicityChangeSerializer(serializers.Serializer[Any]):
    """A person or team that differs between the published and the final run; `items` only for those who may open them."""

    standing = serializers.IntegerField(source="standing.pk")
    name = serializers.CharField(source="standing.subject_name")
    group = serializers.CharField(source="standing.group")
    rank_before = serializers.IntegerField(source="before.rank", default=None)
    rank = serializers.IntegerField(source="after.rank", default=None)
    total_before = serializers.DecimalField(
        max_digits=12, decimal_places=4, source="before.total", default=None
    )
    total = serializers.DecimalField(max_digits=12, decimal_places=4, source="after.total", default=None)
    rank_only = serializers.BooleanField(source="is_rank_only")
    from_objection = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()

    def get_from_objection(self, row: Any) -> bool:
        return bool(row.objections)

    @extend_schema_field(PublicityItemSerializer(many=True))
    def get_items(self, row: Any) -> Any:
        return PublicityItemSerializer(row.items if row.can_open else (), many=True).data


class ObjectionPaperSerializer(serializers.ModelSerializer[ObjectionPaper]):
    """A file of an objection."""

    class Meta:
        model = ObjectionPaper
        fields = ("public_id", "title", "content_type", "size", "digest")
        read_only_fields = fields


class ScoreObjectionSerializer(serializers.ModelSerializer[ScoreObjection]):
    """An objection to a published result (考核异议), its decision, and what was done."""

    publicity = serializers.CharField(source="publicity.public_id")
    name = serializers.CharField(source="standing.subject_name")
    achievement = serializers.CharField(source="achievement.public_id", default=None)
    raised_by = serializers.CharField(source="raised_by.display_name")
    decided_by = serializers.CharField(source="decided_by.display_name", default=None)
    remedy_achievement = serializers.CharField(source="remedy_achievement.public_id", default=None)
    papers = ObjectionPaperSerializer(many=True)

    class Meta:
        model = ScoreObjection
        fields = (
            "public_id", "publicity", "standing", "name", "indicator", "title", "achievement", "text", "asked", "state",
            "raised_by", "raised_at", "decision", "decided_by", "decided_at", "remedy_kind", "remedy",
            "remedy_achievement", "remedied_at", "papers", "version",
        )  # fmt: skip
        read_only_fields = fields


class RaiseScoreObjectionSerializer(Strict, serializers.Serializer[Any]):
    """An objection to an item (`indicator`), a fact (`achievement`), or the whole of one's own published result."""

    publicity = serializers.CharField(max_length=10)
    standing = serializers.IntegerField()
    indicator = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    achievement = serializers.CharField(max_length=10, required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=500)
    asked = serializers.CharField(max_length=300)
    papers = serializers.ListField(child=serializers.FileField(), required=False, default=list)


class DecideObjectionSerializer(PublicitySeenSerializer):
    """The decision, with its reason."""

    outcome = serializers.ChoiceField(OUTCOMES)
    reason = serializers.CharField(max_length=500)


class RemedySerializer(PublicitySeenSerializer):
    """What was done for a granted objection."""

    kind = serializers.ChoiceField(RemedyKind.choices)
    text = serializers.CharField(max_length=300)
    achievement = serializers.CharField(max_length=10, required=False, allow_null=True, default=None)
