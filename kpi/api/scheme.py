"""Schemes for other systems: the versions with their documents, and the drafts changed through the same action as the editor."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access, actions
from kpi.models import SchemeVersion
from kpi.queries import scheme_preview as trial
from kpi.queries.piece_preview import piece_tried
from kpi.scoring.document import exact
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.reading import read
from kpi.scoring.writing import rewritten, written
from kpi.serializers import (
    PartPreviewSerializer,
    PreviewSerializer,
    SchemeChangeSerializer,
    SchemeDetailSerializer,
    SchemeDraftSerializer,
    SchemePreviewRequestSerializer,
    SchemePreviewSerializer,
    SchemeSerializer,
)
from projects.api.reading import account_of
from promotion.api.routes import writes
from promotion.errors import NotAllowed, Refused
from staff.models import ApiToken


class SchemeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[SchemeVersion]):
    """Assessment schemes (考核细则): published ones for everybody, drafts for those who write them."""

    queryset = SchemeVersion.objects.none()
    serializer_class = SchemeSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_fields(self) -> tuple[str, ...] | None:
        return ("year", "state") if self.action == "list" else None

    def get_queryset(self) -> QuerySet[SchemeVersion]:
        found = access.schemes_visible_to(account_of(self.request))
        return found.select_related("drafted_by", "published_by", "edited_by").order_by("-year", "-number")

    def get_serializer_class(self) -> Any:
        return SchemeSerializer if self.action == "list" else SchemeDetailSerializer

    @extend_schema(summary="Schemes, newest first", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One scheme with its document", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @writes(
        SchemeDraftSerializer,
        SchemeDetailSerializer,
        refused=(400, 422),
        status=201,
        summary="Draft a scheme",
        tags=["kpi"],
    )
    def create(self, request: Request) -> Response:
        """From `text` (YAML or JSON) or `document`; every fault comes back with its path and line."""
        asked = SchemeDraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        draft = actions.draft_scheme(actor=account_of(request), year=given["year"], text=_text(given))
        return Response(SchemeDetailSerializer(draft).data, status=201)

    @writes(SchemeChangeSerializer, SchemeDetailSerializer, summary="Change a draft", tags=["kpi"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Needs the `version` that was read. A `document` is written into the text line by line: what it leaves alone keeps its comments."""
        asked = SchemeChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, draft = asked.validated_data, self.get_object()
        changed = actions.edit_draft(
            actor=account_of(request),
            scheme=draft,
            text=_text(given, draft.text),
            seen=given["version"],
            what=given.get("note", ""),
        )
        return Response(SchemeDetailSerializer(changed).data)

    @extend_schema(
        summary="Try a changed draft on the year's facts",
        tags=["kpi"],
        request=SchemePreviewRequestSerializer,
        responses={200: SchemePreviewSerializer},
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def preview(self, request: Request, public_id: str) -> Response:
        """Of one indicator the points, of another part what it makes of each; totals and places before and after.

        By the engine itself; nothing is saved.
        """
        asked = SchemePreviewRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, draft = asked.validated_data, self.get_object()
        if not access.can_draft_schemes(account_of(request)):
            raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
        document = _plain(_text(given, draft.text))
        scheme, faults = trial.checked(draft, document)
        if scheme is None:
            listed = "\n".join(map(str, faults))
            raise Refused(_("这样还不能计算：%(faults)s") % {"faults": listed}, fields={"text": listed})
        who = given.get("who", "")
        if "part" in given:
            part, code = given["part"], given.get("code", given["part"])
            whole = piece_tried(scheme, draft, document, part=part, code=code, who=who)
            return Response(PartPreviewSerializer(whole).data)
        found = trial.tried(scheme, draft, document, code=given["indicator"], who=who)
        return Response(PreviewSerializer(found).data)


def _plain(text: str) -> dict[str, Any]:
    """The values of a text. Raises Refused for one that cannot be read."""
    try:
        found: Any = read(text).value
    except InvalidDocument as invalid:
        listed = "\n".join(map(str, invalid.errors))
        raise Refused(listed, fields={"text": listed}) from invalid
    return found if isinstance(found, dict) else {}


def _text(given: dict[str, Any], before: str = "") -> str:
    """The text that was sent, or that of the document that was sent. Raises Refused for both or neither."""
    text, document = given.get("text", ""), given.get("document")
    if bool(text) == (document is not None):
        sentence = _("请写原文 text 或结构 document，两者写且只写一个。")
        raise Refused(sentence, fields={"text": sentence})
    if document is None:
        return str(text)
    return rewritten(before, exact(document)) if before else written(exact(document))
