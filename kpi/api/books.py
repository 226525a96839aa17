"""The official tables of a year for other systems: scope kpi:read."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from kpi.actions.books import take_book
from kpi.api.reading import YEAR, year_of
from kpi.exports.books import book_layout, book_name
from kpi.queries.books import books_offered
from kpi.serializers.books import BookSerializer
from projects.api.reading import account_of
from promotion.api.schema import refusals
from promotion.papers.layouts import CONTENT_TYPES, FORMS, Form, layout_response
from staff.models import ApiToken

FORM = OpenApiParameter("form", str, enum=list(FORMS), description="xlsx when absent.")
FILES: dict[Any, Any] = {
    **{(200, kind): OpenApiTypes.BINARY for kind in CONTENT_TYPES.values()},
    **refusals(403, 404, 422),
}


class BookViewSet(ViewSet):
    """Official tables in fixed layouts."""

    lookup_value_regex = r"[a-z-]+"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(
        summary="The tables of a year", tags=["kpi"], parameters=[YEAR], responses=BookSerializer(many=True)
    )
    def list(self, request: Request) -> Response:
        found = books_offered(account_of(request), year_of(request))
        return Response(BookSerializer(found, many=True).data)

    @extend_schema(
        summary="One table as a file",
        tags=["kpi"],
        parameters=[YEAR, FORM, OpenApiParameter("id", str, OpenApiParameter.PATH)],
        responses=FILES,
    )
    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        """Taking it is recorded."""
        actor, year, form = account_of(request), year_of(request), request.query_params.get("form", "xlsx")
        taken = take_book(actor=actor, year=year, code=pk, form=form)
        return layout_response(book_layout(actor, taken, year), cast("Form", form), book_name(taken, year))
