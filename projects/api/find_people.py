"""Finding people for a project, and limits of load, in the REST API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.actions.load import drop_load_limit, settle_load_limit
from projects.api.reading import account_of, checked
from projects.filters.find_people import FindPeopleFilter
from projects.models import LoadLimit
from projects.queries.find_people import people_to_find
from projects.serializers.find_people import (
    FoundPersonSerializer,
    LoadLimitEntrySerializer,
    LoadLimitSerializer,
)
from promotion.api.routes import writes
from staff.models import ApiToken, Person


@extend_schema_view(
    list=extend_schema(summary="People by language, field of industry, grade, team and room", tags=["staff"])
)
class FindPeopleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Person]):
    """Who speaks the language, knows the industry and has room (找人), those with most room first."""

    queryset = Person.objects.none()
    serializer_class: Any = FoundPersonSerializer
    filterset_class = FindPeopleFilter
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    def get_queryset(self) -> QuerySet[Any]:
        return people_to_find(account_of(self.request)).order_by("-room", "staff_number")


@extend_schema_view(list=extend_schema(summary="Limits of load", tags=["staff"]))
class LoadLimitViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[LoadLimit]):
    """Up to how many projects one person looks after (在管上限)."""

    queryset = LoadLimit.objects.order_by("grade", "-holds_from")
    serializer_class: Any = LoadLimitSerializer
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    @writes(
        LoadLimitEntrySerializer,
        LoadLimitSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Settle a limit of load",
        tags=["staff"],
    )
    def create(self, request: Request) -> Response:
        """By managers, HR and administrators, from today or a later day."""
        limit = settle_load_limit(actor=account_of(request), **checked(LoadLimitEntrySerializer, request))
        return Response(LoadLimitSerializer(limit).data, status=201)

    @writes(None, None, refused=(404,), status=204, summary="Withdraw a limit of load", tags=["staff"])
    def destroy(self, request: Request, pk: str) -> Response:
        """The limit before it, or the default, counts again."""
        drop_load_limit(actor=account_of(request), limit=self.get_object())
        return Response(status=204)
