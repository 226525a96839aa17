"""Interviews in the REST API: sessions and sheets, by the same actions as the pages."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotFound, Refused
from promotion.models import ImportBatch
from promotion.web.tables import MAX_BYTES, read_table
from staff.access.interview import interviews_judged_by, interviews_visible_to, sessions_visible_to
from staff.access.paper_sheet import score_imports_visible_to
from staff.actions.interview import close_session, drop_session, mark_absent, move_session
from staff.actions.interview_order import order_session
from staff.actions.paper_sheet import discard_score_table, enter_score_table, keep_score_table
from staff.actions.sheet import excuse_sheet, reopen_sheet, save_scores, submit_sheet
from staff.api.reading import account_of, checked
from staff.api.routes import route
from staff.imports.score import read_scores
from staff.models import ApiToken, Interview, InterviewSession, ScoreSheet
from staff.queries.interview import visible_session, with_people
from staff.serializers.competition import SeenSerializer
from staff.serializers.interview import (
    AbsentSerializer,
    ExcuseSerializer,
    InterviewSerializer,
    MoveSessionSerializer,
    OrderSessionSerializer,
    SaveSheetSerializer,
    ScoreTableSerializer,
    SessionSerializer,
    SheetSerializer,
    TypedScoresSerializer,
)

TAG = "interviews"


class SessionFeed(filters.FilterSet):  # type: ignore[misc]
    competition = filters.CharFilter(field_name="competition__public_id", help_text="Public id of the round.")

    class Meta:
        model = InterviewSession
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="Sessions of interviews", tags=[TAG]),
    retrieve=extend_schema(summary="One session with judges and candidates", tags=[TAG]),
)
class SessionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[InterviewSession]
):
    """Sessions (面试场次) that the account runs, judges in or is asked to."""

    queryset = InterviewSession.objects.none()
    serializer_class = SessionSerializer
    filterset_class = SessionFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[InterviewSession]:
        return with_people(sessions_visible_to(account_of(self.request))).order_by("starts_at", "pk")

    @route(MoveSessionSerializer, SessionSerializer, "Move a session", tag=TAG)
    def move(self, request: Request, public_id: str) -> Response:
        """Another room or time; everybody concerned is told."""
        given = checked(MoveSessionSerializer, request)
        seen = given.pop("version", None)
        move_session(actor=account_of(request), session=self.get_object(), seen=seen, **given)
        return self._shown(request, public_id)

    @route(OrderSessionSerializer, SessionSerializer, "Set the order of a session by hand", tag=TAG)
    def order(self, request: Request, public_id: str) -> Response:
        """While nobody has scored; everybody concerned is told the new times."""
        given = checked(OrderSessionSerializer, request)
        seen = given.pop("version", None)
        order_session(actor=account_of(request), session=self.get_object(), seen=seen, **given)
        return self._shown(request, public_id)

    @route(None, None, "Drop a session", tag=TAG, status=204)
    def drop(self, request: Request, public_id: str) -> Response:
        """While nobody has scored in it."""
        drop_session(actor=account_of(request), session=self.get_object())
        return Response({}, status=204)

    @route(SeenSerializer, SessionSerializer, "Close a session", tag=TAG)
    def close(self, request: Request, public_id: str) -> Response:
        """By HR or the chair; afterwards no score is written or changed."""
        given = checked(SeenSerializer, request)
        close_session(actor=account_of(request), session=self.get_object(), seen=given.get("version"))
        return self._shown(request, public_id)

    @route(
        ScoreTableSerializer,
        TypedScoresSerializer,
        "Type scores on paper in",
        tag=TAG,
        path="scores",
        status=201,
    )
    def scores(self, request: Request, public_id: str) -> Response:
        """By HR, as multipart; a second person who does not judge here writes them."""
        actor, session = account_of(request), self.get_object()
        given = checked(ScoreTableSerializer, request)
        name = given["file"].name
        accepted, rejected = read_scores(session, read_table(name, given["file"].read(MAX_BYTES + 1)))
        batch = keep_score_table(
            actor=actor,
            session=session,
            file_name=name,
            accepted=accepted,
            rejected=rejected,
            upload=given["paper"],
        )
        return Response(TypedScoresSerializer(batch).data, status=201)

    @route(
        None, SessionSerializer, "Write typed scores", tag=TAG, path="scores/(?P<batch>[0-9a-f-]{36})/apply"
    )
    def scores_apply(self, request: Request, public_id: str, batch: str) -> Response:
        """By neither who typed them nor a judge of the session, before it is closed."""
        session = self.get_object()
        kept = self._typed(request, session, batch)
        enter_score_table(actor=account_of(request), session=session, batch=kept)
        return self._shown(request, public_id)

    @route(
        None,
        None,
        "Put typed scores aside",
        tag=TAG,
        path="scores/(?P<batch>[0-9a-f-]{36})/discard",
        status=204,
    )
    def scores_discard(self, request: Request, public_id: str, batch: str) -> Response:
        """Their rows are forgotten."""
        session = self.get_object()
        kept = self._typed(request, session, batch)
        discard_score_table(actor=account_of(request), session=session, batch=kept)
        return Response({}, status=204)

    def _typed(self, request: Request, session: InterviewSession, batch: str) -> ImportBatch:
        return get_object_or_404(score_imports_visible_to(account_of(request), session), public_id=batch)

    def _shown(self, request: Request, public_id: str) -> Response:
        return Response(SessionSerializer(visible_session(account_of(request), public_id)).data)


@extend_schema_view(
    list=extend_schema(summary="Interviews", tags=[TAG]),
    retrieve=extend_schema(summary="One interview", tags=[TAG]),
)
class InterviewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Interview]):
    """Interviews (面试), and the judge's own sheet for each."""

    queryset = Interview.objects.none()
    serializer_class = InterviewSerializer
    lookup_value_regex = "[0-9]{1,9}"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Interview]:
        rows = interviews_visible_to(account_of(self.request)).select_related(
            "session", "person", "application"
        )
        return rows.order_by("starts_at", "pk")

    @extend_schema(summary="The own sheet", tags=[TAG], responses={200: SheetSerializer, **refusals(404)})
    @action(detail=True, methods=["get"])
    def sheet(self, request: Request, pk: str) -> Response:
        """The judge's own only; recused judges get 404."""
        return self._own(request, self.get_object())

    @writes(SaveSheetSerializer, SheetSerializer, summary="Keep a part of the own sheet", tags=[TAG])
    @sheet.mapping.post
    def keep_sheet(self, request: Request, pk: str) -> Response:
        """The judge's own only; recused judges get 404. 409 when another screen of the judge wrote since `version`."""
        given, interview = checked(SaveSheetSerializer, request), self.get_object()
        save_scores(
            actor=account_of(request),
            interview=interview,
            points=_by_criterion(given["points"]),
            remark=given.get("remark"),
            key=given.get("key", ""),
            seen=given.get("version"),
        )
        return self._own(request, interview)

    @route(None, SheetSerializer, "Hand the own sheet in", tag=TAG, path="sheet/submit")
    def submit(self, request: Request, pk: str) -> Response:
        interview = self.get_object()
        submit_sheet(actor=account_of(request), interview=interview)
        return self._own(request, interview)

    @route(None, SheetSerializer, "Take the own sheet back", tag=TAG, path="sheet/reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        interview = self.get_object()
        reopen_sheet(actor=account_of(request), interview=interview)
        return self._own(request, interview)

    @route(AbsentSerializer, InterviewSerializer, "Say that a candidate did not come", tag=TAG)
    def absent(self, request: Request, pk: str) -> Response:
        given = checked(AbsentSerializer, request)
        found = mark_absent(actor=account_of(request), interview=self.get_object(), **given)
        return Response(InterviewSerializer(found).data)

    @route(ExcuseSerializer, InterviewSerializer, "Say that a judge gives no score", tag=TAG)
    def excuse(self, request: Request, pk: str) -> Response:
        interview = self.get_object()
        excuse_sheet(actor=account_of(request), interview=interview, **checked(ExcuseSerializer, request))
        return Response(InterviewSerializer(interview).data)

    def _own(self, request: Request, interview: Interview) -> Response:
        actor = account_of(request)
        judged = interviews_judged_by(actor).filter(pk=interview.pk)
        sheets = ScoreSheet.objects.filter(panelist__account=actor, interview__in=judged)
        if not judged.exists():
            raise NotFound(_("您不是这场面试的评委，或者您对这位报名人回避。"))
        found = sheets.prefetch_related("scores").first()
        return Response(SheetSerializer(found).data if found else _blank(interview))


def _blank(interview: Interview) -> dict[str, Any]:
    """A sheet that was not begun."""
    return {
        "interview": interview.pk,
        "state": "open",
        "points": {},
        "remark": "",
        "submitted_at": None,
        "version": None,
    }


def _by_criterion(points: dict[str, Any]) -> dict[int, Any]:
    if not all(key.isascii() and key.isdigit() for key in points):
        sentence = _("有评分标准不属于这次竞聘。")
        raise Refused(sentence, fields={"points": sentence})
    return {int(key): value for key, value in points.items()}
