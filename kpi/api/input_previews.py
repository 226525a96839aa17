"""Tables of assessment inputs before they are recorded."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kpi import access, actions
from kpi.api.previews import MADE, WORKBOOK, PreviewViewSet, described, rejected_workbook, uploaded
from kpi.imports import read_inputs, rejected_inputs
from kpi.queries.input_sheets import asked_inputs
from kpi.serializers.inputs import PlannedInputSerializer
from kpi.serializers.previews import TableSerializer
from projects.api.reading import account_of, checked
from promotion.api.idempotency import idempotent
from promotion.api.schema import refusals
from promotion.errors import NotAllowed
from promotion.models import ImportBatch
from staff.models import Account


class InputPreviewViewSet(PreviewViewSet):
    """Previews of uploaded tables of assessment inputs."""

    def visible(self, actor: Account) -> QuerySet[ImportBatch]:
        if not access.can_record_inputs(actor):
            raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))
        return access.input_imports_visible_to(actor)

    @extend_schema(summary="Previews of input tables, newest first", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One preview of inputs with its counts", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @described("Preview a table of inputs", request=TableSerializer, responses=MADE)
    @idempotent
    def create(self, request: Request) -> Response:
        """Multipart with `year` and `file`; nothing is recorded yet. Refused rows come with their reasons."""
        given, actor = checked(TableSerializer, request), account_of(request)
        self.visible(actor)
        preview = read_inputs(actor, asked_inputs(given["year"]), uploaded(given["file"]))
        batch = actions.keep_input_import(
            actor=actor,
            year=given["year"],
            file_name=given["file"].name,
            accepted=preview.accepted,
            rejected=preview.rejected,
        )
        return self.answer(batch, 201)

    @extend_schema(
        summary="The inputs a preview would record",
        tags=["kpi"],
        responses={200: PlannedInputSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, public_id: str) -> Response:
        """Each with its old and new value; what is the same as now is not recorded again."""
        return self.paged(self.get_object().accepted, PlannedInputSerializer)

    @extend_schema(
        summary="The refused rows of inputs as a workbook",
        tags=["kpi"],
        responses={**WORKBOOK, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def workbook(self, request: Request, public_id: str) -> HttpResponse:
        """With the reasons in front, to be corrected and sent again."""
        return rejected_workbook(self.get_object(), rejected_inputs)

    @described("Record a preview of inputs")
    @action(detail=True, methods=["post"])
    @idempotent
    def apply(self, request: Request, public_id: str) -> Response:
        """All of it or nothing; the inputs wait for a second person. 409 when an input changed since the preview."""
        batch = self.get_object()
        return self.answer(actions.apply_input_import(actor=account_of(request), batch=batch))

    @described("Put a preview of inputs aside")
    @action(detail=True, methods=["post"])
    @idempotent
    def discard(self, request: Request, public_id: str) -> Response:
        batch = self.get_object()
        return self.answer(actions.discard_input_import(actor=account_of(request), batch=batch))
