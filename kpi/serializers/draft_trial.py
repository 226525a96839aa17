"""What the API takes and shows of a changed draft that is tried on the year's facts."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from kpi.queries.piece_preview import PiecePreview
from kpi.queries.scheme_preview import PreviewRow
from kpi.scoring.editing import CODED, PARTS
from kpi.serializers.beside import BesideChangeSerializer
from kpi.serializers.results import SchemeTextSerializer


class SchemePreviewRequestSerializer(SchemeTextSerializer):
    """A changed draft to be tried: `text` or `document`, the indicator or another part to look at, and for whom."""

    indicator = serializers.CharField(
        required=False, help_text="The code of an indicator of the changed draft; without it give `part`."
    )
    part = serializers.ChoiceField(
        choices=PARTS, required=False, help_text="Another part of the draft, as the document calls it."
    )
    code = serializers.CharField(
        required=False,
        help_text="Which group, target, list, gate or award; other parts are tried as a whole.",
    )
    who = serializers.CharField(
        required=False,
        help_text="A subject such as person:ZS005, or top:officers; the first group concerned without it. "
        "An award is tried in its own group.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("indicator" in attrs) == ("part" in attrs):
            raise serializers.ValidationError(
                {"indicator": _("请写指标 indicator 或其他部分 part，两者写且只写一个。")}
            )
        if attrs.get("part") in CODED and "code" not in attrs:
            raise serializers.ValidationError({"code": _("请写 code，说明是这一部分里的哪一项。")})
        if "code" in attrs and attrs.get("part") not in CODED:
            raise serializers.ValidationError(
                {"code": _("这里不用写 code；指标的代码写在 indicator 里，整张表的部分整个试算。")}
            )
        return attrs


class PreviewRowSerializer(serializers.Serializer[Any]):
    """One subject of a trial; before is the draft as it is saved."""

    subject = serializers.CharField(source="code")
    name = serializers.CharField()
    status = serializers.CharField(source="item.status")
    points = serializers.DecimalField(18, 4, source="item.points", allow_null=True, rounding="ROUND_HALF_UP")
    explanation = serializers.SerializerMethodField(help_text="The arithmetic, or why it is undecided.")
    points_before = serializers.DecimalField(18, 4, allow_null=True, rounding="ROUND_HALF_UP")
    total = serializers.DecimalField(18, 4, rounding="ROUND_HALF_UP")
    total_before = serializers.DecimalField(18, 4, rounding="ROUND_HALF_UP")
    place = serializers.IntegerField()
    place_before = serializers.IntegerField()
    changes = BesideChangeSerializer(many=True)

    @extend_schema_field(serializers.CharField())
    def get_explanation(self, row: PreviewRow) -> str:
        return row.item.explanation or row.item.undecided_reason


class _TrialSerializer(serializers.Serializer[Any]):
    """On whose facts and in which group a draft was tried."""

    run = serializers.CharField(source="run.public_id")
    year = serializers.IntegerField(source="run.year")
    as_of = serializers.DateField(source="run.as_of")
    group = serializers.CharField(source="group.code")
    size = serializers.IntegerField(help_text="Subjects in the group.")
    moved = serializers.IntegerField(help_text="Subjects whose place changes.")
    warnings = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(_TrialSerializer):
    """A trial of an indicator of a changed draft on the facts of a run; nothing is saved."""

    rows = PreviewRowSerializer(many=True)


class PartPreviewRowSerializer(serializers.Serializer[Any]):
    """One subject by a changed part; the `before` fields are null where the draft as saved does not rank it."""

    subject = serializers.CharField(source="code")
    name = serializers.CharField()
    state = serializers.CharField(
        help_text="In a word, its grade, whether the gate holds or whether it stands for the award; else empty."
    )
    reason = serializers.CharField(source="why")
    total = serializers.DecimalField(18, 4, rounding="ROUND_HALF_UP")
    total_before = serializers.DecimalField(18, 4, allow_null=True, rounding="ROUND_HALF_UP")
    place = serializers.IntegerField()
    place_before = serializers.IntegerField(allow_null=True)
    changes = BesideChangeSerializer(many=True)


class PartCountSerializer(serializers.Serializer[Any]):
    """How many get a grade, are held by the gate or stand for the award, by the changed draft and as it is saved."""

    title = serializers.CharField()
    after = serializers.IntegerField()
    before = serializers.IntegerField()


class PartPreviewSerializer(_TrialSerializer):
    """A trial of another part of a changed draft: the whole group by it; nothing is saved."""

    changed = serializers.IntegerField(help_text="Subjects whose grade, gates, cards or awards change.")
    counts = serializers.SerializerMethodField()
    notes = serializers.ListField(child=serializers.CharField())
    rows = PartPreviewRowSerializer(many=True)

    @extend_schema_field(PartCountSerializer(many=True))
    def get_counts(self, found: PiecePreview) -> Any:
        counted = [
            {"title": title, "after": after, "before": before} for title, after, before in found.counts
        ]
        return PartCountSerializer(counted, many=True).data


SchemePreviewSerializer = PolymorphicProxySerializer(
    component_name="SchemePreview",
    serializers=[PreviewSerializer, PartPreviewSerializer],
    resource_type_field_name=None,
)
