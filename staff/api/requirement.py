"""What each grade asks for in the REST API."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff import actions
from staff.api.reading import account_of, checked
from staff.models import ApiToken, Grade, GradeRequirement
from staff.serializers.requirement import (
    GradeRequirementAdoptSerializer,
    GradeRequirementEndSerializer,
    GradeRequirementEntrySerializer,
    GradeRequirementOrderSerializer,
    GradeRequirementSerializer,
)

ONE, MANY = GradeRequirementSerializer, GradeRequirementSerializer(many=True)


class RequirementApiFilter(filters.FilterSet):  # type: ignore[misc]
    grade = filters.ChoiceFilter(choices=Grade)
    on = filters.DateFilter(method="holding", help_text="Only what is asked for on the day.")

    class Meta:
        model = GradeRequirement
        fields: list[str] = []

    def holding(self, rows: QuerySet[GradeRequirement], name: str, value: Any) -> QuerySet[GradeRequirement]:
        return rows.filter(Q(holds_until=None) | Q(holds_until__gt=value), holds_from__lte=value)


@extend_schema_view(list=extend_schema(summary="What each grade asks for", tags=["staff"]))
class GradeRequirementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[GradeRequirement]):
    """Requirements of the three grades (任职条件), with what was asked for before."""

    queryset = GradeRequirement.objects.order_by("grade", "position", "pk")
    serializer_class: Any = GradeRequirementSerializer
    filterset_class = RequirementApiFilter
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    @extend_schema(
        summary="Add a requirement",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=GradeRequirementEntrySerializer,
        responses={201: ONE, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR and administrators, from today or a later day."""
        given = checked(GradeRequirementEntrySerializer, request)
        added = actions.add_requirement(actor=account_of(request), **given)
        return Response(ONE(added).data, status=201)

    @extend_schema(
        summary="Begin a grade's list with the reform's words",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=GradeRequirementAdoptSerializer,
        responses={201: MANY, **refusals(400, 409, 422)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    @idempotent
    def adopt(self, request: Request) -> Response:
        given = checked(GradeRequirementAdoptSerializer, request)
        added = actions.adopt_requirements(actor=account_of(request), **given)
        return Response(ONE(added, many=True).data, status=201)

    @extend_schema(
        summary="End a requirement",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=GradeRequirementEndSerializer,
        responses={200: ONE, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def end(self, request: Request, pk: str) -> Response:
        """It stays in the list with its end; one that has not begun is withdrawn."""
        given, found = checked(GradeRequirementEndSerializer, request), self.get_object()
        ended = actions.end_requirement(actor=account_of(request), requirement=found, **given)
        return Response(ONE(ended).data)

    @extend_schema(
        summary="Put a grade's list in order",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=GradeRequirementOrderSerializer,
        responses={200: MANY, **refusals(400, 409, 422)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    @idempotent
    def order(self, request: Request) -> Response:
        """409 when the keys are not exactly the grade's requirements without an end."""
        given = checked(GradeRequirementOrderSerializer, request)
        return Response(ONE(actions.order_requirements(actor=account_of(request), **given), many=True).data)
