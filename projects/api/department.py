"""The directory of departments in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import departments_visible_to
from projects.api.project import account_of, checked
from projects.models import Department, DepartmentContact
from projects.serializers.department import (
    DepartmentChangeSerializer,
    DepartmentContactChangeSerializer,
    DepartmentContactSerializer,
    DepartmentEntrySerializer,
    DepartmentSerializer,
    DepartmentTurnSerializer,
)
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound
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

    @writes(
        DepartmentEntrySerializer,
        DepartmentSerializer,
        refused=(400, 422),
        status=201,
        summary="Enter a department",
        tags=["departments"],
    )
    def create(self, request: Request) -> Response:
        made = actions.add_department(
            actor=account_of(request), **checked(DepartmentEntrySerializer, request)
        )
        return Response(DepartmentSerializer(made).data, status=201)

    @writes(
        DepartmentChangeSerializer, DepartmentSerializer, summary="Change a department", tags=["departments"]
    )
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Needs the `version` that was read."""
        given: dict[str, Any] = checked(DepartmentChangeSerializer, request)
        seen = given.pop("version")
        changed = actions.change_department(
            actor=account_of(request), department=self.get_object(), seen=seen, **given
        )
        return Response(DepartmentSerializer(changed).data)

    @writes(
        DepartmentContactSerializer,
        DepartmentContactSerializer,
        refused=(400, 404, 422),
        status=201,
        detail=True,
        summary="Enter a contact of a department",
        tags=["departments"],
    )
    def contacts(self, request: Request, public_id: str) -> Response:
        """By telephone or e-mail the contact must be within reach."""
        given = checked(DepartmentContactSerializer, request)
        made = actions.save_department_contact(
            actor=account_of(request), department=self.get_object(), **given
        )
        return Response(DepartmentContactSerializer(made).data, status=201)

    @writes(
        DepartmentContactChangeSerializer,
        DepartmentContactSerializer,
        detail=True,
        url_path=r"contacts/(?P<contact>\d+)",
        methods=["patch"],
        summary="Change a contact of a department",
        tags=["departments"],
    )
    def contact(self, request: Request, public_id: str, contact: str) -> Response:
        """Needs the contact's `version` that was read; 409 also for one who left the post."""
        given = checked(DepartmentContactChangeSerializer, request)
        department, seen = self.get_object(), given.pop("version")
        kept = _contact(department, contact)
        names = ("name", "title", "phone", "email")
        values = {name: getattr(kept, name) for name in names} | given
        changed = actions.save_department_contact(
            actor=account_of(request), department=department, contact=kept, seen=seen, **values
        )
        return Response(DepartmentContactSerializer(changed).data)

    @writes(
        DepartmentTurnSerializer,
        DepartmentContactSerializer,
        detail=True,
        url_path=r"contacts/(?P<contact>\d+)/retire",
        summary="A contact leaves the post",
        tags=["departments"],
    )
    def retire(self, request: Request, public_id: str, contact: str) -> Response:
        """422 while the contact is a specialist in a project."""
        given = checked(DepartmentTurnSerializer, request)
        department, seen = self.get_object(), given.pop("version")
        kept = _contact(department, contact)
        retired = actions.retire_department_contact(
            actor=account_of(request), department=department, contact=kept, seen=seen, **given
        )
        return Response(DepartmentContactSerializer(retired).data)

    @writes(
        DepartmentTurnSerializer,
        DepartmentSerializer,
        detail=True,
        summary="Take a department out of use",
        tags=["departments"],
    )
    def close(self, request: Request, public_id: str) -> Response:
        """422 naming what still runs: blockers, opinions of joint reviews, specialists."""
        given = checked(DepartmentTurnSerializer, request)
        closed = actions.close_department(
            actor=account_of(request),
            department=self.get_object(),
            reason=given.get("reason", ""),
            seen=given["version"],
        )
        return Response(DepartmentSerializer(closed).data)

    @writes(
        DepartmentTurnSerializer,
        DepartmentSerializer,
        detail=True,
        summary="Take a department into use again",
        tags=["departments"],
    )
    def reopen(self, request: Request, public_id: str) -> Response:
        given = checked(DepartmentTurnSerializer, request)
        opened = actions.reopen_department(
            actor=account_of(request), department=self.get_object(), seen=given["version"]
        )
        return Response(DepartmentSerializer(opened).data)


def _contact(department: Department, key: str) -> DepartmentContact:
    """A contact of the department, on duty or not. Raises NotFound."""
    found = department.contacts.filter(pk=int(key[:9])).first()
    if found is None:
        raise NotFound(_("这个联系人不在本部门。"))
    return found
