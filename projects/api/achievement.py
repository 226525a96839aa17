"""Achievements in the REST API: listed, recognised, sent back."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import achievements_visible_to
from projects.api.project import account_of, checked
from projects.filters.feed import AchievementFeed
from projects.models import Achievement
from projects.serializers.achievement import AchievementSerializer, RecogniseSerializer, ReturnSerializer
from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff.models import ApiToken

DECIDED: dict[Any, Any] = {200: AchievementSerializer, **refusals(400, 404, 409, 422)}


@extend_schema_view(
    list=extend_schema(summary="Achievements, or what changed since a moment", tags=["achievements"]),
    retrieve=extend_schema(
        summary="One achievement",
        tags=["achievements"],
        responses={200: AchievementSerializer, **refusals(404)},
    ),
)
class AchievementViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Achievement]
):
    """Reported achievements (业绩申报) that the account sees."""

    queryset = Achievement.objects.none()
    serializer_class = AchievementSerializer
    filterset_class = AchievementFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Achievement]:
        visible = achievements_visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.select_related("project", "person").order_by("-pk")

    @extend_schema(
        summary="Recognise an achievement",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=RecogniseSerializer,
        responses=DECIDED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def recognise(self, request: Request, public_id: str) -> Response:
        """In whole or in part; only by a manager who did not submit it."""
        given = checked(RecogniseSerializer, request)
        seen = given.pop("version", None)
        decided = actions.recognise_achievement(
            actor=account_of(request), achievement=self.get_object(), seen=seen, **given
        )
        return Response(AchievementSerializer(decided).data)

    @extend_schema(
        summary="Send an achievement back",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReturnSerializer,
        responses=DECIDED,
    )
    @action(detail=True, methods=["post"], url_path="return")
    @idempotent
    def send_back(self, request: Request, public_id: str) -> Response:
        """With the reason that the submitter mends it by."""
        given = checked(ReturnSerializer, request)
        decided = actions.return_achievement(
            actor=account_of(request),
            achievement=self.get_object(),
            reason=given["reason"],
            seen=given.get("version"),
        )
        return Response(AchievementSerializer(decided).data)
