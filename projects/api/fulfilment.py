"""Rates of fulfilment in the REST API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.project import account_of
from projects.forms.fulfilment import PeriodForm
from projects.queries.fulfilment import GROUPINGS, fulfilment, grouping_of
from projects.serializers.money import RatesOfFulfilmentSerializer
from promotion.api.schema import refusals
from promotion.errors import Refused
from staff.models import ApiToken

PARAMETERS = [
    OpenApiParameter("group", str, enum=[each.key for each in GROUPINGS], description="By team when absent."),
    OpenApiParameter("from", str, description="Signed on this day or later (YYYY-MM-DD)."),
    OpenApiParameter("to", str, description="Signed on this day or earlier (YYYY-MM-DD)."),
]


class FulfilmentViewSet(viewsets.GenericViewSet[Any]):
    """What became of the signed projects that the account sees."""

    serializer_class = RatesOfFulfilmentSerializer
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = None

    @extend_schema(
        summary="Rates of fulfilment",
        tags=["projects"],
        parameters=PARAMETERS,
        responses={200: RatesOfFulfilmentSerializer, **refusals(422)},
    )
    def list(self, request: Request) -> Response:
        """Each rate with numerator and denominator, by group and for all."""
        form = PeriodForm(request.query_params)
        if not form.is_valid():
            fields = {name: str(errors[0]) for name, errors in form.errors.items()}
            raise Refused(_("签约日期请写成 2026-03-01 这样。"), fields=fields)
        grouping = grouping_of(request.query_params.get("group", ""))
        rows, total = fulfilment(account_of(request), grouping, **form.period())
        answer = {"group": grouping.key, "rows": rows, "total": total}
        return Response(RatesOfFulfilmentSerializer(answer).data)
