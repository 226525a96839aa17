"""First receptions, the public pool and protection rules in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import follow_ups_visible_to
from projects.api.arbitration_reply import arbitration_reply
from projects.api.reading import account_of, checked, person_of
from projects.filters.protection import PoolFeed, ReceptionFeed
from projects.models import FirstReception, FollowUp, ProtectionRule
from projects.queries.protection import pool, register, rules
from projects.serializers.protection import (
    ArbitrationSerializer,
    ClaimSerializer,
    ExtensionSerializer,
    OpenSerializer,
    PoolSerializer,
    ReasonSerializer,
    ReceptionSerializer,
    RuleSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken

CHANGED: dict[Any, Any] = {200: ReceptionSerializer, **refusals(400, 404, 409, 422)}


@extend_schema_view(
    list=extend_schema(summary="First receptions", tags=["receptions"]),
    retrieve=extend_schema(
        summary="One first reception",
        tags=["receptions"],
        responses={200: ReceptionSerializer, **refusals(404)},
    ),
)
class ReceptionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[FirstReception]
):
    """The register of first receptions (首报首接登记簿); companies of other teams come masked."""

    queryset = FirstReception.objects.none()
    serializer_class = ReceptionSerializer
    filterset_class = ReceptionFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[FirstReception]:
        return register(account_of(self.request), timezone.localdate()).order_by("-pk")

    @extend_schema(
        summary="Claim a company from the pool",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=ClaimSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def claim(self, request: Request, public_id: str) -> Response:
        """`public_id` is the reception that ended, as the pool lists it. Gives the new reception."""
        given = checked(ClaimSerializer, request)
        person = person_of(request, given["person"], "person") if "person" in given else None
        taken = actions.claim_company(
            actor=account_of(request),
            reception=self.get_object(),
            person=person,
            distinct_reason=given.get("distinct_reason", ""),
        )
        return self._reply(taken)

    @extend_schema(
        summary="Release a first reception",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReasonSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def release(self, request: Request, public_id: str) -> Response:
        """With a reason; the company falls to the pool."""
        given = checked(ReasonSerializer, request)
        ended = actions.release_reception(actor=account_of(request), reception=self.get_object(), **given)
        return self._reply(ended)

    @extend_schema(
        summary="Dispute a first reception",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=OpenSerializer,
        responses={201: ArbitrationSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def arbitrate(self, request: Request, public_id: str) -> Response:
        """Opens a case; both sides are asked for a statement."""
        given = checked(OpenSerializer, request)
        claimant = person_of(request, given["claimant"], "claimant") if "claimant" in given else None
        case = actions.open_arbitration(
            actor=account_of(request),
            reception=self.get_object(),
            grounds=given["grounds"],
            claimant=claimant,
        )
        return arbitration_reply(account_of(request), case, status=201)

    def _reply(self, held: FirstReception) -> Response:
        return Response(ReceptionSerializer(self.get_queryset().get(pk=held.pk)).data)


@extend_schema_view(list=extend_schema(summary="Companies in the public pool", tags=["receptions"]))
class PoolViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[FirstReception]):
    """Companies that nobody protects any more (公海)."""

    queryset = FirstReception.objects.none()
    serializer_class = PoolSerializer
    filterset_class = PoolFeed
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[FirstReception]:
        return pool(account_of(self.request), timezone.localdate()).order_by("-pk")


@extend_schema_view(list=extend_schema(summary="Protection rules", tags=["receptions"]))
class ProtectionRuleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ProtectionRule]):
    """The dated rules of protection (保护规则), the newest first; empty while the defaults hold."""

    queryset = ProtectionRule.objects.none()
    serializer_class = RuleSerializer
    filterset_class = None
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> Any:
        return rules()

    @extend_schema(
        summary="Set the protection rule from a day on",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=RuleSerializer,
        responses={201: RuleSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Managers and administrators; running protections keep their last day."""
        rule = actions.set_protection_rule(actor=account_of(request), **checked(RuleSerializer, request))
        return Response(RuleSerializer(rule).data, status=201)


class FollowUpViewSet(viewsets.GenericViewSet[FollowUp]):
    """Follow-ups (跟进) as progress that protects."""

    queryset = FollowUp.objects.none()
    serializer_class = ReasonSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[FollowUp]:
        return follow_ups_visible_to(account_of(self.request)).select_related("project__team")

    @extend_schema(
        summary="Confirm a follow-up as progress",
        tags=["receptions"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReasonSerializer,
        responses={200: ExtensionSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request: Request, pk: str) -> Response:
        """By a leader or manager; lengthens the protection of the company."""
        given = checked(ReasonSerializer, request)
        extension = actions.confirm_progress(actor=account_of(request), follow_up=self.get_object(), **given)
        return Response(ExtensionSerializer(extension).data)
