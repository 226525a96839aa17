"""Work lent during an absence in the REST API. Working in somebody's place itself needs a browser's session."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff import actions
from staff.api.reading import account_of, checked
from staff.models import ApiToken, Delegation
from staff.queries.delegation import delegations_of
from staff.serializers.delegation import DelegationEntrySerializer, DelegationSerializer


@extend_schema_view(list=extend_schema(summary="Work lent during absences", tags=["staff"]))
class DelegationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Delegation]):
    """Delegations (离岗委托): both sides see theirs, overseers all."""

    queryset = Delegation.objects.none()
    serializer_class: Any = DelegationSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Delegation]:
        return delegations_of(account_of(self.request))

    @extend_schema(
        summary="Lend work to a colleague",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=DelegationEntrySerializer,
        responses={201: DelegationSerializer, **refusals(400, 403, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """The own work; HR and administrators for others."""
        given, actor = checked(DelegationEntrySerializer, request), account_of(request)
        principal = given.pop("principal", None) or actor.person
        if principal is None:
            raise Refused(_("请写明委托人的工号。"), fields={"principal": _("请写明委托人的工号。")})
        made = actions.delegate_work(actor=actor, principal=principal, **given)
        return Response(DelegationSerializer(made).data, status=201)

    @extend_schema(
        summary="Take lent work back",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: DelegationSerializer, **refusals(403, 404, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def end(self, request: Request, public_id: str) -> Response:
        """From today on; 422 when it is over."""
        ended = actions.end_delegation(actor=account_of(request), delegation=self.get_object())
        return Response(DelegationSerializer(ended).data)
