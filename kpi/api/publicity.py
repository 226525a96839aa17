"""Publicity of results for other systems: drafted, announced, answered, settled; what changed until the final list."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access
from kpi.access.publicity import publicities_visible_to, sees_replies
from kpi.actions.publicity import (
    announce_publicity,
    confirm_result,
    draft_publicity,
    withdraw_publicity,
)
from kpi.actions.publicity_final import finalise_publicity
from kpi.api.reading import YEAR, year_of
from kpi.models import Publicity
from kpi.queries.publicity import RELATED, replied_standings
from kpi.queries.publicity_changes import changes_since
from kpi.serializers.publicity import (
    AnsweredStandingSerializer,
    ConfirmResultSerializer,
    DraftPublicitySerializer,
    FinalisePublicitySerializer,
    PublicityChangeSerializer,
    PublicitySeenSerializer,
    PublicitySerializer,
    WithdrawPublicitySerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotAllowed, NotFound
from staff.models import ApiToken


@extend_schema(tags=["kpi"])
class PublicityViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Publicity]):
    """Publicities (考核公示) that one may see."""

    queryset = Publicity.objects.none()
    serializer_class = PublicitySerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[Publicity]:
        rows = publicities_visible_to(account_of(self.request)).select_related(*RELATED)
        if self.action == "list" and "year" in self.request.query_params:
            rows = rows.filter(year=year_of(self.request))
        return rows.order_by("-year", "-pk")

    @extend_schema(summary="Publicities, newest year first", parameters=[YEAR])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All years without `year`. Drafts only for those who run and watch the assessment."""
        return super().list(request, *args, **kwargs)

    @writes(
        DraftPublicitySerializer,
        PublicitySerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Draft the publicity of a year's present result",
    )
    def create(self, request: Request) -> Response:
        """By HR or a manager; a draft that there is takes the present result."""
        given = checked(DraftPublicitySerializer, request)
        made = draft_publicity(actor=account_of(request), **given)
        return Response(self.get_serializer(made).data, status=201)

    @writes(PublicitySeenSerializer, PublicitySerializer, detail=True, summary="Announce a drafted publicity")
    def announce(self, request: Request, public_id: str) -> Response:
        """By HR or a manager other than the drafter; refused while items are undecided or the result has changed."""
        given = checked(PublicitySeenSerializer, request)
        made = announce_publicity(actor=account_of(request), publicity=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @writes(
        WithdrawPublicitySerializer,
        PublicitySerializer,
        detail=True,
        summary="Withdraw a draft or a running publicity",
    )
    def withdraw(self, request: Request, public_id: str) -> Response:
        """With the `reason`; everybody concerned is told."""
        given = checked(WithdrawPublicitySerializer, request)
        made = withdraw_publicity(actor=account_of(request), publicity=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @writes(FinalisePublicitySerializer, PublicitySerializer, detail=True, summary="Draw the final list")
    def finalise(self, request: Request, public_id: str) -> Response:
        """After the last day, by somebody other than the drafter, once every objection is decided and carried out."""
        given = checked(FinalisePublicitySerializer, request)
        made = finalise_publicity(actor=account_of(request), publicity=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @writes(
        ConfirmResultSerializer, AnsweredStandingSerializer, detail=True, summary="Confirm a published result"
    )
    def confirm(self, request: Request, public_id: str) -> Response:
        """One's own, or that of a team one leads."""
        found, actor = self.get_object(), account_of(request)
        number = checked(ConfirmResultSerializer, request)["standing"]
        standing = access.standings_visible_to(actor).filter(pk=number, run=found.run_id).first()
        if standing is None:
            raise NotFound(_("这次公示里没有这份结果。"))
        confirm_result(actor=actor, publicity=found, standing=standing)
        return Response(AnsweredStandingSerializer(replied_standings(found).get(pk=number)).data)

    @extend_schema(
        summary="What was said to each published result",
        responses={200: AnsweredStandingSerializer(many=True), **refusals(403, 404)},
    )
    @action(detail=True, methods=["get"], serializer_class=AnsweredStandingSerializer)
    def replies(self, request: Request, public_id: str) -> Response:
        """For those who run and watch the assessment."""
        if not sees_replies(account_of(request)):
            raise NotAllowed(_("谁确认、谁提出异议，只有人事、分管领导和纪检审计可以查看。"))
        rows = replied_standings(self.get_object()).order_by("group", "rank", "pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(AnsweredStandingSerializer(page, many=True).data)

    @extend_schema(
        summary="What changed since the publicity",
        responses={200: PublicityChangeSerializer(many=True), **refusals(403, 404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def changes(self, request: Request, public_id: str) -> Response:
        """The published run against the final one; before it is final against the present one, for those who watch."""
        found, actor = self.get_object(), account_of(request)
        if found.final_run_id is None and not sees_replies(actor):
            raise NotAllowed(_("变动清单在定案之后公开；此前由人事、分管领导和纪检审计核对。"))
        return Response(PublicityChangeSerializer(changes_since(actor, found).subjects, many=True).data)
