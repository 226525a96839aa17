"""Secrecy in the REST API: who sees a project and why, secret and open again, readers, and the view log."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import projects_visible_to, reads_view_log, views_visible_to
from projects.actions.secrecy import end_reader, keep_view, lift_secrecy, make_secret, name_reader
from projects.api.reading import account_of, checked, person_of
from projects.models import Project, ViewKind
from projects.queries.sight import readers_of, viewers_of
from projects.serializers.secrecy import (
    LiftSecrecySerializer,
    MakeSecretSerializer,
    NameReaderSerializer,
    ProjectViewSerializer,
    ReaderSerializer,
    SightSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotAllowed
from staff.models import ApiToken

CHANGED: dict[Any, Any] = {200: SightSerializer, **refusals(400, 403, 404, 409, 422)}


class ProjectSecrecyViewSet(viewsets.GenericViewSet[Project]):
    """Who sees a project (谁能看到), and its secrecy (保密)."""

    queryset = Project.objects.none()
    lookup_field = "public_id"
    serializer_class: Any = SightSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Project]:
        return projects_visible_to(account_of(self.request)).select_related("owner", "team", "company")

    @extend_schema(
        summary="Who sees a project, and why",
        tags=["secrecy"],
        filters=False,
        responses={200: SightSerializer, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def sight(self, request: Request, public_id: str) -> Response:
        """Of a secret project the reading is logged."""
        project = self.get_object()
        keep_view(account_of(request), [project], ViewKind.API, detail="sight")
        return Response(_sight(project))

    @extend_schema(
        summary="Make a project secret",
        tags=["secrecy"],
        parameters=[IDEMPOTENCY_KEY],
        request=MakeSecretSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def secrecy(self, request: Request, public_id: str) -> Response:
        """From then on only the owner, the named readers and auditors see it (managers)."""
        given = checked(MakeSecretSerializer, request)
        project = make_secret(
            actor=account_of(request),
            project=self.get_object(),
            readers=[person_of(request, number, "readers") for number in given.pop("readers", [])],
            seen=given.pop("version", None),
            **given,
        )
        return Response(_sight(project))

    @extend_schema(
        summary="Open a secret project again",
        tags=["secrecy"],
        parameters=[IDEMPOTENCY_KEY],
        request=LiftSecrecySerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"], url_path="secrecy/lift")
    @idempotent
    def lift(self, request: Request, public_id: str) -> Response:
        """View log and readers stay (managers)."""
        given = checked(LiftSecrecySerializer, request)
        seen = given.pop("version", None)
        project = lift_secrecy(actor=account_of(request), project=self.get_object(), seen=seen, **given)
        return Response(_sight(project))

    @extend_schema(
        summary="Name a reader",
        tags=["secrecy"],
        parameters=[IDEMPOTENCY_KEY],
        request=NameReaderSerializer,
        responses={201: ReaderSerializer, **refusals(400, 403, 404, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def readers(self, request: Request, public_id: str) -> Response:
        """Naming a person again ends the grant before it (managers)."""
        given = checked(NameReaderSerializer, request)
        person = person_of(request, given.pop("person"), "person")
        named = name_reader(actor=account_of(request), project=self.get_object(), person=person, **given)
        return Response(ReaderSerializer(named).data, status=201)

    @extend_schema(
        summary="End a reader's grant",
        tags=["secrecy"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: ReaderSerializer, **refusals(403, 404)},
    )
    @action(detail=True, methods=["post"], url_path="readers/(?P<reader>[0-9]+)/end")
    @idempotent
    def end(self, request: Request, public_id: str, reader: str) -> Response:
        """The person reads the project no longer from today on (managers)."""
        found = get_object_or_404(self.get_object().readers, pk=reader)
        return Response(ReaderSerializer(end_reader(actor=account_of(request), reader=found)).data)

    @extend_schema(
        summary="Who opened a secret project",
        tags=["secrecy"],
        filters=False,
        responses={200: ProjectViewSerializer(many=True), **refusals(403, 404)},
    )
    @action(detail=True, methods=["get"])
    def views(self, request: Request, public_id: str) -> Response:
        """The latest first; for the owner and for auditors."""
        project, actor = self.get_object(), account_of(request)
        if not reads_view_log(actor, project):
            raise NotAllowed(_("查看记录只给服务专员和纪检审计看。"))
        views: Any = views_visible_to(actor, project).select_related("account")
        rows: Any = self.paginate_queryset(views)
        return self.get_paginated_response(ProjectViewSerializer(rows, many=True).data)


def _sight(project: Project) -> Any:
    return SightSerializer(
        {
            "is_secret": project.is_secret,
            "code_name": project.code_name,
            "secrecy_reason": project.secrecy_reason,
            "version": project.version,
            "viewers": viewers_of(project),
            "readers": list(readers_of(project)),
        }
    ).data
