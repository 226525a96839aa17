"""Plots, plants, reservations and the figures of the map in the REST API."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import plants_visible_to, plots_visible_to, projects_visible_to
from projects.actions import reservation_decision as decide
from projects.actions.reservation import claim_site, enter_site, request_site, wait_for_site
from projects.actions.site import add_plant, add_plot, change_plant, change_plot
from projects.api.project import account_of, checked
from projects.filters.feed import ProjectFeed
from projects.filters.site import PlantFilter, PlotFilter, ReservationFilter
from projects.models import Plant, Plot, Project, Reservation
from projects.queries import site as queries
from projects.queries.map import home_sums, park_plans
from projects.serializers.site import (
    ExistingSiteSerializer,
    MapSerializer,
    PlantEntrySerializer,
    PlantSerializer,
    PlotEntrySerializer,
    PlotSerializer,
    ReservationSerializer,
    SiteDecisionSerializer,
    SiteRequestSerializer,
)
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import Refused
from staff.models import Account, ApiToken


@extend_schema_view(
    list=extend_schema(summary="Plots with what is free of them", tags=["sites"]),
    retrieve=extend_schema(
        summary="One plot", tags=["sites"], responses={200: PlotSerializer, **refusals(404)}
    ),
)
class PlotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Plot]):
    """Plots (地块) of both parks."""

    queryset = Plot.objects.none()
    serializer_class = PlotSerializer
    filterset_class = PlotFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Plot]:
        return queries.listed_plots(account_of(self.request)).order_by("park", "number")

    @writes(
        PlotEntrySerializer,
        PlotSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Enter a plot",
        tags=["sites"],
    )
    def create(self, request: Request) -> Response:
        """By managers and administrators."""
        given = checked(PlotEntrySerializer, request)
        given.pop("version", None)
        made = add_plot(actor=account_of(request), **given)
        return Response(PlotSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @writes(PlotEntrySerializer, PlotSerializer, summary="Change a plot", tags=["sites"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """The area never falls below what is promised on it."""
        plot = self.get_object()
        reader = PlotEntrySerializer(data=request.data, partial=True)
        reader.is_valid(raise_exception=True)
        given = dict(reader.validated_data)
        changed = change_plot(actor=account_of(request), plot=plot, seen=given.pop("version", None), **given)
        return Response(PlotSerializer(self.get_queryset().get(pk=changed.pk)).data)


@extend_schema_view(
    list=extend_schema(summary="Plants with who has them", tags=["sites"]),
    retrieve=extend_schema(
        summary="One plant", tags=["sites"], responses={200: PlantSerializer, **refusals(404)}
    ),
)
class PlantViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Plant]):
    """Plants (厂房载体) of both parks."""

    queryset = Plant.objects.none()
    serializer_class = PlantSerializer
    filterset_class = PlantFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Plant]:
        listed = queries.listed_plants(account_of(self.request))
        return listed.select_related("plot").order_by("park", "building", "floor")

    @writes(
        PlantEntrySerializer,
        PlantSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Enter a plant",
        tags=["sites"],
    )
    def create(self, request: Request) -> Response:
        """By managers and administrators."""
        given = checked(PlantEntrySerializer, request)
        given.pop("version", None)
        made = add_plant(actor=account_of(request), **given)
        return Response(PlantSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @writes(PlantEntrySerializer, PlantSerializer, summary="Change a plant", tags=["sites"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """With the `version` that was read."""
        plant = self.get_object()
        reader = PlantEntrySerializer(data=request.data, partial=True)
        reader.is_valid(raise_exception=True)
        given = dict(reader.validated_data)
        changed = change_plant(
            actor=account_of(request), plant=plant, seen=given.pop("version", None), **given
        )
        return Response(PlantSerializer(self.get_queryset().get(pk=changed.pk)).data)


@extend_schema_view(
    list=extend_schema(summary="Reservations of the projects that you see", tags=["sites"]),
    retrieve=extend_schema(
        summary="One reservation", tags=["sites"], responses={200: ReservationSerializer, **refusals(404)}
    ),
)
class ReservationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Reservation]
):
    """Places kept for projects (用地预留)."""

    queryset = Reservation.objects.none()
    serializer_class = ReservationSerializer
    filterset_class = ReservationFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Reservation]:
        return queries.listed_reservations(account_of(self.request)).order_by("-pk")

    @writes(
        SiteRequestSerializer,
        ReservationSerializer,
        status=201,
        summary="Ask for a place, or stand in line for it",
        tags=["sites"],
    )
    def create(self, request: Request) -> Response:
        """409 when the place is promised to another project in that time."""
        account = account_of(request)
        given = _resolved(account, checked(SiteRequestSerializer, request))
        perform: Callable[..., Reservation] = request_site
        if given.pop("wait", False):
            perform = wait_for_site
            given.pop("starts_on", None)
            given.pop("ends_on", None)
        elif "ends_on" not in given:
            raise Refused(_("请填写截止日期。"), fields={"ends_on": _("请填写截止日期。")})
        made = perform(actor=account, **given)
        return Response(ReservationSerializer(made).data, status=201)

    @writes(
        ExistingSiteSerializer,
        ReservationSerializer,
        status=201,
        detail=False,
        summary="Enter land already taken",
        tags=["sites"],
    )
    def existing(self, request: Request) -> Response:
        """By those who keep the sites; for the years before the product."""
        account = account_of(request)
        entered = enter_site(actor=account, **_resolved(account, checked(ExistingSiteSerializer, request)))
        return Response(ReservationSerializer(entered).data, status=201)

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Approve", tags=["sites"])
    def approve(self, request: Request, public_id: str) -> Response:
        """By a second person."""
        return self._act(request, decide.approve_site, "note")

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Decline", tags=["sites"])
    def decline(self, request: Request, public_id: str) -> Response:
        """By a second person, with the reason."""
        return self._act(request, decide.decline_site, "reason")

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Extend", tags=["sites"])
    def extend(self, request: Request, public_id: str) -> Response:
        """Twice at the most, with a reason."""
        return self._act(request, decide.extend_site, "ends_on", "reason")

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Lock", tags=["sites"])
    def lock(self, request: Request, public_id: str) -> Response:
        """After the signing."""
        return self._act(request, decide.lock_site, "ends_on", "note")

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Land", tags=["sites"])
    def land(self, request: Request, public_id: str) -> Response:
        """The place has no end from then on."""
        return self._act(request, decide.land_site, "note")

    @writes(SiteDecisionSerializer, ReservationSerializer, detail=True, summary="Release", tags=["sites"])
    def release(self, request: Request, public_id: str) -> Response:
        """Those in line are told."""
        return self._act(request, decide.release_site, "reason")

    @writes(
        SiteDecisionSerializer,
        ReservationSerializer,
        detail=True,
        summary="Ask from the line",
        tags=["sites"],
    )
    def claim(self, request: Request, public_id: str) -> Response:
        """For what has come free."""
        given = checked(SiteDecisionSerializer, request)
        asked = {name: given[name] for name in ("starts_on", "ends_on") if name in given}
        if "ends_on" not in asked:
            raise Refused(_("请填写截止日期。"), fields={"ends_on": _("请填写截止日期。")})
        found = claim_site(actor=account_of(request), reservation=self.get_object(), **asked)
        return Response(ReservationSerializer(found).data)

    def _act(self, request: Request, perform: Callable[..., Reservation], *asks: str) -> Response:
        """The act with the inputs that it asks for; what is missing is said."""
        given = checked(SiteDecisionSerializer, request)
        if "ends_on" in asks and "ends_on" not in given:
            raise Refused(_("请填写截止日期。"), fields={"ends_on": _("请填写截止日期。")})
        inputs = {name: given.get(name, "") for name in asks}
        done = perform(
            actor=account_of(request), reservation=self.get_object(), seen=given.get("version"), **inputs
        )
        return Response(ReservationSerializer(done).data)


class MapViewSet(viewsets.GenericViewSet[Project]):
    """The figures of the map of projects."""

    queryset = Project.objects.none()
    serializer_class = MapSerializer
    filterset_class = ProjectFeed
    pagination_class = None
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = None

    def get_queryset(self) -> QuerySet[Project]:
        return projects_visible_to(account_of(self.request)).order_by("-pk")

    @extend_schema(summary="Projects by park and by investor's home", tags=["sites"], responses=MapSerializer)
    def list(self, request: Request) -> Response:
        """Narrowed like the list of projects."""
        found = self.filter_queryset(self.get_queryset())
        homes = [
            {"home": home, "count": count, "amount": amount}
            for home, (count, amount) in sorted(home_sums(found).items(), key=lambda pair: -pair[1][1])
        ]
        parks = park_plans(account_of(request), found)
        return Response(MapSerializer({"parks": parks, "homes": homes}).data)


def _resolved(account: Account, given: dict[str, Any]) -> dict[str, Any]:
    """The records that a request names, from what the account sees."""
    for name, rows in (
        ("project", projects_visible_to(account)),
        ("plot", plots_visible_to(account)),
        ("plant", plants_visible_to(account)),
    ):
        if name in given:
            given[name] = _named(rows, given[name], name)
    return given


def _named(rows: QuerySet[Any], public_id: str, field: str) -> Any:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        sentence = _("没有这个编号，或您不能查看它。")
        raise Refused(sentence, fields={field: sentence})
    return found
