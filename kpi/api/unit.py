"""Units outside the house that a scheme assesses: entered, listed, and ended."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.queries.unit import units_visible_to
from kpi.serializers.inputs import CloseUnitSerializer, NewUnitSerializer, UnitSerializer
from projects.api.reading import account_of, checked
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff import actions
from staff.models import ApiToken, Team


class UnitViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Team]):
    """Units outside the house (参评单位), those that ended last."""

    queryset = Team.objects.none()
    serializer_class = UnitSerializer
    filter_backends = ()
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[Team]:
        return units_visible_to(account_of(self.request))

    @extend_schema(summary="Units that are only assessed", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One unit", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Enter a unit",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=NewUnitSerializer,
        responses={201: UnitSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR and administrators, under the word by which schemes call its kind (`unmet` of the sheets)."""
        given = checked(NewUnitSerializer, request)
        made = actions.found_team(actor=account_of(request), kind="unit", **given)
        return Response(UnitSerializer(made).data, status=201)

    @extend_schema(
        summary="End a unit's assessment",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=CloseUnitSerializer,
        responses={200: UnitSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: Request, public_id: str) -> Response:
        """From the day on; results and inputs of before stay."""
        on = checked(CloseUnitSerializer, request)["on"]
        unit = actions.close_unit(actor=account_of(request), unit=self.get_object(), on=on)
        return Response(UnitSerializer(unit).data)
