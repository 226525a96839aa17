"""Sessions, enrolment and attendance in the REST API."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import Refused
from staff import actions
from staff.access import people_visible_to
from staff.access.training import courses_visible_to
from staff.api.reading import account_of, checked
from staff.models import ApiToken, Person, TrainingField, TrainingSession, TrainingState
from staff.queries.training import enrolled_in, listed_sessions
from staff.serializers.training import (
    AttendanceSerializer,
    EnrolmentSerializer,
    SessionChangeSerializer,
    SessionEntrySerializer,
    TrainingReasonSerializer,
    TrainingSessionSerializer,
    WhoSerializer,
)


def writes(summary: str, given: Any, answer: Any, status: int = 200) -> Any:
    """The schema of a route that writes."""
    return extend_schema(
        summary=summary,
        tags=["training"],
        parameters=[IDEMPOTENCY_KEY],
        request=given,
        responses={status: answer, **refusals(400, 404, 409, 422)},
    )


def one_of(rows: QuerySet[Any], field: str, **wanted: Any) -> Any:
    """The row named in the input. Raises Refused at the field."""
    found = rows.filter(**wanted).first()
    if found is None:
        sentence = _("没有这一项：%(value)s。") % {"value": next(iter(wanted.values()))}
        raise Refused(sentence, fields={field: sentence})
    return found


class SessionApiFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=TrainingState)
    field = filters.ChoiceFilter(field_name="course__field", choices=TrainingField)
    starts_from = filters.DateFilter(field_name="starts_at", lookup_expr="date__gte")
    starts_until = filters.DateFilter(field_name="starts_at", lookup_expr="date__lte")

    class Meta:
        model = TrainingSession
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="Training sessions with their seats", tags=["training"]),
    retrieve=extend_schema(summary="One training session", tags=["training"]),
)
class TrainingSessionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TrainingSession]
):
    """Sessions of courses (培训场次)."""

    queryset = TrainingSession.objects.none()
    serializer_class: Any = TrainingSessionSerializer
    filterset_class = SessionApiFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Any]:
        return listed_sessions(account_of(self.request)).order_by("starts_at", "pk")

    @writes("Hold a course", SessionEntrySerializer, TrainingSessionSerializer, 201)
    @idempotent
    def create(self, request: Request) -> Response:
        """409 when the room is taken at that time."""
        given, account = checked(SessionEntrySerializer, request), account_of(request)
        course = one_of(courses_visible_to(account), "course", public_id=given.pop("course"))
        made = actions.hold_training(actor=account, course=course, **given)
        return self._shown(made, 201)

    @writes("Move a session", SessionChangeSerializer, TrainingSessionSerializer)
    @idempotent
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Whoever has a seat is told."""
        given, found = checked(SessionChangeSerializer, request), self.get_object()
        return self._shown(actions.change_training(actor=account_of(request), session=found, **given))

    @writes("Cancel a session", TrainingReasonSerializer, TrainingSessionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, public_id: str) -> Response:
        given, found = checked(TrainingReasonSerializer, request), self.get_object()
        return self._shown(actions.cancel_training(actor=account_of(request), session=found, **given))

    @extend_schema(
        summary="Who has a seat and who waits",
        tags=["training"],
        responses={200: EnrolmentSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def enrolments(self, request: Request, public_id: str) -> Response:
        rows = enrolled_in(account_of(request), self.get_object())
        return Response(EnrolmentSerializer(rows, many=True).data)

    @writes("Enrol somebody", WhoSerializer, EnrolmentSerializer, 201)
    @action(detail=True, methods=["post"])
    @idempotent
    def enrol(self, request: Request, public_id: str) -> Response:
        """`state` is `waiting` when all seats are taken."""
        made = actions.enrol(
            actor=account_of(request), session=self.get_object(), person=self._person(request)
        )
        return Response(EnrolmentSerializer(made).data, status=201)

    @writes("Give a seat up", WhoSerializer, EnrolmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, public_id: str) -> Response:
        """The first who waits gets it."""
        left = actions.withdraw_from_training(
            actor=account_of(request), session=self.get_object(), person=self._person(request)
        )
        return Response(EnrolmentSerializer(left).data)

    @writes("Write down who came", AttendanceSerializer, EnrolmentSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    @idempotent
    def attendance(self, request: Request, public_id: str) -> Response:
        """All of it or nothing."""
        given, found, account = (
            checked(AttendanceSerializer, request),
            self.get_object(),
            account_of(request),
        )
        people = dict(
            people_visible_to(account)
            .filter(staff_number__in=given["came"])
            .values_list("staff_number", "pk")
        )
        if unknown := sorted(given["came"].keys() - people.keys()):
            sentence = _("没有工号为 %(number)s 的人员。") % {"number": unknown[0]}
            raise Refused(sentence, fields={"came": sentence})
        came = {people[number]: value for number, value in given["came"].items()}
        actions.mark_attendance(actor=account, session=found, came=came, reason=given.get("reason", ""))
        return Response(EnrolmentSerializer(enrolled_in(account, found), many=True).data)

    @writes("Close a session and award its credits", None, TrainingSessionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: Request, public_id: str) -> Response:
        """Once; who is not marked counts as absent."""
        found = self.get_object()
        actions.close_training(actor=account_of(request), session=found)
        return self._shown(found)

    def _person(self, request: Request) -> Person:
        number = checked(WhoSerializer, request)["person"]
        found: Person = one_of(people_visible_to(account_of(request)), "person", staff_number=number)
        return found

    def _shown(self, session: TrainingSession, status: int = 200) -> Response:
        return Response(TrainingSessionSerializer(self.get_queryset().get(pk=session.pk)).data, status=status)
