"""The course of a year for other systems: scope kpi:read."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from kpi.api.reading import YEAR, year_of
from kpi.queries.course import course_of
from kpi.serializers.year import YearStepSerializer
from projects.api.reading import account_of
from staff.models import ApiToken


class YearStepViewSet(ViewSet):
    """The steps of a year of assessment, in order, and how far each is."""

    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(parameters=[YEAR], responses=YearStepSerializer(many=True))
    def list(self, request: Request) -> Response:
        steps = course_of(account_of(request), year_of(request))
        return Response(YearStepSerializer(steps, many=True).data)
