"""Rankings and runs for other systems: scopes kpi:read and kpi:write."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import decorators, mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access
from kpi.actions.run import cancel_run, recompute_run, request_run, resume_run
from kpi.api.reading import YEAR, year_of
from kpi.models import AssessmentYear, Run, Standing
from kpi.queries import standing as standings
from kpi.queries.project_credit import project_verdicts
from kpi.serializers import (
    RecomputedSerializer,
    RunRequestSerializer,
    RunSerializer,
    StandingDetailSerializer,
    StandingSerializer,
    VerdictSerializer,
)
from projects.access import projects_visible_to
from projects.api.reading import account_of
from promotion.api.idempotency import idempotent
from promotion.errors import NotFound
from staff.models import ApiToken

GROUP = OpenApiParameter(
    "group", str, description="A group of the scheme, such as teams or officers; all when absent."
)


class RankingViewSet(mixins.ListModelMixin, GenericViewSet[Standing]):
    """The ranking that readers see: the standings of the year's last whole run."""

    queryset = Standing.objects.none()
    serializer_class = StandingSerializer
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    def get_queryset(self) -> QuerySet[Standing]:
        found = standings.current_standings(account_of(self.request), year_of(self.request))
        if group := self.request.query_params.get("group"):
            found = found.filter(group=group)
        return found.order_by("group", "rank", "subject_name", "pk")

    @extend_schema(summary="Ranking of a year", tags=["kpi"], parameters=[YEAR, GROUP])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class StandingViewSet(mixins.RetrieveModelMixin, GenericViewSet[Standing]):
    """One standing with its items, as far as the caller may open them."""

    queryset = Standing.objects.none()
    serializer_class = StandingDetailSerializer
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
        return Response(self.get_serializer(standing, context={"items": items}).data)


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

    @extend_schema(
        summary="Recalculate a year",
        tags=["kpi"],
        request=RunRequestSerializer,
        responses={202: RunSerializer},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        asked = RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = request_run(actor=account_of(request), **asked.validated_data)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(summary="Cancel an open run", tags=["kpi"], request=None, responses=RunSerializer)
    @decorators.action(detail=True, methods=["post"])
    def cancel(self, request: Request, public_id: str) -> Response:
        return Response(
            self.get_serializer(cancel_run(actor=account_of(request), run=self.get_object())).data
        )

    @extend_schema(
        summary="Compute a finished run again and compare",
        tags=["kpi"],
        request=None,
        responses=RecomputedSerializer,
    )
    @decorators.action(detail=True, methods=["post"])
    def recompute(self, request: Request, public_id: str) -> Response:
        found = recompute_run(actor=account_of(request), run=self.get_object())
        return Response(RecomputedSerializer(found).data)

    @extend_schema(
        summary="Go on with a run that failed or was cancelled",
        tags=["kpi"],
        request=None,
        responses={202: RunSerializer},
    )
    @decorators.action(detail=True, methods=["post"])
    def resume(self, request: Request, public_id: str) -> Response:
        run = resume_run(actor=account_of(request), run=self.get_object())
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)


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
