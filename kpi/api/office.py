"""Liaison offices for other systems: scope kpi:read."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from kpi.api.reading import YEAR, year_of
from kpi.queries.offices import offices_of
from kpi.serializers.office import OfficeSerializer
from projects.api.reading import account_of
from staff.models import ApiToken


class OfficeViewSet(ViewSet):
    """The liaison offices that the caller may look into, the furthest with its targets first."""

    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(parameters=[YEAR], responses=OfficeSerializer(many=True), tags=["kpi"])
    def list(self, request: Request) -> Response:
        _run, found = offices_of(account_of(request), year_of(request))
        return Response(OfficeSerializer(found, many=True).data)
