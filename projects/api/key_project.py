"""Key projects in the REST API: the same table, proposals and recognitions as in the browser."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access.key_project import key_thresholds_visible_to
from projects.actions import keep_view
from projects.actions import key_project as actions
from projects.actions.key_threshold import adopt_key_thresholds, end_key_threshold, settle_key_threshold
from projects.api.reading import account_of, checked
from projects.filters.key_project import KeyProposalFilter, KeyRecognitionFilter
from projects.models import KeyProjectRecognition, KeyProjectThreshold, ViewKind
from projects.queries import key_project as queries
from projects.queries.project import visible_project
from projects.serializers.key_project import (
    AskRecognitionSerializer,
    EndKeyThresholdSerializer,
    KeyProposalSerializer,
    KeyReasonSerializer,
    KeyRecognitionSerializer,
    KeyThresholdEntrySerializer,
    KeyThresholdSerializer,
    KeyVersionSerializer,
    RecogniseKeySerializer,
    RecogniseProposedSerializer,
)
from promotion.api.routes import writes
from staff.models import ApiToken

TAGS = ["key projects"]


@extend_schema(tags=TAGS)
@extend_schema_view(list=extend_schema(summary="Thresholds of key projects"))
class KeyThresholdViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[KeyProjectThreshold]):
    """By which projects are recognised as 重大 or 重特大; rows begin and end on a day and are never changed."""

    queryset = KeyProjectThreshold.objects.none()
    serializer_class = KeyThresholdSerializer
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[KeyProjectThreshold]:
        return key_thresholds_visible_to(account_of(self.request)).order_by("-holds_from", "-pk")

    @writes(
        KeyThresholdEntrySerializer,
        KeyThresholdSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Settle a threshold",
    )
    def create(self, request: Request) -> Response:
        """By managers; the row with the same conditions ends on that day."""
        row = settle_key_threshold(actor=account_of(request), **checked(KeyThresholdEntrySerializer, request))
        return Response(KeyThresholdSerializer(row).data, status=201)

    @writes(
        EndKeyThresholdSerializer,
        KeyThresholdSerializer,
        refused=(400, 404, 422),
        detail=True,
        summary="End a threshold",
    )
    def end(self, request: Request, pk: str) -> Response:
        given = checked(EndKeyThresholdSerializer, request)
        row = end_key_threshold(actor=account_of(request), threshold=self.get_object(), **given)
        return Response(KeyThresholdSerializer(row).data)

    @writes(
        None,
        KeyThresholdSerializer,
        refused=(422,),
        status=201,
        many=True,
        detail=False,
        summary="Begin with the suggested thresholds",
    )
    def adopt(self, request: Request) -> Response:
        """Assumptions, marked as such; only into an empty table."""
        rows = adopt_key_thresholds(actor=account_of(request))
        return Response(KeyThresholdSerializer(rows, many=True).data, status=201)


def _write(summary: str, serializer: type, path: str) -> Callable[..., Any]:
    """One decision about a recognition, as a route that may be repeated safely."""
    return writes(serializer, KeyRecognitionSerializer, detail=True, url_path=path, summary=summary)


@extend_schema(tags=TAGS)
@extend_schema_view(
    list=extend_schema(summary="Recognitions of key projects"),
    retrieve=extend_schema(summary="One recognition of a key project"),
)
class KeyRecognitionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[KeyProjectRecognition]
):
    """重大项目认定: asked for by one person or proposed by the table, decided by another."""

    queryset = KeyProjectRecognition.objects.none()
    serializer_class = KeyRecognitionSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @property
    def filterset_class(self) -> Any:
        return {"list": KeyRecognitionFilter, "proposals": KeyProposalFilter}.get(self.action or "")

    def get_queryset(self) -> QuerySet[Any]:
        actor = account_of(self.request)
        if self.action == "proposals":
            return queries.proposals(actor, timezone.localdate()).order_by("-planned_investment", "pk")
        return queries.listed_recognitions(actor).order_by("-pk")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        keep_view(account_of(request), [row.project], ViewKind.API, str(row.public_id))
        return Response(KeyRecognitionSerializer(row).data)

    @writes(AskRecognitionSerializer, KeyRecognitionSerializer, status=201, summary="Ask for recognition")
    def create(self, request: Request) -> Response:
        """By whoever works on the project."""
        given, actor = checked(AskRecognitionSerializer, request), account_of(request)
        project = visible_project(actor, given.pop("project"))
        row = actions.submit_key_project(actor=actor, project=project, **given)
        return Response(KeyRecognitionSerializer(row).data, status=201)

    @extend_schema(
        summary="Projects that meet a threshold and are not recognised",
        responses={200: KeyProposalSerializer(many=True)},
    )
    @action(detail=False, methods=["get"])
    def proposals(self, request: Request) -> Response:
        """With the class they reach and the reason in figures."""
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        reasons = queries.reasons(found, timezone.localdate())
        for project in found:
            project.reason = reasons.get(project.pk, "")
        return self.get_paginated_response(KeyProposalSerializer(found, many=True).data)

    @writes(
        RecogniseProposedSerializer,
        KeyRecognitionSerializer,
        status=201,
        detail=False,
        url_path="recognise-proposed",
        summary="Recognise a project that the table proposes",
    )
    def recognise_proposed(self, request: Request) -> Response:
        """By managers without a part in it."""
        given, actor = checked(RecogniseProposedSerializer, request), account_of(request)
        project = visible_project(actor, given.pop("project"))
        row = actions.recognise_proposed(actor=actor, project=project, **given)
        return Response(KeyRecognitionSerializer(row).data, status=201)

    @_write("Recognise a request", RecogniseKeySerializer, "recognise")
    def recognise(self, request: Request, public_id: str) -> Response:
        """By a manager who neither asked nor has a part in the project."""
        return self._decide(request, actions.recognise_key_project, RecogniseKeySerializer)

    @_write("Send a request back", KeyReasonSerializer, "return")
    def send_back(self, request: Request, public_id: str) -> Response:
        return self._decide(request, actions.return_key_project, KeyReasonSerializer)

    @_write("Take a request back", KeyVersionSerializer, "withdraw")
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self._decide(request, actions.withdraw_key_project, KeyVersionSerializer)

    @_write("Take a recognition back", KeyReasonSerializer, "revoke")
    def revoke(self, request: Request, public_id: str) -> Response:
        """The project is of the class again that it had before."""
        return self._decide(request, actions.revoke_key_project, KeyReasonSerializer)

    def _decide(self, request: Request, perform: Callable[..., Any], serializer: type) -> Response:
        given = checked(serializer, request)
        if "version" in given:
            given["seen"] = given.pop("version")
        row = perform(actor=account_of(request), recognition=self.get_object(), **given)
        return Response(KeyRecognitionSerializer(row).data)
