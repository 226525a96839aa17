"""Targets for other systems: the list, many set at once, what is missing, what was reached, and the workbook."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access, actions
from kpi.actions import TargetRow
from kpi.api.previews import WORKBOOK
from kpi.api.reading import YEAR, Subjects, year_of
from kpi.filters import TargetFeed
from kpi.forms import PeriodForm
from kpi.imports import help_sheet, target_sheet
from kpi.models import Target, TargetPeriod
from kpi.queries.run import current_run
from kpi.queries.target import TargetLine, people_of, target_lines, wanted_targets, with_values
from kpi.queries.target_check import differing_targets, lacking_targets
from kpi.queries.target_history import target_history
from kpi.queries.target_progress import TargetProgress, has_begun, reached
from kpi.scoring.rounding import plain
from kpi.serializers.target import (
    SetTargetsSerializer,
    TargetFaultSerializer,
    TargetProgressSerializer,
    TargetSerializer,
    TargetWritingSerializer,
    WrittenTargetsSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound, Refused
from promotion.web.workbooks import workbook_response
from staff.models import ApiToken

TEAM = OpenApiParameter("team", str, description="Code of a team: it and the people who count for it.")
KIND = OpenApiParameter(
    "kind", str, enum=["missing", "differing"], description="Only what is missing, or does not add up."
)
PERIOD = OpenApiParameter("period", str, enum=TargetPeriod.values, description="The whole year when absent.")
WHOSE = [
    OpenApiParameter("person", str, description="Staff number; or `team`."),
    OpenApiParameter("team", str, description="Code of a team or unit; or `person`."),
]


class TargetViewSet(mixins.ListModelMixin, GenericViewSet[Target]):
    """Targets (目标任务) of people, teams, offices and units: what one may see of them, and set."""

    queryset = Target.objects.none()
    serializer_class = TargetSerializer
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_class(self) -> Any:
        return TargetFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[Target]:
        found = access.targets_visible_to(account_of(self.request)).select_related("person", "team")
        return found.order_by("-year", "indicator", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "titles": cache(titles)}

    @extend_schema(summary="Targets", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything for managers, HR and auditors; one's own, one's team's and a leader's members' for others."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Set and withdraw many targets",
        tags=["kpi"],
        parameters=[IDEMPOTENCY_KEY],
        request=SetTargetsSerializer,
        responses={200: WrittenTargetsSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR and managers, all or none. A refusal names the row: `rows.3` is the fourth."""
        given, actor = checked(SetTargetsSerializer, request), account_of(request)
        year, subjects = given["year"], Subjects(actor, given["rows"])
        rows = [_row(row, subjects, f"rows.{place}") for place, row in enumerate(given["rows"])]
        written = actions.set_targets(actor=actor, year=year, rows=rows)
        wanted = {row.place for row in rows}
        people, teams = {row.person for row in rows}, {row.team for row in rows}
        held = self.get_queryset().filter(Q(person__in=people) | Q(team__in=teams), year=year)
        shown = [
            one
            for one in held
            if (one.indicator, one.person_id, one.team_id, one.period, one.level) in wanted
        ]
        answer = {"written": written, "targets": shown}
        return Response(WrittenTargetsSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="Targets that are missing or do not add up",
        tags=["kpi"],
        parameters=[YEAR, KIND],
        responses={200: TargetFaultSerializer(many=True), **refusals(422)},
    )
    @action(detail=False, methods=["get"], serializer_class=TargetFaultSerializer)
    def check(self, request: Request) -> Response:
        """What the scheme asks of the subjects one may see: without it their items stay undecided."""
        year, actor = year_of(request), account_of(request)
        kind = _one_of(request, "kind", ("missing", "differing"))
        wanted = wanted_targets(year)
        lines = with_values(actor, year, target_lines(actor, year))
        missing = lacking_targets(lines, {one.code: one for one in wanted})
        found = [] if kind == "differing" else list(missing)
        found += [] if kind == "missing" else differing_targets(lines, wanted)
        return self._paged(found)

    @extend_schema(
        summary="Targets with what was reached of them",
        tags=["kpi"],
        parameters=[YEAR, PERIOD, TEAM],
        responses={200: TargetProgressSerializer(many=True), **refusals(404, 422)},
    )
    @action(detail=False, methods=["get"], serializer_class=TargetProgressSerializer)
    def progress(self, request: Request) -> Response:
        """By the year's current run: of the whole year, or of a half, quarter or month."""
        year, actor = year_of(request), account_of(request)
        _one_of(request, "period", TargetPeriod.values)
        period, _level = PeriodForm.asked(request.query_params)
        wanted, lines = wanted_targets(year), self._lines(request, year)
        page = self.paginate_queryset([(line, one) for line in lines for one in wanted]) or []  # type: ignore[arg-type]
        keys = dict.fromkeys(line.key for line, _one in page)
        shown = [line for line in lines if line.key in keys]
        full = {line.key: line for line in with_values(actor, year, shown)}
        run = current_run(year)
        begun = reached(run, [one.code for one in wanted], period) if run and has_begun(run, period) else None
        rows = [
            TargetProgress(full[line.key], one, period, begun.of(full[line.key], one.code) if begun else None)
            for line, one in page
        ]
        return self.get_paginated_response(TargetProgressSerializer(rows, many=True).data)

    @extend_schema(
        summary="How one subject's target came about",
        tags=["kpi"],
        parameters=[YEAR, *WHOSE, OpenApiParameter("indicator", str, required=True)],
        responses={200: TargetWritingSerializer(many=True), **refusals(404, 422)},
    )
    @action(detail=False, methods=["get"], pagination_class=None, serializer_class=TargetWritingSerializer)
    def history(self, request: Request) -> Response:
        """Every value that was set, changed or withdrawn, by whom and when; the last twenty writings."""
        year, asked = year_of(request), request.query_params
        kind = "person" if asked.get("person") else "team"
        for line in target_lines(account_of(request), year):
            if line.key[0] == kind and line.code == asked.get(kind):
                found = target_history(line, year, asked.get("indicator", ""))
                return Response(TargetWritingSerializer(found, many=True).data)
        raise NotFound(_("%(year)s 年没有这个对象，或您无权查看它的目标。") % {"year": year})

    @extend_schema(
        summary="The target table as a workbook",
        tags=["kpi"],
        parameters=[YEAR, TEAM],
        responses={**WORKBOOK, **refusals(404, 422)},
    )
    @action(detail=False, methods=["get"])
    def workbook(self, request: Request) -> HttpResponse:
        """All periods and levels, empty where nothing is set: filled in, it goes to `/target-previews/`."""
        year, actor = year_of(request), account_of(request)
        lines = with_values(actor, year, self._lines(request, year))
        sheet = target_sheet(year, lines, wanted_targets(year))
        return workbook_response(f"targets-{year}.xlsx", [sheet, help_sheet()])

    def _lines(self, request: Request, year: int) -> Sequence[TargetLine]:
        """The subjects one may see, or a team with its people. Raises NotFound for a team that is none of them."""
        actor, code = account_of(request), request.query_params.get("team", "")
        lines = target_lines(actor, year)
        if not code:
            return lines
        team = access.target_teams_visible_to(actor).filter(code=code).first()
        if team is None:
            raise NotFound(_("没有这个团队，或您无权查看它的目标。"))
        return [line for line in lines if line.team == team] + people_of(lines, team)

    def _paged(self, rows: Any) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def titles(year: int) -> dict[str, str]:
    """What the year's scheme calls its targets."""
    return {one.code: one.title for one in wanted_targets(year)}


def _row(row: dict[str, Any], subjects: Subjects, place: str) -> TargetRow:
    person, team = subjects.of(row, place)
    seen = row.get("seen")
    return TargetRow(
        row["indicator"],
        row["amount"],
        person,
        team,
        row["period"],
        row["level"],
        seen=None if "seen" not in row else "" if seen is None else plain(seen),
    )


def _one_of(request: Request, name: str, known: Any) -> str:
    """A choice of the address, empty when absent. Raises Refused for another one."""
    text = str(request.query_params.get(name, ""))
    if text and text not in known:
        sentence = _("没有“%(text)s”；可填：%(known)s。") % {"text": text[:20], "known": "、".join(known)}
        raise Refused(sentence, fields={name: sentence})
    return text
