"""Bulletins for other systems: drafted, edited, issued by a second person, withdrawn."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.access.bulletin import bulletins_visible_to
from kpi.actions import bulletin as actions
from kpi.filters import BulletinFeed
from kpi.models import Bulletin
from kpi.queries.bulletin.listing import RELATED
from kpi.serializers.bulletin import (
    BulletinDetailSerializer,
    BulletinSerializer,
    EditBulletinSerializer,
    SeenBulletinSerializer,
    StartBulletinSerializer,
    WithdrawBulletinSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.models import ApiToken


@extend_schema(tags=["kpi"])
class BulletinViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Bulletin]):
    """Bulletins (通报): issued ones for everybody, drafts for those who write them."""

    queryset = Bulletin.objects.none()
    serializer_class = BulletinSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_class(self) -> Any:
        return BulletinFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[Bulletin]:
        found = bulletins_visible_to(account_of(self.request)).select_related(*RELATED).order_by("-pk")
        return found.defer("figures") if self.action == "list" else found

    @extend_schema(summary="Bulletins, newest first")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="One bulletin with its figures", responses={200: BulletinDetailSerializer, **refusals(404)}
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    @writes(
        StartBulletinSerializer,
        BulletinDetailSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Draft the bulletin of a period",
    )
    def create(self, request: Request) -> Response:
        """By HR and managers: the figures are taken at once."""
        given = checked(StartBulletinSerializer, request)
        return self._answer(actions.draft_bulletin(actor=account_of(request), **given), status=201)

    @writes(
        EditBulletinSerializer,
        BulletinDetailSerializer,
        detail=True,
        summary="Write the editor's words of a draft",
    )
    def edit(self, request: Request, public_id: str) -> Response:
        """Who changes the words last cannot issue them."""
        given = checked(EditBulletinSerializer, request)
        seen = given.pop("version")
        actor = account_of(request)
        return self._answer(
            actions.edit_bulletin(actor=actor, bulletin=self.get_object(), seen=seen, **given)
        )

    @writes(
        SeenBulletinSerializer,
        BulletinDetailSerializer,
        detail=True,
        summary="Take the figures of a draft anew",
    )
    def refresh(self, request: Request, public_id: str) -> Response:
        """The words stay."""
        seen = checked(SeenBulletinSerializer, request)["version"]
        found = self.get_object()
        return self._answer(actions.refresh_bulletin(actor=account_of(request), bulletin=found, seen=seen))

    @writes(SeenBulletinSerializer, BulletinDetailSerializer, detail=True, summary="Issue a draft")
    def issue(self, request: Request, public_id: str) -> Response:
        """By another person than the one who wrote it; it gets the next number of its year."""
        seen = checked(SeenBulletinSerializer, request)["version"]
        found = self.get_object()
        return self._answer(actions.issue_bulletin(actor=account_of(request), bulletin=found, seen=seen))

    @writes(
        WithdrawBulletinSerializer,
        BulletinDetailSerializer,
        detail=True,
        summary="Withdraw an issued bulletin",
    )
    def withdraw(self, request: Request, public_id: str) -> Response:
        """With the `reason`; the period is free for a new one."""
        reason = checked(WithdrawBulletinSerializer, request)["reason"]
        found = self.get_object()
        return self._answer(
            actions.withdraw_bulletin(actor=account_of(request), bulletin=found, reason=reason)
        )

    def _answer(self, bulletin: Bulletin, status: int = 200) -> Response:
        context = self.get_serializer_context()
        return Response(BulletinDetailSerializer(bulletin, context=context).data, status=status)
