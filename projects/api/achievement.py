"""Achievements in the REST API: listed, recognised, sent back."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions
from projects.access import achievements_visible_to, sees_hints
from projects.api.project import account_of, checked
from projects.filters.feed import AchievementFeed
from projects.models import Achievement
from projects.queries.alarms import recognition_hints
from projects.queries.evidence import checklist_of
from projects.serializers.achievement import (
    AchievementSerializer,
    CorrectSerializer,
    RecogniseSerializer,
    ReturnSerializer,
    WithdrawSerializer,
)
from projects.serializers.evidence import (
    AttachSerializer,
    ChecklistSerializer,
    DocumentSerializer,
    HintSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotAllowed
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
        return visible.select_related("project__company", "person").order_by("-pk")

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

    @extend_schema(
        summary="Reverse a recognition",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=ReturnSerializer,
        responses=DECIDED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def reverse(self, request: Request, public_id: str) -> Response:
        """With the reason; the next run takes its credit back."""
        given = checked(ReturnSerializer, request)
        decided = actions.reverse_achievement(
            actor=account_of(request),
            achievement=self.get_object(),
            reason=given["reason"],
            seen=given.get("version"),
        )
        return Response(AchievementSerializer(decided).data)

    @extend_schema(
        summary="Withdraw a report",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=WithdrawSerializer,
        responses=DECIDED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, public_id: str) -> Response:
        """What nobody has recognised; a milestone takes the project back one stage."""
        given = checked(WithdrawSerializer, request)
        withdrawn = actions.withdraw_achievement(
            actor=account_of(request),
            achievement=self.get_object(),
            reason=given.get("reason", ""),
            seen=given.get("version"),
        )
        return Response(AchievementSerializer(withdrawn).data)

    @extend_schema(
        summary="Mend a returned report and submit it again",
        tags=["achievements"],
        parameters=[IDEMPOTENCY_KEY],
        request=CorrectSerializer,
        responses=DECIDED,
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def resubmit(self, request: Request, public_id: str) -> Response:
        """Only by who submitted it."""
        given = checked(CorrectSerializer, request)
        mended = actions.resubmit_achievement(
            actor=account_of(request), achievement=self.get_object(), seen=given.pop("version", None), **given
        )
        return Response(AchievementSerializer(mended).data)

    @extend_schema(
        summary="Checklist of an achievement",
        tags=["evidence"],
        responses={200: ChecklistSerializer, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def evidence(self, request: Request, public_id: str) -> Response:
        """What it is proved by, and what is missing."""
        return Response(ChecklistSerializer(checklist_of(self.get_object())).data)

    @writes(
        AttachSerializer,
        DocumentSerializer,
        refused=(400, 404, 422),
        status=201,
        summary="Add a paper to an achievement",
        tags=["evidence"],
    )
    @evidence.mapping.post
    def attach_evidence(self, request: Request, public_id: str) -> Response:
        """One paper, while nobody has decided."""
        given = checked(AttachSerializer, request)
        made = actions.attach_document(
            actor=account_of(request),
            achievement=self.get_object(),
            upload=given["file"],
            document_type=given.get("document_type", ""),
        )
        return Response(DocumentSerializer(made).data, status=201)

    @extend_schema(
        summary="What to look at before deciding",
        tags=["achievements"],
        responses={200: HintSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def alarms(self, request: Request, public_id: str) -> Response:
        """Only for managers and auditors: alarms speak of projects outside one's own."""
        if not sees_hints(account_of(request)):
            raise NotAllowed(_("认定提示只给认定人和审计看。"))
        found = self.get_object()
        return Response(HintSerializer(recognition_hints([found]).get(found.pk, []), many=True).data)
