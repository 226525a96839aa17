"""Shares, service plans, their tasks and templates in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import departments_visible_to, projects_visible_to
from projects.access.service import tasks_visible_to, templates_visible_to
from projects.api.reading import account_of, checked, person_of
from projects.filters.feed import TaskFeed
from projects.models import Department, PlanTemplate, Project, ServicePlan, ServiceTask
from projects.serializers.service import (
    HandoverReasonSerializer,
    PlanTemplateEntrySerializer,
    PlanTemplateSerializer,
    SeenVersionSerializer,
    ServicePlanSerializer,
    ServiceTaskChangeSerializer,
    ServiceTaskEntrySerializer,
    ServiceTaskFinishSerializer,
    ServiceTaskSerializer,
    SettlementSerializer,
    ShareSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound, Refused
from staff.models import ApiToken

CHANGED: dict[Any, Any] = {200: ServiceTaskSerializer, **refusals(400, 404, 409, 422)}


def department_of(request: Request, code: str) -> Department:
    """The department of this code. Raises Refused."""
    found = departments_visible_to(account_of(request)).filter(code=code).first()
    if found is None:
        raise Refused(_("没有这个部门。"), fields={"department": _("没有这个部门代码。")})
    return found


def resolved(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    """The input with its person and department as records, and the version as what was seen."""
    if given.get("person"):
        given["person"] = person_of(request, given["person"])
    if given.get("department"):
        given["department"] = department_of(request, given["department"])
    return given


class ProjectServiceViewSet(viewsets.GenericViewSet[Project]):
    """What hangs on a project: its shares and its service plan."""

    queryset = Project.objects.none()
    lookup_field = "public_id"
    serializer_class: Any = ShareSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Project]:
        return projects_visible_to(account_of(self.request)).select_related("owner", "team")

    @extend_schema(
        summary="Shares of a project, every settlement",
        tags=["service"],
        filters=False,
        responses={200: ShareSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def shares(self, request: Request, public_id: str) -> Response:
        """The newest settlement first."""
        rows = (
            self.get_object()
            .shares.select_related("person")
            .order_by("-settlement", "role", "-percent", "pk")
        )
        return Response(ShareSerializer(rows, many=True).data)

    @extend_schema(
        summary="Settle or correct the shares",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=SettlementSerializer,
        responses={200: ShareSerializer(many=True), **refusals(400, 404, 409, 422)},
    )
    @shares.mapping.post
    @idempotent
    def settle(self, request: Request, public_id: str) -> Response:
        """Weights per role and shares within roles, each exactly 100."""
        given = checked(SettlementSerializer, request)
        perform: Any = actions.correct_shares if given.pop("correct") else actions.share_credit
        weights = given.pop("weights", None)
        written = perform(
            actor=account_of(request),
            project=self.get_object(),
            weights={line["role"]: line["weight"] for line in weights} if weights else None,
            shares=[
                (person_of(request, line["person"]), line["role"], line["share"])
                for line in given.pop("shares")
            ],
            seen=given.pop("settlement", None),
            **{"on": None, "reason": "", **given},
        )
        return Response(ShareSerializer(written, many=True).data)

    @extend_schema(
        summary="The service plan of a project",
        tags=["service"],
        responses={200: ServicePlanSerializer, **refusals(404)},
    )
    @action(detail=True, methods=["get"], url_path="service-plan")
    def service_plan(self, request: Request, public_id: str) -> Response:
        """404 while there is none."""
        return Response(self._plan(self.get_object()))

    @extend_schema(
        summary="Start the service plan, or fill it up from the template",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: ServicePlanSerializer, **refusals(404, 422)},
    )
    @service_plan.mapping.post
    @idempotent
    def start_plan(self, request: Request, public_id: str) -> Response:
        """Never writes a task twice."""
        project = self.get_object()
        actions.start_plan(actor=account_of(request), project=project)
        return Response(self._plan(project))

    @extend_schema(
        summary="Add a service task",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=ServiceTaskEntrySerializer,
        responses={201: ServiceTaskSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], url_path="service-tasks")
    @idempotent
    def add_task(self, request: Request, public_id: str) -> Response:
        """To the present stage."""
        given = resolved(request, checked(ServiceTaskEntrySerializer, request))
        task = actions.add_task(actor=account_of(request), project=self.get_object(), **given)
        return Response(ServiceTaskSerializer(task).data, status=201)

    def _plan(self, project: Project) -> Any:
        plan = (
            ServicePlan.objects.filter(project=project)
            .prefetch_related("tasks__person", "tasks__department", "tasks__plan__project")
            .first()
        )
        if plan is None:
            raise NotFound(_("这个项目还没有服务方案。"))
        return ServicePlanSerializer(plan).data


@extend_schema_view(
    list=extend_schema(summary="Service tasks", tags=["service"]),
    retrieve=extend_schema(
        summary="One service task", tags=["service"], responses={200: ServiceTaskSerializer, **refusals(404)}
    ),
)
class ServiceTaskViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ServiceTask]
):
    """The tasks of the projects that the account sees."""

    queryset = ServiceTask.objects.none()
    serializer_class = ServiceTaskSerializer
    filterset_class = TaskFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[ServiceTask]:
        visible = tasks_visible_to(account_of(self.request))
        return visible.select_related("plan__project", "person", "department").order_by("-pk")

    def _done(self, task: ServiceTask) -> Response:
        return Response(ServiceTaskSerializer(self.get_queryset().get(pk=task.pk)).data)

    @writes(
        ServiceTaskChangeSerializer,
        ServiceTaskSerializer,
        summary="Change an open service task",
        tags=["service"],
    )
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Owner and day are given whole; `person` left out means whoever holds the office."""
        given = resolved(request, checked(ServiceTaskChangeSerializer, request))
        seen = given.pop("version", None)
        return self._done(
            actions.change_task(actor=account_of(request), task=self.get_object(), seen=seen, **given)
        )

    @extend_schema(
        summary="Finish a service task",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=ServiceTaskFinishSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def finish(self, request: Request, public_id: str) -> Response:
        """With files where evidence is asked for."""
        given = checked(ServiceTaskFinishSerializer, request)
        seen = given.pop("version", None)
        return self._done(
            actions.finish_task(actor=account_of(request), task=self.get_object(), seen=seen, **given)
        )

    @extend_schema(
        summary="Skip a service task",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=HandoverReasonSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def skip(self, request: Request, public_id: str) -> Response:
        """No longer needed, with the reason."""
        given = checked(HandoverReasonSerializer, request)
        task = actions.skip_task(
            actor=account_of(request),
            task=self.get_object(),
            reason=given["reason"],
            seen=given.get("version"),
        )
        return self._done(task)

    @extend_schema(
        summary="Reopen a service task",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=SeenVersionSerializer,
        responses=CHANGED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def reopen(self, request: Request, public_id: str) -> Response:
        """Back among those to be done."""
        given = checked(SeenVersionSerializer, request)
        return self._done(
            actions.reopen_task(actor=account_of(request), task=self.get_object(), seen=given.get("version"))
        )


@extend_schema_view(list=extend_schema(summary="Templates of service plans", tags=["service"]))
class ServiceTemplateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[PlanTemplate]):
    """Every version of every template."""

    queryset = PlanTemplate.objects.none()
    serializer_class = PlanTemplateSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[PlanTemplate]:
        return (
            templates_visible_to(account_of(self.request))
            .prefetch_related("tasks__department")
            .order_by("-pk")
        )

    @extend_schema(
        summary="Write the next version of a template",
        tags=["service"],
        parameters=[IDEMPOTENCY_KEY],
        request=PlanTemplateEntrySerializer,
        responses={201: PlanTemplateSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Managers only; plans keep the tasks they have."""
        given = checked(PlanTemplateEntrySerializer, request)
        seen = given.pop("number", None)
        tasks = [actions.TemplateTask(**resolved(request, dict(line))) for line in given.pop("tasks")]
        template = actions.save_template(actor=account_of(request), tasks=tasks, seen=seen, **given)
        return Response(PlanTemplateSerializer(self.get_queryset().get(pk=template.pk)).data, status=201)
