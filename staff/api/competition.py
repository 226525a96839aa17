"""Competition rounds in the REST API: written, announced, cancelled, and applied for, by the same actions as the pages."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.actions.application import ClaimLine, save_application
from staff.actions.application_entry import enter_application
from staff.actions.competition import (
    CriterionLine,
    PostLine,
    announce_competition,
    cancel_competition,
    change_competition,
    draft_competition,
)
from staff.actions.interview import plan_session, score_competition
from staff.actions.panel import recuse, set_panel
from staff.api.named import person_named
from staff.api.placement import DecisionRoutes
from staff.api.reading import account_of, checked
from staff.api.routes import route
from staff.models import ApiToken, Competition, CompetitionPost
from staff.queries.application import visible_application
from staff.queries.competition import competitions_listed
from staff.queries.interview import visible_session
from staff.queries.ranking import ranking_of
from staff.serializers.competition import (
    ApplicationSerializer,
    CompetitionSerializer,
    EnterApplicationSerializer,
    SeenSerializer,
    WithReasonSerializer,
    WriteApplicationSerializer,
    WriteCompetitionSerializer,
)
from staff.serializers.interview import (
    PanelistSerializer,
    PlaceSerializer,
    PlanSessionSerializer,
    RecuseSerializer,
    SessionSerializer,
    SetPanelSerializer,
)

TAG = "competitions"


def _lines(given: dict[str, Any]) -> dict[str, Any]:
    """The input as the actions take it: lines apart from terms."""
    posts = [PostLine(**line) for line in given.pop("posts")]
    criteria = [CriterionLine(**line) for line in given.pop("criteria")]
    return {"posts": posts, "criteria": criteria, "terms": given}


@extend_schema_view(
    list=extend_schema(summary="Competition rounds", tags=[TAG]),
    retrieve=extend_schema(summary="One round with its posts and criteria", tags=[TAG]),
)
class CompetitionViewSet(
    DecisionRoutes, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Competition]
):
    """Rounds of competition for posts (竞聘) that the account sees."""

    queryset = Competition.objects.none()
    serializer_class = CompetitionSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Competition]:
        posts = CompetitionPost.objects.select_related("team").order_by("position")
        rows: QuerySet[Competition] = competitions_listed(account_of(self.request))
        return rows.prefetch_related(Prefetch("posts", posts), "criteria").order_by("-closes_at", "-pk")

    @writes(
        WriteCompetitionSerializer,
        CompetitionSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Write a new round",
        tags=[TAG],
    )
    def create(self, request: Request) -> Response:
        """HR only. Nobody else sees the round until it is announced."""
        given = checked(WriteCompetitionSerializer, request)
        given.pop("version", None)
        made = draft_competition(actor=account_of(request), **_lines(given))
        return Response(self._shown(made), status=201)

    @route(WriteCompetitionSerializer, CompetitionSerializer, "Write a draft anew", tag=TAG)
    def change(self, request: Request, public_id: str) -> Response:
        """The whole round each time; 409 when somebody changed it since `version`."""
        given = checked(WriteCompetitionSerializer, request)
        seen = given.pop("version", None)
        actor, competition = account_of(request), self.get_object()
        change_competition(actor=actor, competition=competition, seen=seen, **_lines(given))
        return Response(self._shown(competition))

    @route(SeenSerializer, CompetitionSerializer, "Announce a round", tag=TAG)
    def announce(self, request: Request, public_id: str) -> Response:
        """By HR or a manager who did not write it; afterwards its terms stand."""
        return self._moved(request, announce_competition, SeenSerializer)

    @route(WithReasonSerializer, CompetitionSerializer, "Cancel a round", tag=TAG)
    def cancel(self, request: Request, public_id: str) -> Response:
        return self._moved(request, cancel_competition, WithReasonSerializer)

    @route(WriteApplicationSerializer, ApplicationSerializer, "Keep the own application as a draft", tag=TAG)
    def application(self, request: Request, public_id: str) -> Response:
        """Of the person behind the account, whatever the archived identity; handed in by a route of its own."""
        given = checked(WriteApplicationSerializer, request)
        claims = {line["text"]: ClaimLine(line["words"]) for line in given.pop("claims")}
        actor = account_of(request)
        kept = save_application(
            actor=actor,
            competition=self.get_object(),
            claims=claims,
            seen=given.pop("version", None),
            **given,
        )
        return Response(ApplicationSerializer(visible_application(actor, kept.public_id)).data)

    @route(
        EnterApplicationSerializer,
        ApplicationSerializer,
        "Hand a form on paper in for somebody",
        tag=TAG,
        path="applications/enter",
        status=201,
    )
    def enter(self, request: Request, public_id: str) -> Response:
        """HR only, with the scan of the form, as multipart; the applicant is told."""
        given = checked(EnterApplicationSerializer, request)
        given["person"] = person_named(request, given["person"])
        actor = account_of(request)
        made = enter_application(actor=actor, competition=self.get_object(), **given)
        shown = ApplicationSerializer(visible_application(actor, made.public_id))
        return Response(shown.data, status=201)

    @route(SetPanelSerializer, PanelistSerializer(many=True), "Set the panel", tag=TAG)
    def panel(self, request: Request, public_id: str) -> Response:
        """HR only; nobody judges where he applied."""
        given = checked(SetPanelSerializer, request)
        rows = set_panel(actor=account_of(request), competition=self.get_object(), **given)
        return Response(PanelistSerializer(rows, many=True).data)

    @route(RecuseSerializer, None, "Let a judge stand back from a candidate", tag=TAG, status=204)
    def recuse(self, request: Request, public_id: str) -> Response:
        """By the judge, or by HR; before points are given."""
        recuse(actor=account_of(request), **checked(RecuseSerializer, request))
        return Response({}, status=204)

    @route(PlanSessionSerializer, SessionSerializer, "Plan a session", tag=TAG, status=201)
    def sessions(self, request: Request, public_id: str) -> Response:
        """409 when room, judge or candidate is taken at the time."""
        actor, given = account_of(request), checked(PlanSessionSerializer, request)
        made = plan_session(actor=actor, competition=self.get_object(), **given)
        return Response(SessionSerializer(visible_session(actor, made.public_id)).data, status=201)

    @route(SeenSerializer, CompetitionSerializer, "Say that the interviews are over", tag=TAG)
    def score(self, request: Request, public_id: str) -> Response:
        """Every eligible applicant was heard or absent, and every session is closed."""
        return self._moved(request, score_competition, SeenSerializer)

    @extend_schema(
        summary="The ranking with its arithmetic",
        tags=[TAG],
        responses={200: PlaceSerializer(many=True), **refusals(403, 404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def ranking(self, request: Request, public_id: str) -> Response:
        """Of closed sessions only; ties share a rank."""
        rows = ranking_of(account_of(request), self.get_object())
        return Response(PlaceSerializer(rows, many=True).data)

    def _moved(self, request: Request, perform: Any, serializer: type) -> Response:
        given = checked(serializer, request)
        competition = self.get_object()
        perform(actor=account_of(request), competition=competition, seen=given.pop("version", None), **given)
        return Response(self._shown(competition))

    def _shown(self, competition: Competition) -> Any:
        return CompetitionSerializer(self.get_queryset().get(pk=competition.pk)).data
