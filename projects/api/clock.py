"""Clocks, next steps, due things, mentions, reminders and the calendar address in the REST API."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.actions.calendar_feed import renew_calendar_feed, revoke_calendar_feed
from projects.actions.clock import drop_clock_rule, set_clock_rule
from projects.actions.reminder import set_reminders
from projects.api.reading import account_of, checked, person_of
from projects.models import ClockRule, Mention, Project, ReminderSetting
from projects.queries.clock import clock_book
from projects.queries.due import due_items
from projects.queries.mention import unseen_mentions
from projects.serializers.clock import (
    ClockRuleEntrySerializer,
    ClockRuleSerializer,
    DueItemSerializer,
    FinishSerializer,
    MentionSerializer,
    NextStepEntrySerializer,
    PlanSerializer,
    PostponeSerializer,
    ReminderSettingSerializer,
    RunningClockSerializer,
)
from projects.serializers.project import ProjectSerializer
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff.models import ApiToken

MOST_AHEAD = timedelta(days=180)


class NextStepRoutes(viewsets.GenericViewSet[Project]):
    """What a project's address offers for its next step and its clocks."""

    @extend_schema(summary="Clocks that run", tags=["clocks"], responses=RunningClockSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def clocks(self, request: Request, public_id: str) -> Response:
        """The most pressing first; none once the investor has signed, or while the project is suspended."""
        project = self.get_queryset().select_related("clock").filter(pk=self.get_object().pk).get()
        return Response(RunningClockSerializer(clock_book().running(project), many=True).data)

    @extend_schema(
        summary="Course of next steps", tags=["next steps"], responses=NextStepEntrySerializer(many=True)
    )
    @action(detail=True, methods=["get"], url_path="next-steps", pagination_class=None, filterset_class=None)
    def next_steps(self, request: Request, public_id: str) -> Response:
        """What was planned, done, postponed and replaced, the latest 100 first."""
        entries = self.get_object().next_steps.select_related("person")[:100]
        return Response(NextStepEntrySerializer(entries, many=True).data)

    @writes(
        PlanSerializer,
        ProjectSerializer,
        detail=True,
        url_path="next-step",
        methods=["put"],
        summary="Plan the next step",
        tags=["next steps"],
    )
    def next_step(self, request: Request, public_id: str) -> Response:
        """Sets or replaces the step; the same text at a later day counts as postponed."""
        given = _step(request, checked(PlanSerializer, request))
        project = actions.plan_next_step(actor=account_of(request), project=self.get_object(), **given)
        return Response(ProjectSerializer(project).data)

    @extend_schema(
        summary="Finish the next step",
        tags=["next steps"],
        parameters=[IDEMPOTENCY_KEY],
        request=FinishSerializer,
        responses={200: ProjectSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], url_path="next-step/finish")
    @idempotent
    def finish_step(self, request: Request, public_id: str) -> Response:
        """Writes a follow-up of what came of it, and the step after it in the same go."""
        given = _step(request, checked(FinishSerializer, request))
        project = actions.finish_next_step(actor=account_of(request), project=self.get_object(), **given)
        return Response(ProjectSerializer(project).data)

    @extend_schema(
        summary="Postpone the next step",
        tags=["next steps"],
        parameters=[IDEMPOTENCY_KEY],
        request=PostponeSerializer,
        responses={200: ProjectSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], url_path="next-step/postpone")
    @idempotent
    def postpone_step(self, request: Request, public_id: str) -> Response:
        """Needs a later day and the reason."""
        given = checked(PostponeSerializer, request)
        given["seen"] = given.pop("version", None)
        project = actions.postpone_next_step(actor=account_of(request), project=self.get_object(), **given)
        return Response(ProjectSerializer(project).data)


def _step(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    given["seen"] = given.pop("version", None)
    if number := given.pop("next_step_person", ""):
        given["next_step_person"] = person_of(request, number, "next_step_person")
    return given


@extend_schema_view(list=extend_schema(summary="Clock rules", tags=["clocks"]))
class ClockRuleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ClockRule]):
    """How many working days the clocks give (时限规则)."""

    queryset = ClockRule.objects.order_by("kind", "project_class", "-holds_from")
    serializer_class = ClockRuleSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @writes(
        ClockRuleEntrySerializer,
        ClockRuleSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Set a clock rule",
        tags=["clocks"],
    )
    def create(self, request: Request) -> Response:
        """By managers and administrators; leads reported before the day keep theirs."""
        rule = set_clock_rule(actor=account_of(request), **checked(ClockRuleEntrySerializer, request))
        return Response(ClockRuleSerializer(rule).data, status=201)

    @writes(None, None, refused=(404,), status=204, summary="Withdraw a clock rule", tags=["clocks"])
    def destroy(self, request: Request, pk: str) -> Response:
        """The rule before it, or the default, counts again."""
        drop_clock_rule(actor=account_of(request), rule=self.get_object())
        return Response(status=204)


