"""The coverage matrix in the REST API."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.reading import account_of
from projects.queries.coverage import coverage_on
from promotion.api.schema import refusals
from promotion.errors import Refused
from staff.models import ApiToken
from staff.serializers.names import TeamNameSerializer


class CoverageCellSerializer(serializers.Serializer[Any]):
    region = serializers.CharField()
    teams = TeamNameSerializer(many=True)
    is_gap = serializers.BooleanField()
    is_overlap = serializers.BooleanField()


class CoverageRowSerializer(serializers.Serializer[Any]):
    industry = serializers.CharField()
    projects = serializers.IntegerField()
    cells = CoverageCellSerializer(many=True)


class CoverageSerializer(serializers.Serializer[Any]):
    """Industries by regions on a day; a gap is a cell without a team, an overlap one with several."""

    day = serializers.DateField()
    gaps = serializers.IntegerField()
    overlaps = serializers.IntegerField()
    uncovered = serializers.ListField(child=serializers.CharField())
    rows = CoverageRowSerializer(many=True)


class CoverageView(APIView):
    """Which team covers which industry in which region (覆盖矩阵)."""

    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    @extend_schema(
        summary="Coverage of industries and regions",
        tags=["staff"],
        parameters=[OpenApiParameter("on", date, description="Today when absent.")],
        responses={200: CoverageSerializer, **refusals(422)},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params.get("on", "")
        try:
            day = date.fromisoformat(asked) if asked else timezone.localdate()
        except ValueError as error:
            sentence = _("日期要写成 2026-03-01。")
            raise Refused(sentence, fields={"on": sentence}) from error
        return Response(CoverageSerializer(coverage_on(account_of(request), day)).data)
