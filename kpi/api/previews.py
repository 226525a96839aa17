"""Tables before they are written: kept as previews, looked at row by row, then written whole or put aside."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.serializers.previews import KeptPreviewSerializer, RejectedRowSerializer
from projects.api.reading import account_of
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.models import ImportBatch
from promotion.web.tables import MAX_BYTES, Table, read_table
from promotion.web.workbooks import Sheet, workbook_response
from staff.models import Account, ApiToken

WORKBOOK: dict[Any, Any] = {
    (200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"): OpenApiTypes.BINARY
}


class PreviewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ImportBatch]):
    """What the previews of targets and of inputs share."""

    queryset = ImportBatch.objects.none()
    serializer_class = KeptPreviewSerializer
    filter_backends = ()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f-]{36}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def visible(self, actor: Account) -> QuerySet[ImportBatch]:
        """The previews that the actor sees. Raises NotAllowed for whoever may not write such tables at all."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return self.visible(account_of(self.request)).select_related("created_by").order_by("-pk")

    def paged(self, rows: Sequence[Any], serializer: type) -> Response:
        """A page of rows."""
        return self.get_paginated_response(serializer(self.paginate_queryset(rows), many=True).data)  # type: ignore[arg-type]

    def answer(self, batch: ImportBatch, status: int = 200) -> Response:
        return Response(KeptPreviewSerializer(batch).data, status=status)

    @extend_schema(
        summary="The rows that were refused",
        tags=["kpi"],
        responses={200: RejectedRowSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def rejected(self, request: Request, public_id: str) -> Response:
        """With the reasons; the others of the table may still be written."""
        return self.paged(self.get_object().rejected, RejectedRowSerializer)


def described(summary: str, **more: Any) -> Callable[..., Any]:
    """A write that gives the preview."""
    said = {"responses": {200: KeptPreviewSerializer, **refusals(404, 409, 422)}, "request": None}
    return extend_schema(summary=summary, tags=["kpi"], parameters=[IDEMPOTENCY_KEY], **{**said, **more})


MADE: dict[Any, Any] = {201: KeptPreviewSerializer, **refusals(400, 422)}


def uploaded(file: Any) -> Table:
    """The table of an upload. Raises Refused for what is none."""
    return read_table(file.name, file.read(MAX_BYTES + 1))


def rejected_workbook(batch: ImportBatch, sheet: Callable[[list[dict[str, Any]]], Sheet]) -> HttpResponse:
    name = _("退回的行-%(file)s") % {"file": batch.file_name.rsplit(".", 1)[0]}
    return workbook_response(f"{name}.xlsx", [sheet(batch.rejected)])
