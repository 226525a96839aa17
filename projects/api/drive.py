"""Supervised drives in the REST API: the same actions as in the browser, and every project's standing by its facts."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import projects_visible_to
from projects.actions.drive import change_drive, close_drive, start_drive
from projects.actions.drive_lines import (
    Target,
    add_to_drive,
    change_target,
    mark_done,
    remove_from_drive,
    report_on_line,
)
from projects.actions.secrecy import keep_view
from projects.api.reading import account_of, checked, person_of
from projects.filters.drive import DriveFilter
from projects.models import Drive, Project, ViewKind
from projects.queries import drive as queries
from projects.serializers.drive import (
    AddToDriveSerializer,
    ChangeDriveSerializer,
    CloseDriveSerializer,
    DriveDetailSerializer,
    DriveSerializer,
    LineDoneSerializer,
    LineRemoveSerializer,
    LineReportSerializer,
    LineTargetSerializer,
    StartDriveSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff.models import Account, ApiToken


def _write(summary: str, serializer: type, path: str = "", status: int = 200) -> Callable[..., Any]:
    """One verb of a drive, or of a project in it, as a route that may be repeated safely."""
    return writes(
        serializer,
        DriveDetailSerializer,
        status=status,
        detail=True,
        url_path=path or None,
        summary=summary,
        tags=["drives"],
    )


LINE = r"projects/(?P<line>\d+)/"


@extend_schema_view(
    list=extend_schema(summary="Supervised drives", tags=["drives"]),
    retrieve=extend_schema(
        summary="One drive with its projects and lamps",
        tags=["drives"],
        responses={200: DriveDetailSerializer, **refusals(404)},
    ),
)
class DriveViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Drive]):
    """Supervised drives (督查行动): those that run, unless `state` asks for `closed` or `all`."""

    queryset = Drive.objects.none()
    serializer_class = DriveSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @property
    def filterset_class(self) -> Any:
        return DriveFilter if self.action == "list" else None

    def get_queryset(self) -> QuerySet[Drive]:
        return queries.listed_drives(account_of(self.request)).order_by("-pk")

    def get_serializer_class(self) -> Any:
        return DriveSerializer if self.action == "list" else DriveDetailSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(shown(account_of(request), self.get_object()))

    @extend_schema(
        summary="Begin a drive",
        tags=["drives"],
        parameters=[IDEMPOTENCY_KEY],
        request=StartDriveSerializer,
        responses={201: DriveDetailSerializer, **refusals(400, 404, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Leaders and managers; a result is later said by somebody other than `leader`."""
        given, actor = checked(StartDriveSerializer, request), account_of(request)
        given["leader"] = person_of(request, given["leader"], "leader")
        given["projects"] = _projects(actor, given.get("projects", []))
        target = given.pop("target", None)
        made = start_drive(actor=actor, target=Target(**target) if target else None, **given)
        return Response(shown(actor, made), status=201)

    @writes(ChangeDriveSerializer, DriveDetailSerializer, summary="Change a drive", tags=["drives"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Needs the `version` that was read."""
        given, actor = checked(ChangeDriveSerializer, request), account_of(request)
        if "leader" in given:
            given["leader"] = person_of(request, given["leader"], "leader")
        drive = change_drive(actor=actor, drive=self.get_object(), seen=given.pop("version"), **given)
        return Response(shown(actor, drive))

    @_write("Close a drive with its result", CloseDriveSerializer)
    def close(self, request: Request, public_id: str) -> Response:
        given = _seen(checked(CloseDriveSerializer, request))
        actor = account_of(request)
        return Response(shown(actor, close_drive(actor=actor, drive=self.get_object(), **given)))

    @_write("List projects in a drive with one target", AddToDriveSerializer, "projects", 201)
    def added(self, request: Request, public_id: str) -> Response:
        """All of them, or none: those that cannot be listed are named. `version` is the drive's."""
        given, actor = _seen(checked(AddToDriveSerializer, request)), account_of(request)
        drive, projects = self.get_object(), _projects(actor, given.pop("projects"))
        seen = given.pop("seen", None)
        add_to_drive(actor=actor, drive=drive, projects=projects, target=Target(**given), seen=seen)
        return Response(shown(actor, drive), status=201)

    @_write("Report on a project of a drive", LineReportSerializer, LINE + "report", 201)
    def report(self, request: Request, public_id: str, line: str) -> Response:
        """Photographs as multipart."""
        return self._line(request, line, report_on_line, checked(LineReportSerializer, request), 201)

    @_write("Set another target", LineTargetSerializer, LINE + "target")
    def target(self, request: Request, public_id: str, line: str) -> Response:
        """With the reason, by a manager or whoever began the drive."""
        given = checked(LineTargetSerializer, request)
        target = Target(given.pop("due_on"), given.pop("stage", ""), given.pop("text", ""))
        return self._line(request, line, change_target, {**given, "target": target})

    @_write("Say that a target is reached", LineDoneSerializer, LINE + "done")
    def done(self, request: Request, public_id: str, line: str) -> Response:
        """By a second person: a judge of the drive who did not report last."""
        return self._line(request, line, mark_done, checked(LineDoneSerializer, request))

    @_write("Take a project out of a drive", LineRemoveSerializer, LINE + "remove")
    def remove(self, request: Request, public_id: str, line: str) -> Response:
        return self._line(request, line, remove_from_drive, checked(LineRemoveSerializer, request))

    def _line(
        self,
        request: Request,
        key: str,
        perform: Callable[..., Any],
        given: dict[str, Any],
        status: int = 200,
    ) -> Response:
        actor, drive = account_of(request), self.get_object()
        line = queries.visible_line(actor, drive, int(key[:9]))
        perform(actor=actor, line=line, **_seen(given))
        return Response(shown(actor, drive), status=status)


def shown(actor: Account, drive: Drive) -> Any:
    """The drive as it stands now, with the standing of its visible projects."""
    found = queries.listed_drives(actor).filter(pk=drive.pk).first() or drive
    rows = queries.standings(queries.drive_lines(actor).filter(drive=drive))
    keep_view(actor, [row.line.project for row in rows], ViewKind.API, drive.name)
    found.lines_shown = rows  # type: ignore[attr-defined]
    found.hidden = queries.hidden_count(drive, len(rows))  # type: ignore[attr-defined]
    return DriveDetailSerializer(found).data


def _seen(given: dict[str, Any]) -> dict[str, Any]:
    """The `version` of the request as the action calls it."""
    return {("seen" if key == "version" else key): value for key, value in given.items()}


def _projects(actor: Account, keys: list[str]) -> list[Project]:
    """The named projects in the order of the request. Raises Refused for one that the account does not see."""
    found = {row.public_id: row for row in projects_visible_to(actor).filter(public_id__in=keys)}
    if set(keys) - set(found):
        sentence = _("没有这个编号，或您不能查看它。")
        raise Refused(sentence, fields={"projects": sentence})
    return [found[key] for key in dict.fromkeys(keys)]
