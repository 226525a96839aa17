"""The directory of departments in the REST API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import departments_visible_to
from projects.api.project import account_of, checked
from projects.models import Department
from projects.serializers.department import (
    DepartmentChangeSerializer,
    DepartmentContactSerializer,
    DepartmentEntrySerializer,
    DepartmentSerializer,
)
from promotion.api.schema import refusals
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="Departments with their contacts", tags=["departments"]),
    retrieve=extend_schema(
        summary="One department", tags=["departments"], responses={200: DepartmentSerializer, **refusals(404)}
    ),
)
class DepartmentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Department]
):
    """Departments (职能部门): read by every account, kept by managers, HR and administrators."""

    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Department]:
        visible = departments_visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.prefetch_related("contacts").order_by("position", "pk")

    @extend_schema(
        summary="Enter a department",
        tags=["departments"],
        request=DepartmentEntrySerializer,
        responses={201: DepartmentSerializer, **refusals(400, 422)},
    )
    def create(self, request: Request) -> Response:
        made = actions.add_department(
            actor=account_of(request), **checked(DepartmentEntrySerializer, request)
        )
        return Response(DepartmentSerializer(made).data, status=201)

    @extend_schema(
        summary="Change a department",
        tags=["departments"],
        request=DepartmentChangeSerializer,
        responses={200: DepartmentSerializer, **refusals(400, 404, 409, 422)},
    )
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Needs the `version` that was read."""
        given: dict[str, Any] = checked(DepartmentChangeSerializer, request)
        seen = given.pop("version")
        changed = actions.change_department(
            actor=account_of(request), department=self.get_object(), seen=seen, **given
        )
        return Response(DepartmentSerializer(changed).data)

    @extend_schema(
        summary="Enter a contact of a department",
        tags=["departments"],
        request=DepartmentContactSerializer,
        responses={201: DepartmentContactSerializer, **refusals(400, 404, 422)},
    )
    @action(detail=True, methods=["post"])
    def contacts(self, request: Request, public_id: str) -> Response:
        """By telephone or e-mail the contact must be within reach."""
        given = checked(DepartmentContactSerializer, request)
        made = actions.save_department_contact(
            actor=account_of(request), department=self.get_object(), **given
        )
        return Response(DepartmentContactSerializer(made).data, status=201)
