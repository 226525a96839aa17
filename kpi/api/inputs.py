"""Assessment inputs for other systems: recorded, confirmed by a second person, returned, withdrawn, reversed; what is missing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access, actions
from kpi.actions import InputRow
from kpi.api.previews import WORKBOOK
from kpi.api.reading import YEAR, Subjects, year_of
from kpi.filters import InputFeed
from kpi.imports import input_table
from kpi.models import AssessmentInput
from kpi.queries.input_course import course_of, titled
from kpi.queries.input_missing import missing_inputs
from kpi.queries.input_rates import lacking_rates
from kpi.queries.input_rows import progress_of
from kpi.queries.input_sheets import Asked, asked_inputs, kinds_without_subjects
from kpi.serializers.inputs import (
    ChosenInputsSerializer,
    InputDetailSerializer,
    InputReasonSerializer,
    InputSerializer,
    InputSheetsSerializer,
    MissingInputSerializer,
    RecordedInputsSerializer,
    RecordInputsSerializer,
    ReturnInputsSerializer,
)
from projects.access import projects_visible_to
from projects.api.reading import account_of, checked
from projects.models import Project
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.web.workbooks import workbook_response
from staff.models import ApiToken

SHEET = OpenApiParameter("sheet", str, description="Only one sheet, such as `rating:peers`.")
RELATED = ("person", "team", "project", "paper", "recorded_by", "decided_by", "ended_by")
DECIDED: dict[Any, Any] = {200: InputSerializer(many=True), **refusals(400, 404, 409, 422)}
MOVED: dict[Any, Any] = {200: InputSerializer, **refusals(400, 403, 404, 409, 422)}


class InputViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[AssessmentInput]):
    """Assessment inputs (考评录入): what one may see of them; only confirmed ones count."""

    queryset = AssessmentInput.objects.none()
    serializer_class = InputSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_class(self) -> Any:
        return InputFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[AssessmentInput]:
        return access.inputs_visible_to(account_of(self.request)).select_related(*RELATED).order_by("-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        seen = access.sees_voters(account_of(self.request))
        return {**super().get_serializer_context(), "sees_voters": seen}

    @extend_schema(summary="Assessment inputs, newest first", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything for managers, HR and auditors; what is confirmed of oneself, one's team and its members for others."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="One input with its course",
        tags=["kpi"],
        responses={200: InputDetailSerializer, **refusals(404)},
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        entry, context = self.get_object(), self.get_serializer_context()
        course = course_of(account_of(request), entry)
        context |= {"words": titled(entry.year, [entry])[0], "course": course}
        return Response(InputDetailSerializer(entry, context=context).data)

    @extend_schema(
        summary="Record inputs",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=RecordInputsSerializer,
        responses={201: RecordedInputsSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR, managers and other systems, all or none; each counts once another person confirms it.

        A refusal names the row: `rows.3` is the fourth.
        """
        given, actor = checked(RecordInputsSerializer, request), account_of(request)
        if not access.can_record_inputs(actor):
            raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))
        subjects, projects = Subjects(actor, given["rows"]), self._projects(given["rows"])
        rows = [_row(row, subjects, projects, f"rows.{place}") for place, row in enumerate(given["rows"])]
        made = actions.record_inputs(actor=actor, year=given["year"], rows=rows, paper=given.get("paper"))
        answer = {"recorded": made, "unchanged": len(rows) - len(made)}
        serializer = RecordedInputsSerializer(answer, context=self.get_serializer_context())
        return Response(serializer.data, status=201)

    @extend_schema(
        summary="Confirm inputs that wait",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=ChosenInputsSerializer,
        responses=DECIDED,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    @idempotent
    def confirm(self, request: Request) -> Response:
        """By HR or a manager who recorded none of them, all or none; what held in their place is reversed."""
        chosen = self._chosen(checked(ChosenInputsSerializer, request)["inputs"])
        return self._many(actions.confirm_inputs(actor=account_of(request), inputs=chosen))

    @extend_schema(
        summary="Return inputs that wait",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReturnInputsSerializer,
        responses=DECIDED,
    )
    @action(detail=False, methods=["post"], url_path="return", pagination_class=None)
    @idempotent
    def send_back(self, request: Request) -> Response:
        """With the `reason`; whoever recorded them gets a notice."""
        given = checked(ReturnInputsSerializer, request)
        chosen = self._chosen(given["inputs"])
        actor = account_of(request)
        return self._many(actions.return_inputs(actor=actor, inputs=chosen, reason=given["reason"]))

    @extend_schema(
        summary="Withdraw an input",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=MOVED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, public_id: str) -> Response:
        """By whoever recorded it, before anybody confirmed it."""
        entry = actions.withdraw_input(actor=account_of(request), entry=self.get_object())
        return Response(self.get_serializer(entry).data)

    @extend_schema(
        summary="Reverse a confirmed input",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=InputReasonSerializer,
        responses=MOVED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def reverse(self, request: Request, public_id: str) -> Response:
        """With the `reason`; from the next run it counts nothing."""
        reason = checked(InputReasonSerializer, request)["reason"]
        entry = actions.reverse_input(actor=account_of(request), entry=self.get_object(), reason=reason)
        return Response(self.get_serializer(entry).data)

    @extend_schema(
        summary="The file behind an input",
        tags=["kpi"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def paper(self, request: Request, public_id: str) -> FileResponse:
        """Tallies of ballots name the voters: only managers, HR and auditors open them."""
        found = access.input_papers_visible_to(account_of(request)).filter(inputs=self.get_object()).first()
        if found is None:
            raise NotFound(_("这条录入没有依据文件，或您无权查看。"))
        try:
            stream = found.file.open("rb")
        except FileNotFoundError as error:
            raise NotFound(_("这条录入没有依据文件，或您无权查看。")) from error
        answer = FileResponse(
            stream, as_attachment=True, filename=found.title, content_type=found.content_type
        )
        answer["Cache-Control"] = "private, no-store"
        return answer

    @extend_schema(
        summary="What a year asks people for, and how complete it is",
        tags=["kpi"],
        parameters=[YEAR],
        responses={200: InputSheetsSerializer, **refusals(422)},
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def sheets(self, request: Request) -> Response:
        """The codes that rows are recorded with; the days without an exchange rate; the units still to be entered."""
        asked = self._asked(request)
        answer = {
            "year": asked.year,
            "scheme": asked.scheme.title if asked.scheme else None,
            "sheets": progress_of(account_of(request), asked),
            "categories": asked.scheme.categories if asked.scheme else {},
            "lacking_rates": lacking_rates(asked, timezone.localdate()),
            "unmet": kinds_without_subjects(asked),
        }
        return Response(InputSheetsSerializer(answer).data)

    @extend_schema(
        summary="Inputs that are asked for and missing",
        tags=["kpi"],
        parameters=[YEAR, SHEET],
        responses={200: MissingInputSerializer(many=True), **refusals(404, 422)},
    )
    @action(detail=False, methods=["get"], serializer_class=MissingInputSerializer)
    def missing(self, request: Request) -> Response:
        """One row for each subject and cell; the items that need them are undecided."""
        asked, name = self._asked(request), self._sheet(request)
        page = self.paginate_queryset(list(missing_inputs(account_of(request), asked, name)))  # type: ignore[arg-type]
        return self.get_paginated_response(MissingInputSerializer(page, many=True).data)

    @extend_schema(
        summary="The input table as a workbook",
        tags=["kpi"],
        parameters=[YEAR, SHEET],
        responses={**WORKBOOK, **refusals(404, 422)},
    )
    @action(detail=False, methods=["get"])
    def workbook(self, request: Request) -> Any:
        """Every cell the year asks for in one row: filled in, it goes to `/input-previews/`."""
        asked, name = self._asked(request), self._sheet(request)
        sheet = input_table(account_of(request), asked, name)
        return workbook_response(f"inputs-{asked.year}.xlsx", [sheet])

    def _asked(self, request: Request) -> Asked:
        """The year's sheets. Raises NotAllowed for whoever is only assessed."""
        if not access.sees_voters(account_of(request)):
            raise NotAllowed(_("只有人事、分管领导和纪检审计可以查看录入表；您本人的已确认录入在列表里。"))
        return asked_inputs(year_of(request))

    def _sheet(self, request: Request) -> str:
        """The sheet that is asked for. Raises NotFound for one that the year does not have."""
        name = request.query_params.get("sheet", "")
        asked = asked_inputs(year_of(request))
        if name and asked.sheet(name) is None:
            known = "、".join(sheet.name for sheet in asked.sheets)
            raise NotFound(_("没有录入表“%(name)s”；可填：%(known)s。") % {"name": name, "known": known})
        return name

    def _chosen(self, named: Sequence[str]) -> Sequence[AssessmentInput]:
        """The named inputs. Raises NotFound when one of them is none that the account sees."""
        found = list(self.get_queryset().filter(public_id__in=named))
        if len(found) != len(set(named)):
            raise NotFound(_("没有这条录入，或您无权查看。"))
        return found

    def _many(self, entries: Sequence[AssessmentInput]) -> Response:
        return Response(self.get_serializer(entries, many=True).data)

    def _projects(self, rows: Sequence[dict[str, Any]]) -> dict[str, Project]:
        codes = {row["project"] for row in rows if row.get("project")}
        found = projects_visible_to(account_of(self.request)).filter(code__in=codes)
        return {one.code: one for one in found}


def _row(row: dict[str, Any], subjects: Subjects, projects: dict[str, Project], place: str) -> InputRow:
    """A row of the request for the action. Raises Refused for a project that the account does not see."""
    person, team = subjects.of(row, place)
    code = row.get("project") or ""
    if code and code not in projects:
        sentence = _("没有编号为“%(code)s”的项目。") % {"code": code}
        raise Refused(sentence, fields={f"{place}.project": sentence})
    plain = {name: value for name, value in row.items() if name not in ("person", "team", "project")}
    return InputRow(**plain, person=person, team=team, project=projects.get(code))
