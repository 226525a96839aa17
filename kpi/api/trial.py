"""Trials of one's own score, and rehearsals of a scheme."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access
from kpi.actions import rehearse_scheme
from kpi.api.reading import YEAR, year_of
from kpi.models import SchemeVersion
from kpi.queries.rehearsal import Plan, kept_rehearsal, plan_of
from kpi.queries.what_if import what_if
from kpi.serializers import RehearsalRequestSerializer, RehearsalSerializer, WhatIfSerializer
from projects.api.reading import account_of
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY
from promotion.errors import NotAllowed, NotFound
from staff.models import ApiToken


class WhatIfViewSet(GenericViewSet[Any]):
    """The trial of the caller's own standing; nothing is written."""

    serializer_class = WhatIfSerializer
    filter_backends = ()
    pagination_class = None
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(
        summary="What one's open work, or an assumption, would add to one's score",
        tags=["kpi"],
        parameters=[
            YEAR,
            OpenApiParameter("step", str, many=True, description="Keys of steps that are taken to be done."),
            OpenApiParameter(
                "assume",
                str,
                many=True,
                description="Assumed facts as kind~day~amount~currency~share~project~detail~source.",
            ),
        ],
        responses={200: WhatIfSerializer},
    )
    def list(self, request: Request) -> Response:
        steps, assumed = request.query_params.getlist("step"), request.query_params.getlist("assume")
        found = what_if(account_of(request), year_of(request), timezone.localdate(), steps, assumed)
        return Response(WhatIfSerializer(found).data)


class RehearsalViewSet(GenericViewSet[Any]):
    """A scheme rehearsed on calculated years: a POST calculates, a GET reads what is kept for a day."""

    serializer_class = RehearsalSerializer
    filter_backends = ()
    pagination_class = None
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @extend_schema(
        summary="What a rehearsal found",
        tags=["kpi"],
        parameters=[
            OpenApiParameter("scheme", str, required=True),
            OpenApiParameter("years", int, many=True),
        ],
        responses={200: RehearsalSerializer, 202: RehearsalSerializer},
    )
    def list(self, request: Request) -> Response:
        if not access.can_rehearse(account_of(request)):
            raise NotAllowed(_("只有人事、分管领导和系统管理员可以演练考核细则；请联系他们。"))
        asked = RehearsalRequestSerializer(
            data={
                "scheme": request.query_params.get("scheme", ""),
                "years": request.query_params.getlist("years"),
            }
        )
        asked.is_valid(raise_exception=True)
        scheme = scheme_of(request, asked.validated_data["scheme"])
        return answer(plan_of(scheme, asked.validated_data["years"]))

    @extend_schema(
        summary="Rehearse a scheme",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=RehearsalRequestSerializer,
        responses={200: RehearsalSerializer, 202: RehearsalSerializer},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        asked = RehearsalRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        scheme, years = scheme_of(request, asked.validated_data["scheme"]), asked.validated_data["years"]
        return answer(rehearse_scheme(actor=account_of(request), scheme=scheme, years=years))


def scheme_of(request: Request, public_id: str) -> SchemeVersion:
    """The version from the visible set. Raises NotFound."""
    found = access.schemes_visible_to(account_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这份细则。"))
    return found


def answer(plan: Plan) -> Response:
    """What is kept of the plan: 202 while it is under way. Raises NotFound for what is not kept."""
    kept = kept_rehearsal(plan)
    if kept is None:
        raise NotFound(_("这次演练没有结果，或已经过期、输入有变；请重新演练。"))
    is_open = kept.state in ("waiting", "running")
    code = status.HTTP_202_ACCEPTED if is_open else status.HTTP_200_OK
    return Response(RehearsalSerializer(kept).data, status=code)