class DueView(APIView):
    """What the account has to see to."""

    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = None

    @extend_schema(
        summary="What is due",
        tags=["due"],
        parameters=[
            OpenApiParameter("until", date, description="A week from today when absent; at most 180 days.")
        ],
        responses={200: DueItemSerializer(many=True), **refusals(422)},
    )
    def get(self, request: Request) -> Response:
        """Next steps, clocks, tasks and whatever else has a date, overdue things included; the earliest first."""
        today = timezone.localdate()
        text = request.query_params.get("until", "")
        try:
            until = date.fromisoformat(text) if text else today + timedelta(days=7)
        except ValueError as error:
            raise Refused(
                _("日期要写成 2026-03-01。"), fields={"until": _("日期要写成 2026-03-01。")}
            ) from error
        items = due_items(account_of(request), min(until, today + MOST_AHEAD))
        return Response(DueItemSerializer(items, many=True).data)


@extend_schema_view(
    list=extend_schema(summary="Where the account was named and has not taken note", tags=["due"])
)
class MentionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Mention]):
    """Mentions by @ (提到)."""

    queryset = Mention.objects.none()
    serializer_class = MentionSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Mention]:
        return unseen_mentions(account_of(self.request))

    @writes(
        None, MentionSerializer, refused=(404,), detail=True, summary="Take note of a mention", tags=["due"]
    )
    def seen(self, request: Request, pk: str) -> Response:
        """It leaves the list."""
        mention = actions.see_mention(actor=account_of(request), mention=self.get_object())
        return Response(MentionSerializer(mention).data)


class ReminderView(APIView):
    """How the account wishes to be reminded."""

    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @extend_schema(summary="Reminder settings", tags=["reminders"], responses=ReminderSettingSerializer)
    def get(self, request: Request) -> Response:
        """The defaults until something was set."""
        held = ReminderSetting.objects.filter(account=account_of(request)).first()
        return Response(ReminderSettingSerializer(held or ReminderSetting()).data)

    @writes(
        ReminderSettingSerializer,
        ReminderSettingSerializer,
        refused=(400, 422),
        summary="Change the reminder settings",
        tags=["reminders"],
    )
    def patch(self, request: Request) -> Response:
        """What is left out stays as it is."""
        held = ReminderSetting.objects.filter(account=account_of(request)).first() or ReminderSetting()
        reader = ReminderSettingSerializer(data=request.data, partial=True)
        reader.is_valid(raise_exception=True)
        names = ("mode", "days_ahead", "quiet_from", "quiet_until", "by_email")
        values = {name: getattr(held, name) for name in names} | reader.validated_data
        return Response(ReminderSettingSerializer(set_reminders(actor=account_of(request), **values)).data)


class CalendarFeedView(APIView):
    """The secret address of the account's calendar."""

    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @extend_schema(
        summary="A new calendar address", tags=["reminders"], request=None, responses={201: dict[str, str]}
    )
    def post(self, request: Request) -> Response:
        """Gives `address`, here and never again; the one before stops at once."""
        _feed, token = renew_calendar_feed(actor=account_of(request))
        address = request.build_absolute_uri(reverse("projects:calendar-feed", args=[token]))
        return Response({"address": address}, status=201, headers={"Cache-Control": "no-store"})

    @writes(None, None, refused=(), status=204, summary="Stop the calendar address", tags=["reminders"])
    def delete(self, request: Request) -> Response:
        """Calendars that read it find nothing any more."""
        revoke_calendar_feed(actor=account_of(request))
        return Response(status=204)
