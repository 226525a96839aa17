"""Papers and the checklists they answer, in the REST API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import documents_visible_to
from projects.api.project import account_of, checked
from projects.models import Document, EvidenceRequirement
from projects.queries.evidence import editions_of, listed_requirements
from projects.serializers.evidence import (
    ClassifySerializer,
    DocumentSerializer,
    ReplaceSerializer,
    RequirementChangeSerializer,
    RequirementEndSerializer,
    RequirementEntrySerializer,
    RequirementSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken

KEPT: dict[Any, Any] = {200: RequirementSerializer, **refusals(400, 404, 409, 422)}


@extend_schema_view(
    list=extend_schema(summary="Lines of the checklists", tags=["evidence"]),
    retrieve=extend_schema(
        summary="One line of a checklist",
        tags=["evidence"],
        responses={200: RequirementSerializer, **refusals(404)},
    ),
)
class RequirementViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[EvidenceRequirement]
):
    """Which papers prove what (佐证要求), ended lines too; managers and HR keep them."""

    queryset = EvidenceRequirement.objects.none()
    serializer_class = RequirementSerializer
    filterset_fields = ("kind", "document_type", "necessity")
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[EvidenceRequirement]:
        return listed_requirements().order_by("kind", "position", "pk")

    @extend_schema(
        summary="Ask for a paper",
        tags=["evidence"],
        parameters=[IDEMPOTENCY_KEY],
        request=RequirementEntrySerializer,
        responses={201: RequirementSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """From a day on; an empty class or source of capital means all."""
        given = checked(RequirementEntrySerializer, request)
        made = actions.add_evidence_requirement(actor=account_of(request), **given)
        return Response(RequirementSerializer(made).data, status=201)

    @writes(
        RequirementChangeSerializer,
        RequirementSerializer,
        summary="Change a line from a day on",
        tags=["evidence"],
    )
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Gives the line that holds from that day; the old one ends there."""
        given = checked(RequirementChangeSerializer, request)
        changed = actions.change_evidence_requirement(
            actor=account_of(request),
            requirement=self.get_object(),
            seen=given.pop("version", None),
            **given,
        )
        return Response(RequirementSerializer(changed).data)

    @extend_schema(
        summary="Ask for a paper no longer",
        tags=["evidence"],
        parameters=[IDEMPOTENCY_KEY],
        request=RequirementEndSerializer,
        responses=KEPT,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def end(self, request: Request, public_id: str) -> Response:
        """From a day on, with the reason; facts of earlier days are still asked for it."""
        given = checked(RequirementEndSerializer, request)
        ended = actions.end_evidence_requirement(
            actor=account_of(request),
            requirement=self.get_object(),
            seen=given.pop("version", None),
            **given,
        )
        return Response(RequirementSerializer(ended).data)


@extend_schema_view(
    retrieve=extend_schema(
        summary="One paper", tags=["evidence"], responses={200: DocumentSerializer, **refusals(404)}
    ),
)
class DocumentViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Document]):
    """Papers that the account sees; the file itself is at `/documents/{public_id}/`."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    lookup_field = "public_id"
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Document]:
        visible = documents_visible_to(account_of(self.request))
        return visible.select_related("uploaded_by", "replaces").order_by("pk")

    @extend_schema(
        summary="Editions of a paper",
        tags=["evidence"],
        responses={200: DocumentSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def editions(self, request: Request, public_id: str) -> Response:
        """The chain it belongs to, the newest first."""
        return Response(DocumentSerializer(editions_of(self.get_object()), many=True).data)

    @extend_schema(
        summary="Replace a paper",
        tags=["evidence"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReplaceSerializer,
        responses={201: DocumentSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def replace(self, request: Request, public_id: str) -> Response:
        """With a newer edition; the older one stays readable."""
        given = checked(ReplaceSerializer, request)
        made = actions.replace_document(
            actor=account_of(request),
            document=self.get_object(),
            upload=given["file"],
            reason=given["reason"],
        )
        return Response(DocumentSerializer(made).data, status=201)

    @extend_schema(
        summary="Say what a paper is",
        tags=["evidence"],
        parameters=[IDEMPOTENCY_KEY],
        request=ClassifySerializer,
        responses={200: DocumentSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def classify(self, request: Request, public_id: str) -> Response:
        """While nobody has decided."""
        given = checked(ClassifySerializer, request)
        sorted_one = actions.classify_document(
            actor=account_of(request), document=self.get_object(), document_type=given["document_type"]
        )
        return Response(DocumentSerializer(sorted_one).data)
