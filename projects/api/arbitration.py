"""Disputes over first receptions in the REST API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.api.arbitration_reply import arbitration_reply
from projects.api.reading import account_of, checked
from projects.filters.protection import ArbitrationFeed
from projects.models import Arbitration
from projects.queries.arbitration import arbitrations_listed
from projects.serializers.protection import (
    ArbitrationSerializer,
    DecideSerializer,
    ReasonSerializer,
    StateSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken

CHANGED: dict[Any, Any] = {200: ArbitrationSerializer, **refusals(400, 404, 409, 422)}


@extend_schema_view(
    list=extend_schema(summary="Disputes over first receptions", tags=["receptions"]),
    retrieve=extend_schema(
        summary="One dispute", tags=["receptions"], responses={200: ArbitrationSerializer, **refusals(404)}
    ),
)
class ArbitrationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Arbitration]
):
    """Cases (首报仲裁) that the account is party to; all of them for managers and auditors."""

    queryset = Arbitration.objects.none()
    serializer_class = ArbitrationSerializer
    filterset_class = ArbitrationFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Arbitration]:
        listed = arbitrations_listed(account_of(self.request)).select_related("resulting")
        return listed.prefetch_related("statements").order_by("-pk")

    @extend_schema(
        summary="Write the statement of one's side",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=StateSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def statement(self, request: Request, public_id: str) -> Response:
        """Written over until the decision."""
        given = checked(StateSerializer, request)
        case = self.get_object()
        actions.state_case(actor=account_of(request), arbitration=case, **given)
        return arbitration_reply(account_of(request), case)

    @extend_schema(
        summary="Decide a dispute",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=DecideSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def decide(self, request: Request, public_id: str) -> Response:
        """By a manager who is no party; a transfer is carried out in the same step, projects stay where they are."""
        given = checked(DecideSerializer, request)
        seen = given.pop("version", None)
        case = self.get_object()
        actions.decide_arbitration(actor=account_of(request), arbitration=case, seen=seen, **given)
        return arbitration_reply(account_of(request), case)

    @extend_schema(
        summary="Withdraw a dispute",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReasonSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, public_id: str) -> Response:
        """By whoever brought it."""
        case = self.get_object()
        actions.withdraw_arbitration(
            actor=account_of(request), arbitration=case, **checked(ReasonSerializer, request)
        )
        return arbitration_reply(account_of(request), case)
