"""Contracts of employment in the REST API, by the same actions as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound
from staff import actions
from staff.api.named import person_named, team_named
from staff.api.reading import account_of, checked
from staff.exports.contract import contract_paper
from staff.filters.contract import ContractFilter
from staff.models import ApiToken, Contract
from staff.queries.contract import contracts_listed
from staff.serializers.contract import (
    ContractChangeSerializer,
    ContractEndSerializer,
    ContractEntrySerializer,
    ContractPaperSerializer,
    ContractProbationSerializer,
    ContractSerializer,
    ContractSignSerializer,
)

DONE: dict[Any, Any] = {200: ContractSerializer, **refusals(400, 404, 409, 422)}


@extend_schema_view(
    list=extend_schema(summary="Contracts of employment", tags=["staff"]),
    retrieve=extend_schema(summary="One contract", tags=["staff"]),
)
class ContractViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Contract]):
    """The contracts that the account may read (聘用合同)."""

    queryset = Contract.objects.none()
    serializer_class: Any = ContractSerializer
    filterset_class = ContractFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Contract]:
        return contracts_listed(account_of(self.request)).order_by("-starts_on", "-pk")

    def _again(self, public_id: str) -> Response:
        return Response(ContractSerializer(self.get_queryset().get(public_id=public_id)).data)

    def _done(self, request: Request, perform: Callable[..., Any], serializer: type) -> Response:
        contract, given = self.get_object(), checked(serializer, request)
        if "version" in given:
            given["seen"] = given.pop("version")
        if given.get("team"):
            given["team"] = team_named(request, given["team"])
        perform(actor=account_of(request), contract=contract, **given)
        return self._again(contract.public_id)

    @extend_schema(
        summary="Draft a contract",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=ContractEntrySerializer,
        responses={201: ContractSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR; it binds nobody until it is signed."""
        given = checked(ContractEntrySerializer, request)
        given["person"] = person_named(request, given["person"])
        if given.get("team"):
            given["team"] = team_named(request, given["team"])
        if "renews" in given:
            given["renews"] = self.get_queryset().filter(public_id=given["renews"]).first()
            if given["renews"] is None:
                raise NotFound("renews")
        drafted = actions.draft_contract(actor=account_of(request), **given)
        return Response(ContractSerializer(drafted).data, status=201)

    @writes(ContractChangeSerializer, ContractSerializer, summary="Change a draft", tags=["staff"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """With the version that was read."""
        return self._done(request, actions.change_contract, ContractChangeSerializer)

    @writes(None, None, refused=(404, 422), status=204, summary="Drop a draft", tags=["staff"])
    def destroy(self, request: Request, public_id: str) -> Response:
        """What it said stays in the trail."""
        actions.drop_contract(actor=account_of(request), contract=self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="Sign a contract", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=ContractSignSerializer, responses=DONE
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def sign(self, request: Request, public_id: str) -> Response:
        """The one that it follows ends the day before."""
        return self._done(request, actions.sign_contract, ContractSignSerializer)

    @extend_schema(
        summary="Keep the signed paper", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=ContractPaperSerializer, responses=DONE
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def attach(self, request: Request, public_id: str) -> Response:
        """An earlier scan stays in the staff file."""
        return self._done(request, actions.attach_contract_paper, ContractPaperSerializer)

    @extend_schema(
        summary="Confirm after probation", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=ContractProbationSerializer, responses=DONE
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def probation(self, request: Request, public_id: str) -> Response:
        """Once."""
        return self._done(request, actions.confirm_probation, ContractProbationSerializer)

    @extend_schema(
        summary="End a contract", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=ContractEndSerializer, responses=DONE
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def end(self, request: Request, public_id: str) -> Response:
        """On a day with a reason, or as not renewed."""
        return self._done(request, actions.end_contract, ContractEndSerializer)

    @extend_schema(
        summary="The contract as PDF",
        tags=["staff"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def paper(self, request: Request, public_id: str) -> HttpResponse:
        """To print and sign."""
        return HttpResponse(contract_paper(self.get_object()), content_type="application/pdf")
