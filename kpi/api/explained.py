"""Where points come from, for other systems: items down to ledger lines and achievements, and what a run moved and why."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access
from kpi.api.reading import RUN, YEAR, year_of
from kpi.filters import ChangeFeed, ItemFeed, LineFeed
from kpi.models import Item, LedgerLine, Run, Standing
from kpi.queries.changes import open_changes
from kpi.queries.explain import explain_item
from kpi.queries.ledger_line import line_detail, shown_lines
from kpi.queries.movement import moved_standings
from kpi.queries.owing import owing_of
from kpi.queries.run import current_run, whole_run
from kpi.serializers.changes import MovedStandingSerializer
from kpi.serializers.explained import (
    ItemExplanationSerializer,
    LineDetailSerializer,
    LineSerializer,
    ListedItemSerializer,
)
from projects.api.reading import account_of
from promotion.api.schema import refusals
from staff.models import ApiToken


class ItemViewSet(mixins.ListModelMixin, GenericViewSet[Item]):
    """Items (得分明细) behind the totals that one may open."""

    queryset = Item.objects.none()
    serializer_class = ListedItemSerializer
    lookup_value_regex = r"\d{1,18}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @property
    def filterset_class(self) -> Any:
        return ItemFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[Item]:
        visible = access.explained_standings_visible_to(account_of(self.request)).values("pk")
        found = Item.objects.filter(standing__in=visible)
        return found.select_related("standing__run", "standing__person", "standing__team").order_by(
            "standing_id", "position"
        )

    @extend_schema(summary="Items", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """`status=undecided` lists what cannot be scored yet, each with what is owed."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Where the points of one item come from",
        tags=["kpi"],
        responses={200: ItemExplanationSerializer, **refusals(404)},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """Rule, stages, the ledger lines that count, what does not count and why, and what an undecided one waits for."""
        actor = account_of(request)
        found = explain_item(actor, int(pk))
        owing = owing_of(actor, found.item.standing, [found.item]).get(found.item.pk)
        context = {**self.get_serializer_context(), "owing": owing}
        return Response(ItemExplanationSerializer(found, context=context).data)


class LedgerLineViewSet(mixins.ListModelMixin, GenericViewSet[LedgerLine]):
    """The credit ledger (业绩归属账), as far as one may explain the standings it stands behind."""

    queryset = LedgerLine.objects.none()
    serializer_class = LineSerializer
    lookup_value_regex = r"\d{1,18}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @property
    def filterset_class(self) -> Any:
        return LineFeed if self.action == "list" else None

    def get_queryset(self) -> QuerySet[LedgerLine]:
        found = access.ledger_lines_visible_to(account_of(self.request))
        return found.select_related("achievement", "project", "person", "team", "ranked_team").order_by("pk")

    @extend_schema(summary="Ledger lines, in the order of posting", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        rows = shown_lines(account_of(request), page)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        summary="One ledger line with its proof",
        tags=["kpi"],
        responses={200: LineDetailSerializer, **refusals(404)},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """The achievement behind it, what reversed it, and the items of the current run that read it."""
        found = line_detail(account_of(request), int(pk))
        return Response(LineDetailSerializer(found, context=self.get_serializer_context()).data)


class ChangeViewSet(GenericViewSet[Standing]):
    """Who moved in a run, the largest change first."""

    queryset = Standing.objects.none()
    serializer_class = MovedStandingSerializer
    filterset_class = ChangeFeed
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = None

    @extend_schema(
        summary="What a run changed, subject by subject",
        tags=["kpi"],
        parameters=[YEAR, RUN],
        responses={200: MovedStandingSerializer(many=True), **refusals(404, 422)},
    )
    def list(self, request: Request) -> Response:
        """Totals and places are open to the house; `causes` only where the items are. Empty after a first run."""
        actor, run = account_of(request), run_of(request)
        moved: QuerySet[Any] = moved_standings(actor, run)
        found = self.filter_queryset(moved.order_by("-size", "rank", "pk"))
        page = self.paginate_queryset(found) or []
        changes = open_changes(actor, run, page)
        for row in page:
            row.changes = changes.get(row.pk)  # type: ignore[attr-defined]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def run_of(request: Request) -> Run | None:
    """The run that is named, else the current one of the year. Raises NotFound for one without results."""
    named = request.query_params.get("run", "")
    return whole_run(account_of(request), named) if named else current_run(year_of(request))
