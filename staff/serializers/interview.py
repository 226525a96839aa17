"""Panels, sessions, sheets and rankings as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from promotion.models import ImportBatch
from staff.models import Account, Application, Interview, InterviewSession, Panelist, ScoreSheet
from staff.serializers.names import PersonNameSerializer


class PanelistSerializer(serializers.ModelSerializer[Panelist]):
    """A judge of a round (考核组成员)."""

    username = serializers.CharField(source="account.username", read_only=True)
    name = serializers.CharField(source="account.display_name", read_only=True)

    class Meta:
        model = Panelist
        fields = ["id", "username", "name", "is_chair"]
        read_only_fields = fields


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    """A candidate's place in a session (面试); `id` is what a sheet is for."""

    person = PersonNameSerializer(read_only=True)
    application: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)

    class Meta:
        model = Interview
        fields = ["id", "application", "person", "position", "starts_at", "ends_at", "was_absent"]
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer[InterviewSession]):
    """A session (面试场次); `seed` is what the order was drawn by lot from."""

    competition: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    interviews = InterviewSerializer(many=True, read_only=True)
    judges = serializers.SerializerMethodField()

    class Meta:
        model = InterviewSession
        fields: Any = [
            "public_id", "competition", "room", "starts_at", "ends_at", "minutes", "seed", "state", "closed_at", "judges",
            "interviews", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_judges(self, session: InterviewSession) -> list[str]:
        return [str(each.account) for each in session.judges.all()]


class SheetSerializer(serializers.ModelSerializer[ScoreSheet]):
    """The own sheet for a candidate (评分表); `points` by id of the criterion."""

    points = serializers.SerializerMethodField()

    class Meta:
        model = ScoreSheet
        fields = ["interview", "state", "points", "remark", "submitted_at", "version"]
        read_only_fields = fields

    def get_points(self, sheet: ScoreSheet) -> dict[str, str]:
        return {str(each.criterion_id): str(each.points) for each in sheet.scores.all()}


class JudgeLineSerializer(serializers.Serializer[Any]):
    judge = serializers.CharField()
    points = serializers.ListField(child=serializers.DecimalField(max_digits=5, decimal_places=2))
    total = serializers.DecimalField(max_digits=5, decimal_places=2)
    dropped = serializers.CharField()


class OwnMarkSerializer(serializers.Serializer[Any]):
    """The own mark (成绩): rank and mark are empty for a missed interview; `words` is the arithmetic."""

    rank = serializers.IntegerField(allow_null=True)
    shared = serializers.BooleanField()
    mark = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    passed = serializers.BooleanField()
    words = serializers.CharField()


class OrderSessionSerializer(Strict, serializers.Serializer[Any]):
    """The interviews of the session by id in their new order, and why."""

    interviews = serializers.ListField(child=serializers.IntegerField(), max_length=200)
    reason = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=1, required=False)


class ScoreTableSerializer(Strict, serializers.Serializer[Any]):
    """Scores on paper: the table under the headings of the template, and the scan of the sheets."""

    file = serializers.FileField()
    paper = serializers.FileField()


class TypedScoresSerializer(serializers.ModelSerializer[ImportBatch]):
    """A typed table that waits for a second person: rows to write, and refused ones with their reasons."""

    class Meta:
        model = ImportBatch
        fields = ["public_id", "file_name", "state", "accepted", "rejected"]
        read_only_fields = fields


class PlaceSerializer(serializers.Serializer[Any]):
    """A candidate of the ranking (排名); `words` is the arithmetic, `shared` a tie."""

    application = serializers.CharField(source="application.public_id")
    person = PersonNameSerializer(source="application.person")
    rank = serializers.IntegerField(allow_null=True)
    shared = serializers.BooleanField()
    mark = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    passed = serializers.BooleanField()
    words = serializers.CharField()
    judges = JudgeLineSerializer(many=True)


class SetPanelSerializer(Strict, serializers.Serializer[Any]):
    chair = serializers.SlugRelatedField(
        slug_field="username", queryset=Account.objects.filter(is_active=True)
    )
    members = serializers.SlugRelatedField(
        slug_field="username", queryset=Account.objects.filter(is_active=True), many=True
    )


class RecuseSerializer(Strict, serializers.Serializer[Any]):
    panelist = serializers.PrimaryKeyRelatedField(queryset=Panelist.objects.all())
    application = serializers.SlugRelatedField(slug_field="public_id", queryset=Application.objects.all())
    reason = serializers.CharField(max_length=200)


class PlanSessionSerializer(Strict, serializers.Serializer[Any]):
    """Without `by_lot` the applicants are heard in the order given; with a `seed` the draw can be repeated."""

    room = serializers.CharField(max_length=60)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=5, max_value=180)
    judges = serializers.PrimaryKeyRelatedField(queryset=Panelist.objects.all(), many=True)
    applications = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Application.objects.all(), many=True
    )
    by_lot = serializers.BooleanField(default=True)
    seed = serializers.CharField(max_length=32, required=False, default="")


class MoveSessionSerializer(Strict, serializers.Serializer[Any]):
    room = serializers.CharField(max_length=60)
    starts_at = serializers.DateTimeField()
    version = serializers.IntegerField(min_value=1, required=False)


class AbsentSerializer(Strict, serializers.Serializer[Any]):
    absent = serializers.BooleanField(default=True)


class ExcuseSerializer(Strict, serializers.Serializer[Any]):
    panelist = serializers.PrimaryKeyRelatedField(queryset=Panelist.objects.all())
    reason = serializers.CharField(max_length=200)


class SaveSheetSerializer(Strict, serializers.Serializer[Any]):
    """Points by id of the criterion; only those named change. `key` makes a repeated save harmless."""

    points = serializers.DictField(
        child=serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    )
    remark = serializers.CharField(max_length=500, allow_blank=True, required=False)
    key = serializers.CharField(max_length=64, required=False)
    version = serializers.IntegerField(min_value=1, required=False)
