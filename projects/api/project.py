"""Leads and projects in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import companies_visible_to, projects_visible_to
from projects.api.clock import NextStepRoutes
from projects.api.reading import account_of, checked, person_of
from projects.filters.feed import ProjectFeed
from projects.models import Project, ViewKind
from projects.queries.money import money_tables
from projects.serializers.achievement import AchievementSerializer, ReportSerializer
from projects.serializers.money import MoneyTableSerializer
from projects.serializers.project import (
    AdvanceSerializer,
    FollowUpEntrySerializer,
    FollowUpSerializer,
    LeadSerializer,
    ProjectChangeSerializer,
    ProjectSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff.models import ApiToken


class LeadViewSet(viewsets.GenericViewSet[Any]):
    """Leads from other systems."""

    serializer_class = LeadSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @extend_schema(
        summary="Log a lead",
        tags=["projects"],
        parameters=[IDEMPOTENCY_KEY],
        request=LeadSerializer,
        responses={201: ProjectSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Gives the new project. 409 when another team holds the company's first reception, with a masked sentence."""
        given = checked(LeadSerializer, request)
        if "company" in given:
            given["company"] = _company(request, given["company"])
        if "owner" in given:
            given["owner"] = person_of(request, given["owner"])
        project = actions.log_lead(actor=account_of(request), **given)
        return Response(ProjectSerializer(project).data, status=201)


@extend_schema_view(
    list=extend_schema(summary="Projects, or what changed since a moment", tags=["projects"]),
    retrieve=extend_schema(
        summary="One project", tags=["projects"], responses={200: ProjectSerializer, **refusals(404)}
    ),
)
class ProjectViewSet(NextStepRoutes, mixins.ListModelMixin, mixins.RetrieveModelMixin):
    """Projects (项目) that the account sees."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Project]:
        visible = projects_visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.select_related("company", "owner", "team").order_by("-pk")

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of rows; that secret ones were read is kept."""
        rows = super().paginate_queryset(queryset)
        actions.keep_view(account_of(self.request), rows or [], ViewKind.API)
        return rows

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()
        actions.keep_view(account_of(request), [found], ViewKind.API)
        return Response(self.get_serializer(found).data)

    @writes(ProjectChangeSerializer, ProjectSerializer, summary="Change a project", tags=["projects"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Needs the `version` that was read; 409 names who changed the project since."""
        given = checked(ProjectChangeSerializer, request)
        seen = given.pop("version")
        project = actions.change_project(
            actor=account_of(request), project=self.get_object(), seen=seen, **given
        )
        return Response(ProjectSerializer(project).data)

    @extend_schema(
        summary="Move a project to another stage",
        tags=["projects"],
        parameters=[IDEMPOTENCY_KEY],
        request=AdvanceSerializer,
        responses={200: ProjectSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def advance(self, request: Request, public_id: str) -> Response:
        """Asks for what the gate of the stage misses; 422 names the fields."""
        given = checked(AdvanceSerializer, request)
        milestone = dict(given.get("milestone") or {})
        if given.get("evidence"):
            milestone["evidence"] = given["evidence"]
        project = actions.advance_project(
            actor=account_of(request),
            project=self.get_object(),
            to=given["to"],
            seen=given.get("version"),
            happened_on=given.get("happened_on"),
            details=given.get("details"),
            milestone=milestone or None,
            note=given.get("note", ""),
        )
        return Response(ProjectSerializer(project).data)

    @extend_schema(
        summary="Write a follow-up",
        tags=["projects"],
        parameters=[IDEMPOTENCY_KEY],
        request=FollowUpEntrySerializer,
        responses={201: FollowUpSerializer, **refusals(400, 404, 422)},
    )
    @action(detail=True, methods=["post"], url_path="follow-ups")
    @idempotent
    def follow_ups(self, request: Request, public_id: str) -> Response:
        """An entry of the timeline, with the next step and its date."""
        given = checked(FollowUpEntrySerializer, request)
        if number := given.pop("next_step_person", ""):
            given["next_step_person"] = person_of(request, number, "next_step_person")
        entry = actions.write_follow_up(actor=account_of(request), project=self.get_object(), **given)
        return Response(FollowUpSerializer(entry).data, status=201)

    @extend_schema(
        summary="Report an achievement",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReportSerializer,
        responses={201: AchievementSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def achievements(self, request: Request, public_id: str) -> Response:
        """Reported by you, recognised by somebody else."""
        given = checked(ReportSerializer, request)
        reported = actions.report_achievement(actor=account_of(request), project=self.get_object(), **given)
        return Response(AchievementSerializer(reported).data, status=201)

    @extend_schema(
        summary="Money lines of a project",
        tags=["projects"],
        responses={200: MoneyTableSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def money(self, request: Request, public_id: str) -> Response:
        """The five lines (五条资金线), each with its dated entries and running totals."""
        tables = money_tables(account_of(request), self.get_object())
        return Response(MoneyTableSerializer(tables, many=True).data)


def _company(request: Request, public_id: str) -> Any:
    found = companies_visible_to(account_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise Refused(_("没有这家企业，或您不能查看它。"), fields={"company": _("没有这家企业。")})
    return found
