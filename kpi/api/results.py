"""Rankings and runs for other systems: scopes kpi:read and kpi:write."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import decorators, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access, exports
from kpi.actions.export import export_statement, export_statements
from kpi.actions.run import cancel_run, recompute_run, request_run, resume_run
from kpi.api.reading import RUN, YEAR, year_of
from kpi.models import AssessmentYear, Run, Standing
from kpi.queries import standing as standings
from kpi.queries.changes import changes_of
from kpi.queries.history import history_of, years_of
from kpi.queries.project_credit import project_verdicts
from kpi.queries.run import whole_run
from kpi.queries.scheme import read_scheme
from kpi.queries.statement import opened_standing, statement_of
from kpi.serializers import (
    AwardCandidateSerializer,
    RecomputedSerializer,
    RunRequestSerializer,
    RunSerializer,
    StandingDetailSerializer,
    StandingSerializer,
    VerdictSerializer,
)
from kpi.serializers.changes import ChangesSerializer, HistorySerializer
from kpi.serializers.explained import ScoreStatementSerializer, UncountedSerializer
from projects.access import projects_visible_to
from projects.api.reading import account_of
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound
from staff.models import ApiToken

GROUP = OpenApiParameter(
    "group", str, description="A group of the scheme, such as teams or officers; all when absent."
)


class RankingViewSet(mixins.ListModelMixin, GenericViewSet[Standing]):
    """The ranking that readers see: the standings of the year's last whole run, or of any other."""

    queryset = Standing.objects.none()
    serializer_class = StandingSerializer
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    def get_queryset(self) -> QuerySet[Standing]:
        actor, named = account_of(self.request), self.request.query_params.get("run", "")
        if named:
            found = access.standings_visible_to(actor).filter(run=whole_run(actor, named))
            found = found.select_related("person", "team", "home_team", "run")
        else:
            found = standings.current_standings(actor, year_of(self.request))
        if group := self.request.query_params.get("group"):
            found = found.filter(group=group)
        return found.order_by("group", "rank", "subject_name", "pk")

    @extend_schema(summary="Ranking of a year", tags=["kpi"], parameters=[YEAR, RUN, GROUP])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


PDF: dict[Any, Any] = {(200, "application/pdf"): OpenApiTypes.BINARY, **refusals(404)}


