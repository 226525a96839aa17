"""The configuration of the gates in the REST API: dated lines, added and ended."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.actions.gate_rules import add_topic, retire_topic, settle_criterion, settle_review_rule
from projects.actions.gates import adopt_gate_defaults, lift_gate, require_gate
from projects.api.reading import account_of, checked
from projects.models import AdmissionCriterion, ChecklistTopic, GateRequirement, ReviewRule
from projects.serializers.gate import (
    AddTopicSerializer,
    CriterionSerializer,
    EndSerializer,
    RequireGateSerializer,
    RequirementLineSerializer,
    ReviewRuleSerializer,
    SettleCriterionSerializer,
    SettleReviewRuleSerializer,
    TopicSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken

REFUSED = refusals(400, 403, 409, 422)


def _lines(serializer: Any, entry: Any, what: str) -> Callable[[type], type]:
    """The list and the new line of one part of the configuration, described."""
    return extend_schema_view(
        list=extend_schema(summary=f"{what}, past ones included", tags=["gates"]),
        create=extend_schema(
            summary=f"{what}: a new line from a day on",
            tags=["gates"],
            parameters=[IDEMPOTENCY_KEY],
            request=entry,
            responses={201: serializer, **REFUSED},
        ),
    )


class _Lines(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """Everybody reads; managers and administrators settle."""

    filter_backends: list[Any] = []
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS
    entry: Any
    settle: Any

    @idempotent
    def create(self, request: Request) -> Response:
        row = type(self).settle(actor=account_of(request), **checked(self.entry, request))
        return Response(self.get_serializer(row).data, status=201)


def _end(serializer: Any, summary: str) -> Callable[..., Any]:
    return writes(
        EndSerializer, serializer, refused=(400, 404, 422), detail=True, summary=summary, tags=["gates"]
    )


@_lines(RequirementLineSerializer, RequireGateSerializer, "Gates asked for")
class GateRequirementViewSet(_Lines):
    """Gates that a class of projects passes before a milestone (前置关口要求)."""

    queryset: QuerySet[Model] = GateRequirement.objects.order_by("pk")  # type: ignore[assignment]
    serializer_class = RequirementLineSerializer
    entry = RequireGateSerializer
    settle = staticmethod(require_gate)

    @extend_schema(
        summary="Adopt the suggested configuration, once",
        tags=["gates"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: RequirementLineSerializer(many=True), **refusals(403, 422)},
    )
    @action(detail=False, methods=["post"])
    @idempotent
    def adopt(self, request: Request) -> Response:
        written = adopt_gate_defaults(actor=account_of(request))
        return Response(RequirementLineSerializer(written, many=True).data, status=201)

    @_end(RequirementLineSerializer, "Stop asking for a gate from a day on")
    def lift(self, request: Request, pk: int) -> Response:
        given = checked(EndSerializer, request)
        row = lift_gate(actor=account_of(request), requirement=self.get_object(), **given)
        return Response(RequirementLineSerializer(row).data)


@_lines(CriterionSerializer, SettleCriterionSerializer, "Admission criteria")
class CriterionViewSet(_Lines):
    """Thresholds that applications are measured by (准入标准)."""

    queryset: QuerySet[Model] = AdmissionCriterion.objects.order_by("pk")  # type: ignore[assignment]
    serializer_class = CriterionSerializer
    entry = SettleCriterionSerializer
    settle = staticmethod(settle_criterion)


@_lines(ReviewRuleSerializer, SettleReviewRuleSerializer, "Rules of joint reviews")
class ReviewRuleViewSet(_Lines):
    """How joint reviews are held (会签规则): deadline in working days, quorum in per cent."""

    queryset: QuerySet[Model] = ReviewRule.objects.order_by("pk")  # type: ignore[assignment]
    serializer_class = ReviewRuleSerializer
    entry = SettleReviewRuleSerializer
    settle = staticmethod(settle_review_rule)


@_lines(TopicSerializer, AddTopicSerializer, "Lines of checklists")
class TopicViewSet(_Lines):
    """Lines of the checklists of due diligence and pre-coaching (清单事项)."""

    queryset: QuerySet[Model] = ChecklistTopic.objects.select_related("department").order_by("pk")  # type: ignore[assignment]
    serializer_class = TopicSerializer
    entry = AddTopicSerializer
    settle = staticmethod(add_topic)

    @_end(TopicSerializer, "Leave a line out from a day on")
    def retire(self, request: Request, pk: int) -> Response:
        given = checked(EndSerializer, request)
        row = retire_topic(actor=account_of(request), topic=self.get_object(), **given)
        return Response(TopicSerializer(row).data)
