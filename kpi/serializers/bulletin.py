"""What the API shows and takes of bulletins."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import Bulletin, TargetPeriod
from kpi.queries.bulletin.report import title_of
from staff.models import BodyName

SHOWN = (
    "id", "title", "year", "period", "number", "state", "as_of", "run", "lead", "outlook", "sent_to", "copied_to",
    "body_name", "drafted_by", "drafted_at", "issued_by", "issued_at", "withdrawn_at", "reason", "version",
)  # fmt: skip


class BulletinFields(serializers.ModelSerializer[Bulletin]):
    """What every answer about a bulletin has."""

    id = serializers.CharField(source="public_id", read_only=True)
    title = serializers.SerializerMethodField()
    run = serializers.CharField(source="run.public_id", default=None, read_only=True)
    drafted_by = serializers.CharField(source="drafted_by.display_name", read_only=True)
    issued_by = serializers.CharField(source="issued_by.display_name", default=None, read_only=True)

    def get_title(self, bulletin: Bulletin) -> str:
        return title_of(bulletin)


class BulletinSerializer(BulletinFields):
    """A bulletin (通报) without its figures."""

    class Meta:
        model = Bulletin
        fields = SHOWN
        read_only_fields = SHOWN


class BulletinDetailSerializer(BulletinFields):
    """With the figures as they were taken: each total with the address of the list that sums to it."""

    figures = serializers.SerializerMethodField()

    class Meta:
        model = Bulletin
        fields = (*SHOWN, "figures")
        read_only_fields = SHOWN

    @extend_schema_field(serializers.DictField)
    def get_figures(self, bulletin: Bulletin) -> dict[str, Any]:
        found: dict[str, Any] = bulletin.figures
        return found


class StartBulletinSerializer(serializers.Serializer[Any]):
    """Which period to write about."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    period = serializers.ChoiceField(choices=TargetPeriod.choices)


class EditBulletinSerializer(serializers.Serializer[Any]):
    """The editor's words; what is left out becomes empty. `version` is what was read."""

    lead = serializers.CharField(max_length=2000, allow_blank=True, default="")
    outlook = serializers.CharField(max_length=4000, allow_blank=True, default="")
    sent_to = serializers.CharField(max_length=200, allow_blank=True, default="")
    copied_to = serializers.CharField(max_length=200, allow_blank=True, default="")
    body_name = serializers.ChoiceField(choices=BodyName.choices)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class SeenBulletinSerializer(serializers.Serializer[Any]):
    """The version that was read; another one answers 409."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class WithdrawBulletinSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=300)
