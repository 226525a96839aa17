"""The specialists of departments in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import projects_visible_to
from projects.api.reading import account_of, checked
from projects.models import DepartmentContact, Project
from projects.queries.specialist import specialists_tab, visible_specialist
from projects.serializers.specialist import (
    EndSpecialistSerializer,
    NameSpecialistSerializer,
    ProjectSpecialistsSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff.models import ApiToken


class ProjectSpecialistViewSet(viewsets.GenericViewSet[Project]):
    """Who answers for which department in a project."""

    queryset = Project.objects.none()
    lookup_field = "public_id"
    serializer_class: Any = ProjectSpecialistsSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Project]:
        return projects_visible_to(account_of(self.request))

    @extend_schema(
        summary="Specialists of departments, present and former, and who is lacking",
        tags=["departments"],
        filters=False,
        responses={200: ProjectSpecialistsSerializer, **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def specialists(self, request: Request, public_id: str) -> Response:
        return Response(_shown(self.get_object()))

    @extend_schema(
        summary="Name or replace the specialist of a department",
        tags=["departments"],
        parameters=[IDEMPOTENCY_KEY],
        request=NameSpecialistSerializer,
        responses={201: ProjectSpecialistsSerializer, **refusals(400, 404, 409, 422)},
    )
    @specialists.mapping.post
    @idempotent
    def name_specialist(self, request: Request, public_id: str) -> Response:
        """The contact's department has one specialist at a time; 409 when another was named since `seen`."""
        given, project = checked(NameSpecialistSerializer, request), self.get_object()
        contact = DepartmentContact.objects.filter(pk=given.pop("contact")).first()
        if contact is None:
            sentence = _("没有这个联系人。")
            raise Refused(sentence, fields={"contact": sentence})
        actions.name_specialist(actor=account_of(request), project=project, contact=contact, **given)
        return Response(_shown(project), status=201)

    @extend_schema(
        summary="End a specialist",
        tags=["departments"],
        parameters=[IDEMPOTENCY_KEY],
        request=EndSpecialistSerializer,
        responses={200: ProjectSpecialistsSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], url_path=r"specialists/(?P<specialist>\d+)/end")
    @idempotent
    def end_specialist(self, request: Request, public_id: str, specialist: str) -> Response:
        given, project = checked(EndSpecialistSerializer, request), self.get_object()
        found = visible_specialist(project, int(specialist[:9]))
        actions.end_specialist(actor=account_of(request), specialist=found, **given)
        return Response(_shown(project))


def _shown(project: Project) -> Any:
    """The specialists as they stand now."""
    tab = specialists_tab(project)
    shown = {
        "present": [line.present for line in tab["specialist_lines"] if line.present],
        "former": tab["former_specialists"],
        "lacking": [department.code for department in tab["lacking"]],
    }
    return ProjectSpecialistsSerializer(shown).data
