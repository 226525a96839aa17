"""Plots, plants and reservations as JSON. Areas in 亩 for land and m² for plants, prices in 元, dates half-open."""

from typing import Any

from rest_framework import serializers

from projects.actions.site import PLANT_FIELDS, PLOT_FIELDS
from projects.models import Plant, Plot, Reservation
from projects.serializers.reference import ProjectReferenceSerializer
from promotion.api.strict import Strict


class PlotSerializer(serializers.ModelSerializer[Plot]):
    """A plot (地块); `free` is what nobody holds today, `state_now` how far the latest reservation has come."""

    free = serializers.DecimalField(12, 2, read_only=True)
    held_until = serializers.DateField(read_only=True)
    state_now = serializers.CharField(read_only=True)

    class Meta:
        model = Plot
        fields = ["public_id", *PLOT_FIELDS, "free", "state_now", "held_until", "version", "is_demo"]
        read_only_fields = fields


class PlantSerializer(serializers.ModelSerializer[Plant]):
    """A plant (厂房载体)."""

    plot: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    free = serializers.DecimalField(12, 2, read_only=True)
    held_until = serializers.DateField(read_only=True)
    state_now = serializers.CharField(read_only=True)

    class Meta:
        model = Plant
        fields = ["public_id", *PLANT_FIELDS, "free", "state_now", "held_until", "version", "is_demo"]
        read_only_fields = fields


class PlotEntrySerializer(Strict, serializers.ModelSerializer[Plot]):
    """A plot to enter or change; `version` goes with a change."""

    corners = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False,
        help_text="Outline in metres east and north of the park's south-west corner.",
    )
    version = serializers.IntegerField(min_value=1, required=False)

    class Meta:
        model = Plot
        fields = [*PLOT_FIELDS, "version"]
        # A number that is there already is the action's to refuse, with its sentence.
        validators: list[Any] = []


class PlantEntrySerializer(Strict, serializers.ModelSerializer[Plant]):
    """A plant to enter or change; `version` goes with a change."""

    plot = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Plot.objects.all(), required=False, allow_null=True
    )
    version = serializers.IntegerField(min_value=1, required=False)

    class Meta:
        model = Plant
        fields = [*PLANT_FIELDS, "version"]
        validators: list[Any] = []


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    """A place kept for a project (用地预留) over [starts_on, ends_on); `extent` is the strip of the plot in 亩."""

    project = ProjectReferenceSerializer(read_only=True)
    plot: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    plant: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    extent = serializers.SerializerMethodField()

    class Meta:
        model = Reservation
        fields = [
            "public_id", "project", "plot", "plant", "area", "extent", "starts_on", "ends_on", "state", "reason",
            "decision_note", "extensions", "requested_at", "decided_at", "closed_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_extent(self, row: Reservation) -> list[str] | None:
        return [f"{row.extent.lower:.2f}", f"{row.extent.upper:.2f}"] if row.extent else None


class SiteRequestSerializer(Strict, serializers.Serializer[Any]):
    """A place to ask for: one of `plot` and `plant`; `wait` stands in line for one that is taken."""

    project = serializers.CharField(max_length=10, help_text="Public id of a project that you see.")
    plot = serializers.CharField(max_length=10, required=False, help_text="Public id of a plot.")
    plant = serializers.CharField(max_length=10, required=False, help_text="Public id of a plant.")
    area = serializers.DecimalField(12, 2, required=False, help_text="亩; the whole plot when left out.")
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text="The first day on which it is free again.")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    wait = serializers.BooleanField(required=False)


class ExistingSiteSerializer(Strict, serializers.Serializer[Any]):
    """Where a project stands already; landed for good without `ends_on`."""

    project = serializers.CharField(max_length=10, help_text="Public id of a project that you see.")
    plot = serializers.CharField(max_length=10, required=False, help_text="Public id of a plot.")
    plant = serializers.CharField(max_length=10, required=False, help_text="Public id of a plant.")
    area = serializers.DecimalField(12, 2, required=False, help_text="亩; the whole plot when left out.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SiteDecisionSerializer(Strict, serializers.Serializer[Any]):
    """What an act on a reservation asks for; `version` is the one that was read."""

    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)


class ParkFiguresSerializer(serializers.Serializer[Any]):
    park = serializers.CharField()
    count = serializers.IntegerField()
    amount = serializers.DecimalField(20, 2, help_text="元")
    placed = serializers.IntegerField(help_text="Projects that hold a plot, or a plant on one.")


class HomeFiguresSerializer(serializers.Serializer[Any]):
    home = serializers.CharField(help_text="Province or country; `other`, `unknown`.")
    count = serializers.IntegerField()
    amount = serializers.DecimalField(20, 2, help_text="元")


class MapSerializer(serializers.Serializer[Any]):
    """What the two maps show."""

    parks = ParkFiguresSerializer(many=True)
    homes = HomeFiguresSerializer(many=True)
