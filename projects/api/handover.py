"""Handovers and batches in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import projects_visible_to
from projects.access.handover import batches_visible_to, can_hand_over_all, handovers_visible_to
from projects.api.reading import account_of, checked, person_of
from projects.filters.feed import HandoverFeed
from projects.models import Handover, HandoverBatch, Project
from projects.queries.custody import custody_of
from projects.serializers.service import (
    CustodyItemSerializer,
    HandoverApprovalSerializer,
    HandoverBatchEntrySerializer,
    HandoverBatchSerializer,
    HandoverEntrySerializer,
    HandoverReasonSerializer,
    HandoverSerializer,
    SeenVersionSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotAllowed
from staff.models import ApiToken

DECIDED: dict[Any, Any] = {200: HandoverSerializer, **refusals(400, 404, 409, 422)}


class ProjectHandoverViewSet(viewsets.GenericViewSet[Project]):
    """Asking to hand a project over."""

    queryset = Project.objects.none()
    lookup_field = "public_id"
    serializer_class: Any = HandoverSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Project]:
        return projects_visible_to(account_of(self.request)).select_related("owner", "team")

    @extend_schema(
        summary="Ask to hand a project over",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=HandoverEntrySerializer,
        responses={201: HandoverSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def handovers(self, request: Request, public_id: str) -> Response:
        """Custody stays until the receiver accepted and a second person approved."""
        given = checked(HandoverEntrySerializer, request)
        given["receiver"] = person_of(request, given["receiver"])
        seen = given.pop("version", None)
        asked = actions.propose_handover(
            actor=account_of(request), project=self.get_object(), seen=seen, **given
        )
        return Response(HandoverSerializer(asked).data, status=201)


@extend_schema_view(
    list=extend_schema(summary="Handovers", tags=["service"]),
    retrieve=extend_schema(
        summary="One handover", tags=["service"], responses={200: HandoverSerializer, **refusals(404)}
    ),
)
class HandoverViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Handover]):
    """The handovers that the account sees."""

    queryset = Handover.objects.none()
    serializer_class = HandoverSerializer
    filterset_class = HandoverFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Handover]:
        visible = handovers_visible_to(account_of(self.request))
        return visible.select_related("project", "giver", "receiver", "from_team", "to_team").order_by("-pk")

    def _decided(self, request: Request, perform: Any, serializer: type) -> Response:
        given = checked(serializer, request)
        seen = given.pop("version", None)
        perform(actor=account_of(request), handover=self.get_object(), seen=seen, **given)
        return Response(HandoverSerializer(self.get_object()).data)

    @extend_schema(
        summary="Accept a handover", tags=["service"], parameters=[IDEMPOTENCY_KEY],
        request=SeenVersionSerializer, responses=DECIDED,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request: Request, public_id: str) -> Response:
        """Only by the receiver."""
        return self._decided(request, actions.accept_handover, SeenVersionSerializer)

    @extend_schema(
        summary="Approve a handover", tags=["service"], parameters=[IDEMPOTENCY_KEY],
        request=HandoverApprovalSerializer, responses=DECIDED,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def approve(self, request: Request, public_id: str) -> Response:
        """By a second person; then custody moves."""
        return self._decided(request, actions.approve_handover, HandoverApprovalSerializer)

    @extend_schema(
        summary="Reject a handover", tags=["service"], parameters=[IDEMPOTENCY_KEY],
        request=HandoverReasonSerializer, responses=DECIDED,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def reject(self, request: Request, public_id: str) -> Response:
        """With the reason."""
        return self._decided(request, actions.reject_handover, HandoverReasonSerializer)

    @extend_schema(
        summary="Take a handover back", tags=["service"], parameters=[IDEMPOTENCY_KEY],
        request=HandoverReasonSerializer, responses=DECIDED,
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, public_id: str) -> Response:
        """By whoever asked for it."""
        return self._decided(request, actions.cancel_handover, HandoverReasonSerializer)


@extend_schema_view(
    list=extend_schema(summary="Handovers of everything", tags=["service"]),
    retrieve=extend_schema(
        summary="One handover of everything",
        tags=["service"],
        responses={200: HandoverBatchSerializer, **refusals(404)},
    ),
)
class HandoverBatchViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HandoverBatch]
):
    """What people who left or moved handed over."""

    queryset = HandoverBatch.objects.none()
    serializer_class = HandoverBatchSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[HandoverBatch]:
        visible = batches_visible_to(account_of(self.request)).select_related("person")
        parts = ("project", "giver", "receiver", "from_team", "to_team")
        return visible.prefetch_related(
            *(f"handovers__{part}" for part in parts), "items__receiver"
        ).order_by("-pk")

    @extend_schema(
        summary="What a person has in custody",
        tags=["service"],
        filters=False,
        parameters=[OpenApiParameter("person", str, required=True, description="Staff number.")],
        responses={200: CustodyItemSerializer(many=True), **refusals(422)},
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def custody(self, request: Request) -> Response:
        """The items that need a receiver, to those who may settle them."""
        person = person_of(request, request.query_params.get("person", ""))
        if not can_hand_over_all(account_of(request), person):
            raise NotAllowed(_("整体交接由本队队长、分管领导或人事办理，不能由本人办理。"))
        custody = custody_of(person)
        rows = [
            *(
                ("project", f"project-{one.public_id}", str(one), one.get_stage_display())
                for one in custody.projects
            ),
            *((one.kind.value, one.key, one.title, one.detail) for one in custody.held),
        ]
        found = [
            {"kind": kind, "item": item, "title": title, "detail": detail}
            for kind, item, title, detail in rows
        ]
        return Response(CustodyItemSerializer(found, many=True).data)

    @extend_schema(
        summary="Hand over everything of a person",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=HandoverBatchEntrySerializer,
        responses={201: HandoverBatchSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """In one transaction: every item of custody with its receiver, or nothing."""
        given = checked(HandoverBatchEntrySerializer, request)
        people = {line["receiver"]: person_of(request, line["receiver"]) for line in given["receivers"]}
        batch = actions.hand_over_all(
            actor=account_of(request),
            person=person_of(request, given["person"]),
            kind=given["kind"],
            last_day=given["last_day"],
            reason=given["reason"],
            receivers={line["item"]: people[line["receiver"]] for line in given["receivers"]},
        )
        return Response(HandoverBatchSerializer(self.get_queryset().get(pk=batch.pk)).data, status=201)
