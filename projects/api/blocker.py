"""Blockers in the REST API: raised for a project, then moved by the same actions as in the browser."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.api.project import account_of, checked
from projects.filters.blocker import BlockerFeed
from projects.models import Blocker
from projects.queries.blocker import link_of, links_of, listed_blockers, visible_blocker
from projects.queries.project import visible_project
from projects.serializers.blocker import (
    AnswerLinkSerializer,
    BlockerAnswerSerializer,
    BlockerDetailSerializer,
    BlockerExtendSerializer,
    BlockerNoteSerializer,
    BlockerReasonSerializer,
    BlockerSerializer,
    BlockerSolveSerializer,
    IssueLinkSerializer,
    RaiseBlockerSerializer,
    TimeLimitSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken


def _move(serializer: type, summary: str) -> Callable[..., Any]:
    """One verb of a blocker as a route."""
    return writes(serializer, BlockerDetailSerializer, detail=True, summary=summary, tags=["blockers"])


@extend_schema_view(
    list=extend_schema(summary="Blockers, or what changed since a moment", tags=["blockers"]),
    retrieve=extend_schema(
        summary="One blocker with its course",
        tags=["blockers"],
        responses={200: BlockerDetailSerializer, **refusals(404)},
    ),
)
class BlockerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Blocker]):
    """Blockers (堵点) of the projects that the account sees."""

    queryset = Blocker.objects.none()
    serializer_class = BlockerSerializer
    filterset_class = BlockerFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Blocker]:
        return listed_blockers(self.request.user).order_by("-pk")  # type: ignore[arg-type]

    def get_serializer_class(self) -> Any:
        return BlockerDetailSerializer if self.action == "retrieve" else BlockerSerializer

    @extend_schema(
        summary="Raise a blocker for a project",
        tags=["blockers"],
        parameters=[IDEMPOTENCY_KEY],
        request=RaiseBlockerSerializer,
        responses={201: BlockerDetailSerializer, **refusals(400, 404, 422)},
    )
    @action(detail=False, methods=["post"], url_path="of-project/(?P<project>[a-z0-9]+)")
    @idempotent
    def raised(self, request: Request, project: str) -> Response:
        """The clock to answer starts, in working days."""
        actor = account_of(request)
        found = visible_project(actor, project)
        made = actions.raise_blocker(actor=actor, project=found, **checked(RaiseBlockerSerializer, request))
        return Response(BlockerDetailSerializer(visible_blocker(actor, made.public_id)).data, status=201)

    @_move(BlockerNoteSerializer, "Keep what was done meanwhile")
    def note(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.note_on_blocker, BlockerNoteSerializer)

    @_move(BlockerAnswerSerializer, "Write down the department's answer")
    def answer(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.answer_blocker, BlockerAnswerSerializer)

    @_move(BlockerSolveSerializer, "Close a blocker that is gone")
    def solve(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.solve_blocker, BlockerSolveSerializer)

    @_move(BlockerReasonSerializer, "Send an answer or a solution back")
    def reopen(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.reopen_blocker, BlockerReasonSerializer)

    @_move(BlockerExtendSerializer, "Give the department more time")
    def extend(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.extend_blocker, BlockerExtendSerializer)

    @_move(BlockerReasonSerializer, "Take back a blocker that was none")
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self._moved(request, actions.withdraw_blocker, BlockerReasonSerializer)

    @extend_schema(
        methods=["GET"],
        summary="The one-time links of a blocker, the latest first",
        tags=["blockers"],
        responses={200: AnswerLinkSerializer(many=True), **refusals(404)},
    )
    @extend_schema(
        methods=["POST"],
        summary="Issue a one-time link for the department",
        tags=["blockers"],
        request=IssueLinkSerializer,
        responses={201: AnswerLinkSerializer, **refusals(400, 404, 422)},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def links(self, request: Request, public_id: str) -> Response:
        """Issued anew, a live link of the contact is replaced. The address is in that answer only; of the key just the hash is kept."""
        if request.method == "GET":
            return Response(AnswerLinkSerializer(links_of(self.get_object()), many=True).data)
        given = checked(IssueLinkSerializer, request)
        link, key = actions.issue_link(actor=account_of(request), blocker=self.get_object(), **given)
        link.address = request.build_absolute_uri(reverse("answer", args=[key]))  # type: ignore[attr-defined]
        return Response(AnswerLinkSerializer(link).data, status=201)

    @writes(
        None,
        AnswerLinkSerializer,
        refused=(404, 409),
        detail=True,
        url_path="links/(?P<link>[0-9]{1,9})/revoke",
        summary="Make a one-time link void",
        tags=["blockers"],
    )
    def revoke_link(self, request: Request, public_id: str, link: str) -> Response:
        """At once; a void one stays void. 409 when it was answered by meanwhile."""
        sent = link_of(self.get_object(), int(link))
        return Response(AnswerLinkSerializer(actions.revoke_link(actor=account_of(request), link=sent)).data)

    @writes(
        TimeLimitSerializer,
        TimeLimitSerializer,
        refused=(400, 422),
        status=201,
        detail=False,
        summary="Settle the limits of a project class from a day on",
        tags=["blockers"],
    )
    def limits(self, request: Request) -> Response:
        given = checked(TimeLimitSerializer, request)
        rule = actions.settle_time_limit(actor=account_of(request), **given)
        return Response(TimeLimitSerializer(rule).data, status=201)

    def _moved(self, request: Request, perform: Callable[..., Any], serializer: type) -> Response:
        given = checked(serializer, request)
        if "version" in given:
            given["seen"] = given.pop("version")
        actor = account_of(request)
        moved = perform(actor=actor, blocker=self.get_object(), **given)
        return Response(BlockerDetailSerializer(visible_blocker(actor, moved.public_id)).data)
