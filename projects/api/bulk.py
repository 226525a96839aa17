"""Bulk changes in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import bulk_changes_visible_to, projects_visible_to
from projects.actions.bulk import FIELDS, change_in_bulk, preview_bulk, undo_bulk
from projects.api.reading import account_of, checked, person_of
from projects.models import BulkChange
from projects.serializers.bulk import (
    BulkChangeDetailSerializer,
    BulkChangeSerializer,
    BulkEntrySerializer,
    BulkRowSerializer,
)
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="One's bulk changes", tags=["bulk changes"]),
    retrieve=extend_schema(
        summary="A bulk change with its projects",
        tags=["bulk changes"],
        responses={200: BulkChangeDetailSerializer, **refusals(404)},
    ),
)
class BulkChangeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BulkChange]):
    """One change over several projects at once (批量修改), and taking it back."""

    queryset = BulkChange.objects.none()
    serializer_class = BulkChangeSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[BulkChange]:
        return bulk_changes_visible_to(account_of(self.request))

    def retrieve(self, request: Request, public_id: str) -> Response:
        """Each project's outcome, with the sentence of what was refused."""
        return self._answer(request, self.get_object())

    @writes(
        BulkEntrySerializer,
        BulkChangeDetailSerializer,
        refused=(400, 404, 422),
        status=201,
        summary="Change several projects",
        tags=["bulk changes"],
    )
    def create(self, request: Request) -> Response:
        """Projects that refuse keep their values and say why; the others are changed."""
        return self._answer(request, change_in_bulk(**_asked(request)), 201)

    @extend_schema(
        summary="What a bulk change would do",
        tags=["bulk changes"],
        request=BulkEntrySerializer,
        responses={200: BulkRowSerializer(many=True), **refusals(400, 404, 422)},
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Nothing is written and nobody is told."""
        return Response(BulkRowSerializer(preview_bulk(**_asked(request)), many=True).data)

    @writes(
        None,
        BulkChangeDetailSerializer,
        refused=(404, 409, 422),
        detail=True,
        summary="Take a bulk change back",
        tags=["bulk changes"],
    )
    def undo(self, request: Request, public_id: str) -> Response:
        """Within 30 minutes; projects that somebody changed since stay as they are and say so."""
        return self._answer(request, undo_bulk(actor=account_of(request), change=self.get_object()))

    def _answer(self, request: Request, change: BulkChange, status: int = 200) -> Response:
        seen = projects_visible_to(account_of(request)).values("pk")
        change.seen_rows = change.rows.filter(project__in=seen).select_related("project")  # type: ignore[attr-defined]
        return Response(BulkChangeDetailSerializer(change).data, status=status)


def _asked(request: Request) -> dict[str, Any]:
    """The input as the action takes it. Raises NotFound naming the projects that the account does not see."""
    given, actor = checked(BulkEntrySerializer, request), account_of(request)
    projects = list(projects_visible_to(actor).filter(public_id__in=given["projects"]))
    if missing := set(given["projects"]) - {project.public_id for project in projects}:
        raise NotFound(_("没有这些项目：%(which)s") % {"which": "、".join(sorted(missing))})
    what = given["what"]
    values = {name: given.get(name) for name in FIELDS.get(what, ("status",))}
    if what == "owner":
        values = {"receiver": person_of(request, given.get("receiver", ""), "receiver")}
    versions = given.get("versions", {})
    seen = {project.pk: versions[project.public_id] for project in projects if project.public_id in versions}
    return {
        "actor": actor,
        "projects": projects,
        "what": what,
        "values": values,
        "reason": given.get("reason", ""),
        "seen": seen,
    }
