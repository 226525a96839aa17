"""Objections to published results for other systems: raised with papers, decided, carried out, taken back."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import access
from kpi.access.publicity import objection_papers_visible_to, objections_visible_to
from kpi.actions.score_objection import (
    decide_score_objection,
    raise_score_objection,
    settle_remedy,
    withdraw_score_objection,
)
from kpi.models import ScoreObjection
from kpi.queries.objection import RELATED
from kpi.queries.publicity import visible_publicity
from kpi.serializers.publicity import (
    DecideObjectionSerializer,
    PublicitySeenSerializer,
    RaiseScoreObjectionSerializer,
    RemedySerializer,
    ScoreObjectionSerializer,
)
from projects.access import achievements_visible_to
from projects.api.reading import account_of, checked
from projects.models import Achievement
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound, Refused
from promotion.files.serving import file_response
from staff.models import Account, ApiToken

PUBLICITY = OpenApiParameter("publicity", str, description="Only those to this publicity, by its id.")


@extend_schema(tags=["kpi"])
class ScoreObjectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ScoreObjection]):
    """Objections (考核异议): all for those who run and watch the assessment, one's own for others."""

    queryset = ScoreObjection.objects.none()
    serializer_class = ScoreObjectionSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[ScoreObjection]:
        rows = objections_visible_to(account_of(self.request)).select_related(*RELATED)
        asked = self.request.query_params.get("publicity", "")
        if self.action == "list" and asked:
            rows = rows.filter(publicity__public_id=asked)
        return rows.prefetch_related("papers").order_by("-pk")

    @extend_schema(summary="Objections to results, newest first", parameters=[PUBLICITY])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Each with its papers, decision and what was done."""
        return super().list(request, *args, **kwargs)

    @writes(
        RaiseScoreObjectionSerializer,
        ScoreObjectionSerializer,
        status=201,
        summary="Object to a published result",
    )
    def create(self, request: Request) -> Response:
        """By the person, or the leader for the team, while the publicity runs; papers as multipart."""
        given, actor = checked(RaiseScoreObjectionSerializer, request), account_of(request)
        publicity = visible_publicity(actor, given.pop("publicity"))
        standing = access.standings_visible_to(actor).filter(pk=given.pop("standing")).first()
        if standing is None:
            raise NotFound(_("这次公示里没有这份结果。"))
        given["achievement"] = _fact(actor, given["achievement"])
        made = raise_score_objection(actor=actor, publicity=publicity, standing=standing, **given)
        return Response(self.get_serializer(made).data, status=201)

    @writes(DecideObjectionSerializer, ScoreObjectionSerializer, detail=True, summary="Decide an objection")
    def decide(self, request: Request, public_id: str) -> Response:
        """By HR or a manager whom it does not concern, with the `reason`."""
        given = checked(DecideObjectionSerializer, request)
        made = decide_score_objection(actor=account_of(request), objection=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @writes(
        RemedySerializer,
        ScoreObjectionSerializer,
        detail=True,
        summary="Note what was done for a granted objection",
    )
    def remedy(self, request: Request, public_id: str) -> Response:
        """The correction itself is made by the ordinary routes: achievements, shares, inputs, targets."""
        given, actor = checked(RemedySerializer, request), account_of(request)
        given["achievement"] = _fact(actor, given["achievement"])
        made = settle_remedy(actor=actor, objection=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @writes(PublicitySeenSerializer, ScoreObjectionSerializer, detail=True, summary="Withdraw an objection")
    def withdraw(self, request: Request, public_id: str) -> Response:
        """By whoever raised it, before it is decided."""
        given = checked(PublicitySeenSerializer, request)
        made = withdraw_score_objection(actor=account_of(request), objection=self.get_object(), **given)
        return Response(self.get_serializer(made).data)

    @extend_schema(
        summary="A file of an objection",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **refusals(404)},
    )
    @action(detail=True, methods=["get"], url_path="papers/(?P<paper>[0-9A-Za-z]{6,10})")
    def paper(self, request: Request, public_id: str, paper: str) -> FileResponse:
        """For those who see the objection."""
        rows = objection_papers_visible_to(account_of(request))
        found = rows.filter(public_id=paper, objection__public_id=public_id).first()
        if found is None:
            raise NotFound(_("没有这个文件，或您无权查看。"))
        return file_response(request, found)


def _fact(actor: Account, public_id: str | None) -> Achievement | None:
    """The achievement that is named. Raises Refused for one that the account does not see."""
    if not public_id:
        return None
    found = achievements_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        sentence = _("没有这条业绩，或您无权查看。")
        raise Refused(sentence, fields={"achievement": sentence})
    return found