class StandingViewSet(mixins.RetrieveModelMixin, GenericViewSet[Standing]):
    """One standing with its items, as far as the caller may open them."""

    queryset = Standing.objects.none()
    serializer_class = StandingDetailSerializer
    lookup_value_regex = r"\d{1,18}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    def get_queryset(self) -> QuerySet[Standing]:
        found = access.standings_visible_to(account_of(self.request))
        return found.select_related("run", "person", "team", "home_team")

    @extend_schema(summary="One standing with its items", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        standing = self.get_object()
        actor = account_of(request)
        items = list(standings.items_of(actor, standing)) if standings.can_open(actor, standing) else None
        context = {**self.get_serializer_context(), "items": items}
        return Response(self.get_serializer(standing, context=context).data)

    @extend_schema(
        summary="The statement behind a total",
        tags=["kpi"],
        responses={200: ScoreStatementSerializer, **refusals(404)},
    )
    @decorators.action(detail=True, methods=["get"])
    def statement(self, request: Request, pk: str) -> Response:
        """Every item with its arithmetic and lines, and what did not count. 404 where only the total is open."""
        found = statement_of(account_of(request), int(pk))
        return Response(ScoreStatementSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(summary="The statement as PDF", tags=["kpi"], responses=PDF)
    @decorators.action(detail=True, methods=["get"], url_path="statement/paper")
    def paper(self, request: Request, pk: str) -> HttpResponse:
        """Taking it is recorded."""
        actor = account_of(request)
        one = export_statement(actor=actor, pk=int(pk))
        paper = exports.statement_paper(actor, one.run, [one], request.build_absolute_uri)
        return download(HttpResponse(paper, content_type="application/pdf"), exports.paper_name(one))

    @extend_schema(
        summary="What did not count for a subject, and why",
        tags=["kpi"],
        responses={200: UncountedSerializer, **refusals(404)},
    )
    @decorators.action(detail=True, methods=["get"])
    def uncounted(self, request: Request, pk: str) -> Response:
        found = statement_of(account_of(request), int(pk))
        return Response(UncountedSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="What the run changed for a subject, item by item",
        tags=["kpi"],
        responses={200: ChangesSerializer, **refusals(404)},
    )
    @decorators.action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: str) -> Response:
        """Each with its causes, and who passed whom."""
        actor = account_of(request)
        found = changes_of(actor, opened_standing(actor, int(pk)))
        return Response(ChangesSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="A subject's ranks over runs and years",
        tags=["kpi"],
        responses={200: HistorySerializer, **refusals(404)},
    )
    @decorators.action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """Totals and ranks are open to the house."""
        actor, standing = account_of(request), self.get_object()
        found = {"runs": history_of(actor, standing), "years": years_of(actor, standing)}
        return Response(HistorySerializer(found, context=self.get_serializer_context()).data)


def download(response: Any, name: str) -> Any:
    """The response as a file of this name that no cache keeps."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Run]):
    """Runs of all years, newest first; a POST asks for one, or gives the one that is already open."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    lookup_field = "public_id"
    filterset_fields = ("year", "state")
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[Run]:
        return access.runs_visible_to(account_of(self.request)).select_related("scheme").order_by("-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        current = set(AssessmentYear.objects.values_list("current_run", flat=True))
        return {**super().get_serializer_context(), "current_runs": current}

    @extend_schema(summary="Runs", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One run", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @writes(RunRequestSerializer, RunSerializer, status=202, summary="Recalculate a year", tags=["kpi"])
    def create(self, request: Request) -> Response:
        asked = RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = request_run(actor=account_of(request), **asked.validated_data)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @writes(
        None, RunSerializer, refused=(404, 409, 422), detail=True, summary="Cancel an open run", tags=["kpi"]
    )
    def cancel(self, request: Request, public_id: str) -> Response:
        return Response(
            self.get_serializer(cancel_run(actor=account_of(request), run=self.get_object())).data
        )

    @writes(
        None,
        RecomputedSerializer,
        refused=(404, 422),
        detail=True,
        summary="Compute a finished run again and compare",
        tags=["kpi"],
    )
    def recompute(self, request: Request, public_id: str) -> Response:
        found = recompute_run(actor=account_of(request), run=self.get_object())
        return Response(RecomputedSerializer(found).data)

    @writes(
        None,
        RunSerializer,
        refused=(404, 409, 422),
        status=202,
        detail=True,
        summary="Go on with a run that failed or was cancelled",
        tags=["kpi"],
    )
    def resume(self, request: Request, public_id: str) -> Response:
        run = resume_run(actor=account_of(request), run=self.get_object())
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="All statements of a group",
        tags=["kpi"],
        parameters=[OpenApiParameter("form", str, enum=["pdf", "zip"], description="pdf when absent.")],
        responses={**PDF, (200, "application/zip"): OpenApiTypes.BINARY, **refusals(404, 422)},
    )
    @decorators.action(detail=True, methods=["get"], url_path=r"statements/(?P<group>[\w.-]+)")
    def statements(self, request: Request, public_id: str, group: str) -> HttpResponseBase:
        """One PDF, or a ZIP of PDFs; by HR, managers and auditors, and recorded."""
        actor, run = account_of(request), whole_run(account_of(request), public_id)
        form = "zip" if request.query_params.get("form") == "zip" else "pdf"
        found = export_statements(actor=actor, run=run, group=group, form=form)
        address = request.build_absolute_uri
        if form == "zip":
            parts = exports.statement_archive(actor, run, found, address)
            answer: HttpResponseBase = StreamingHttpResponse(parts, content_type="application/zip")
        else:
            paper = exports.statement_paper(actor, run, found, address)
            answer = HttpResponse(paper, content_type="application/pdf")
        title = read_scheme(run.scheme).groups[group].title
        return download(answer, exports.archive_name(run, title, form))

    @extend_schema(
        summary="Who stands for which award",
        tags=["kpi"],
        responses={200: AwardCandidateSerializer(many=True), **refusals(404)},
    )
    @decorators.action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def awards(self, request: Request, public_id: str) -> Response:
        """With the reason in figures; those whom the condition passes over too."""
        run = whole_run(account_of(request), public_id)
        found = standings.candidates_shown(account_of(request), run)
        context = self.get_serializer_context()
        return Response(AwardCandidateSerializer(found, many=True, context=context).data)


class ProjectVerdictViewSet(GenericViewSet[Any]):
    """Whether each milestone of a project counts."""

    serializer_class = VerdictSerializer
    filter_backends = ()
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(
        summary="Whether the achievements of a project count, and why not",
        tags=["kpi"],
        parameters=[OpenApiParameter("public_id", str, OpenApiParameter.PATH)],
        responses={200: VerdictSerializer(many=True)},
    )
    def retrieve(self, request: Request, public_id: str) -> Response:
        project = projects_visible_to(account_of(request)).filter(public_id=public_id).first()
        if project is None:
            raise NotFound(_("没有这个项目，或您无权查看。"))
        verdicts = project_verdicts(account_of(request), project)
        return Response(VerdictSerializer(verdicts, many=True).data)
