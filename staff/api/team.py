"""Teams for other systems: read only, with the scope staff:read."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.viewsets import ReadOnlyModelViewSet

from staff.access import appointments_visible_to, in_force, teams_visible_to
from staff.models import ApiToken, Team, TeamKind
from staff.serializers.team import TeamSerializer


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
    write_scope = None

    def get_queryset(self) -> QuerySet[Team]:
        posts = appointments_visible_to(self.request.user).filter(in_force())  # type: ignore[arg-type]
        today = posts.select_related("person").order_by("-is_leader", "starts_on", "pk")
        teams = teams_visible_to(self.request.user)  # type: ignore[arg-type]
        return teams.select_related("parent").prefetch_related(
            Prefetch("appointments", today, to_attr="posts_today")
        )
