"""Teams for other systems: read with the scope staff:read, founded, changed, closed and led by others with staff:write."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff import actions
from staff.access import appointments_visible_to, in_force, people_visible_to, teams_visible_to
from staff.api.reading import account_of, checked
from staff.api.training import one_of
from staff.models import ApiToken, Team, TeamKind
from staff.queries import organisation_on
from staff.serializers.team import TeamSerializer
from staff.serializers.team_change import (
    OrganisationSerializer,
    TeamChangeSerializer,
    TeamCloseSerializer,
    TeamFoundSerializer,
    TeamLeaderSerializer,
)


def _writes(summary: str, given: Any, status: int = 200) -> Any:
    return extend_schema(
        summary=summary,
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=given,
        responses={status: TeamSerializer, **refusals(400, 404, 409, 422)},
    )


class TeamApiFilter(filters.FilterSet):  # type: ignore[misc]
    kind = filters.ChoiceFilter(choices=TeamKind)
    parent = filters.CharFilter(field_name="parent__code", help_text="Code of the team above.")
    on = filters.DateFilter(method="existing", help_text="Only teams that existed on the day.")

    class Meta:
        model = Team
        fields: list[str] = []

    def existing(self, teams: QuerySet[Team], name: str, value: Any) -> QuerySet[Team]:
        return teams.filter(Q(closed_on=None) | Q(closed_on__gt=value), founded_on__lte=value)


@extend_schema_view(
    list=extend_schema(summary="Teams with today's members", tags=["staff"]),
    retrieve=extend_schema(summary="One team", tags=["staff"]),
)
class TeamViewSet(ReadOnlyModelViewSet[Team]):
    """Teams (团队): departments, task forces, stationed teams, liaison offices."""

    queryset = Team.objects.none()
    serializer_class = TeamSerializer
    filterset_class = TeamApiFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Team]:
        posts = appointments_visible_to(self.request.user).filter(in_force())  # type: ignore[arg-type]
        today = posts.select_related("person").order_by("-is_leader", "starts_on", "pk")
        teams = teams_visible_to(self.request.user)  # type: ignore[arg-type]
        return teams.select_related("parent").prefetch_related(
            Prefetch("appointments", today, to_attr="posts_today")
        )

    @_writes("Found a team", TeamFoundSerializer, 201)
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR and administrators."""
        given = self._named(checked(TeamFoundSerializer, request))
        made = actions.found_team(actor=account_of(request), **given)
        return self._shown(made, 201)

    @_writes("Change a team from a day on", TeamChangeSerializer)
    @idempotent
    def partial_update(self, request: Request, public_id: str) -> Response:
        """What it was before stays readable on its days (`GET /api/organisation/?on=`)."""
        given, found = self._named(checked(TeamChangeSerializer, request)), self.get_object()
        return self._shown(actions.change_team(actor=account_of(request), team=found, **given))

    @_writes("Close a team from a day on", TeamCloseSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: Request, public_id: str) -> Response:
        """422 while it has people, teams below or projects, saying which."""
        given, found = checked(TeamCloseSerializer, request), self.get_object()
        return self._shown(actions.close_team(actor=account_of(request), team=found, **given))

    @_writes("Name the leader from a day on", TeamLeaderSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def leader(self, request: Request, public_id: str) -> Response:
        """Whoever led it stays as a member."""
        given, account = checked(TeamLeaderSerializer, request), account_of(request)
        person = one_of(people_visible_to(account), "person", staff_number=given["person"])
        found = self.get_object()
        actions.name_leader(actor=account, team=found, person=person, on=given["on"])
        return self._shown(found)

    def _named(self, given: dict[str, Any]) -> dict[str, Any]:
        """The team above by its code, where one is named."""
        if "parent" in given:
            code, teams = given["parent"], teams_visible_to(account_of(self.request))
            given["parent"] = one_of(teams, "parent", code=code) if code else None
        return given

    def _shown(self, team: Team, status: int = 200) -> Response:
        return Response(TeamSerializer(self.get_queryset().get(pk=team.pk)).data, status=status)


class OrganisationView(APIView):
    """The organisation as it stood on a day."""

    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    @extend_schema(
        summary="The organisation of a day",
        tags=["staff"],
        parameters=[OpenApiParameter("on", date, description="Today when absent.")],
        responses={200: OrganisationSerializer, **refusals(422)},
    )
    def get(self, request: Request) -> Response:
        """Names, parents, fields and leaders are those of the day."""
        asked = request.query_params.get("on", "")
        try:
            day = date.fromisoformat(asked) if asked else timezone.localdate()
        except ValueError as error:
            sentence = _("日期要写成 2026-03-01。")
            raise Refused(sentence, fields={"on": sentence}) from error
        return Response(OrganisationSerializer(organisation_on(account_of(request), day)).data)
