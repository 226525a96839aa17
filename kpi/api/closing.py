"""The close of years for other systems: scopes kpi:read and kpi:write; two persons as in the browser."""

from typing import Any, cast

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import decorators, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.access import closing as access
from kpi.actions import closing as actions
from kpi.actions.bundle import take_bundle
from kpi.api.reading import YEAR, year_of
from kpi.api.results import download
from kpi.exports.bundle import bundle_archive, bundle_name
from kpi.models import SealKind, YearRequest
from kpi.queries.closing.page import closing_of
from kpi.serializers.closing import (
    ClosingSerializer,
    DecliningSerializer,
    YearRequestNewSerializer,
    YearRequestSerializer,
    YearSealSerializer,
)
from projects.api.reading import account_of
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotAllowed, NotFound
from staff.models import ApiToken


@extend_schema(tags=["kpi"])
class ClosingViewSet(GenericViewSet[YearRequest]):
    """Checks, requests and seals of a year."""

    queryset = YearRequest.objects.none()
    serializer_class = YearRequestSerializer
    filter_backends = ()
    pagination_class = None
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def _request_of(self, request: Request, public_id: str) -> YearRequest:
        visible = access.year_requests_visible_to(account_of(request)).select_related(
            "requested_by", "run__scheme"
        )
        found = visible.filter(public_id=public_id).first()
        if found is None:
            raise NotFound(_("没有这份申请。"))
        return found

    @extend_schema(
        summary="The close of a year", parameters=[YEAR], responses={200: ClosingSerializer, **refusals(403)}
    )
    def list(self, request: Request) -> Response:
        actor = account_of(request)
        if not access.sees_closing(actor):
            raise NotAllowed(_("关账由人事和分管领导办理；请联系他们。"))
        return Response(ClosingSerializer(closing_of(actor, year_of(request))).data)

    @writes(
        YearRequestNewSerializer,
        YearRequestSerializer,
        status=201,
        summary="Ask for the close of a year, or to reopen it",
    )
    def create(self, request: Request) -> Response:
        asked = YearRequestNewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        year, actor = asked.validated_data["year"], account_of(request)
        if asked.validated_data["kind"] == SealKind.CLOSED:
            made = actions.prepare_closing(actor=actor, year=year)
        else:
            made = actions.ask_reopening(actor=actor, year=year, reason=asked.validated_data["reason"])
        return Response(YearRequestSerializer(made).data, status=status.HTTP_201_CREATED)

    @writes(
        None,
        YearSealSerializer,
        refused=(404, 409, 422),
        detail=True,
        summary="Grant a request: the year is closed, or open again",
    )
    def grant(self, request: Request, public_id: str) -> Response:
        asked, actor = self._request_of(request, public_id), account_of(request)
        granted: Any = actions.close_year if asked.kind == SealKind.CLOSED else actions.reopen_year
        return Response(YearSealSerializer(granted(actor=actor, request=asked)).data)

    @extend_schema(
        summary="The auditor's bundle of a closed year",
        parameters=[OpenApiParameter("year", int, OpenApiParameter.PATH)],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **refusals(403, 422)},
    )
    @decorators.action(detail=False, methods=["get"], url_path=r"(?P<year>\d{4})/bundle")
    def bundle(self, request: Request, year: str) -> StreamingHttpResponse:
        """One ZIP; taking it is recorded."""
        seal = take_bundle(actor=account_of(request), year=int(year))
        response = StreamingHttpResponse(bundle_archive(seal), content_type="application/zip")
        return cast("StreamingHttpResponse", download(response, bundle_name(seal)))

    @writes(
        DecliningSerializer, YearRequestSerializer, detail=True, summary="Give a request back with a reason"
    )
    def decline(self, request: Request, public_id: str) -> Response:
        said = DecliningSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        asked = self._request_of(request, public_id)
        done = actions.decline_request(actor=account_of(request), request=asked, **said.validated_data)
        return Response(YearRequestSerializer(done).data)

    @writes(None, YearRequestSerializer, refused=(404, 409), detail=True, summary="Take the own request back")
    def withdraw(self, request: Request, public_id: str) -> Response:
        asked = self._request_of(request, public_id)
        return Response(
            YearRequestSerializer(actions.withdraw_request(actor=account_of(request), request=asked)).data
        )
