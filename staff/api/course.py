"""Moves, secondments, days away, leaving and return in the REST API, by the same actions as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound
from staff.access import appointments_visible_to, people_visible_to
from staff.actions.absence import change_absence, remove_absence, write_absence
from staff.actions.departure import finish_departure, open_departure, return_person
from staff.actions.departure_revoke import revoke_departure
from staff.actions.move import change_secondment_end, move_person, second_person
from staff.api.named import person_named, team_named
from staff.api.reading import account_of, checked
from staff.filters.absence import AbsenceFilter, DepartureFilter
from staff.models import Absence, ApiToken, Departure, Person, PostKind
from staff.queries.absence import absences_listed, departures_listed
from staff.serializers.course import (
    AbsenceChangeSerializer,
    AbsenceEntrySerializer,
    AbsenceRemoveSerializer,
    AbsenceSerializer,
    DepartureFinishSerializer,
    DepartureRevokeSerializer,
    DepartureSerializer,
    HomecomingSerializer,
    LeaveSerializer,
    PostMoveSerializer,
    SecondmentEndSerializer,
    SecondmentSerializer,
)
from staff.serializers.person import PostSerializer

POSTED: dict[Any, Any] = {201: PostSerializer, **refusals(400, 404, 409, 422)}


class PersonCourseViewSet(viewsets.GenericViewSet[Person]):
    """What happens to a person between joining and leaving."""

    queryset = Person.objects.none()
    serializer_class: Any = PostSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Person]:
        return people_visible_to(account_of(self.request))

    def _posted(self, request: Request, perform: Callable[..., Any], serializer: type) -> Response:
        given = checked(serializer, request)
        given["team"] = team_named(request, given["team"])
        post = perform(actor=account_of(request), person=self.get_object(), **given)
        return Response(PostSerializer(post).data, status=201)

    @extend_schema(
        summary="Move to another team", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=PostMoveSerializer, responses=POSTED
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def move(self, request: Request, public_id: str) -> Response:
        """One post ends and the other begins."""
        return self._posted(request, move_person, PostMoveSerializer)

    @extend_schema(
        summary="Second to another team", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=SecondmentSerializer, responses=POSTED
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    @idempotent
    def second(self, request: Request, public_id: str) -> Response:
        """The home team goes on by itself afterwards."""
        return self._posted(request, second_person, SecondmentSerializer)

    @extend_schema(
        summary="Let a secondment end earlier or later",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=SecondmentEndSerializer,
        responses={200: PostSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], url_path="second-until")
    @idempotent
    def second_until(self, request: Request, public_id: str) -> Response:
        """The post at home begins again on that day."""
        given = checked(SecondmentEndSerializer, request)
        lent = appointments_visible_to(account_of(request)).filter(
            person=self.get_object(), kind=PostKind.SECONDED
        )
        if "starts_on" in given:
            lent = lent.filter(starts_on=given.pop("starts_on"))
        post = lent.order_by("-starts_on").first()
        if post is None:
            raise NotFound(_("没有这条借调。"))
        changed = change_secondment_end(actor=account_of(request), appointment=post, **given)
        return Response(PostSerializer(changed).data)

    @extend_schema(
        summary="Come back to the house", tags=["staff"], parameters=[IDEMPOTENCY_KEY], request=HomecomingSerializer, responses=POSTED
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="return")
    @idempotent
    def come_back(self, request: Request, public_id: str) -> Response:
        """The same person under a new post."""
        return self._posted(request, return_person, HomecomingSerializer)

    @extend_schema(
        summary="Leave the house",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=LeaveSerializer,
        responses={201: DepartureSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def leave(self, request: Request, public_id: str) -> Response:
        """Posts, contract and log-in end on the day; what is held is handed over apart."""
        given = checked(LeaveSerializer, request)
        opened = open_departure(actor=account_of(request), person=self.get_object(), **given)
        return Response(DepartureSerializer(opened).data, status=201)


@extend_schema_view(
    list=extend_schema(summary="Days away", tags=["staff"]),
    retrieve=extend_schema(summary="One record of days away", tags=["staff"]),
)
class AbsenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Absence]):
    """Who is away, as far as the account may know (离岗)."""

    queryset = Absence.objects.none()
    serializer_class: Any = AbsenceSerializer
    filterset_class = AbsenceFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Absence]:
        return absences_listed(account_of(self.request)).order_by("-starts_on", "-pk")

    @extend_schema(
        summary="Record days away",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=AbsenceEntrySerializer,
        responses={201: AbsenceSerializer, **refusals(400, 409, 422)},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """By HR."""
        given = checked(AbsenceEntrySerializer, request)
        given["person"] = person_named(request, given["person"])
        written = write_absence(actor=account_of(request), **given)
        return Response(self.get_serializer(written).data, status=201)

    @writes(AbsenceChangeSerializer, AbsenceSerializer, summary="Change days away", tags=["staff"])
    def update(self, request: Request, public_id: str) -> Response:
        """The whole record, with the version that was read."""
        given = checked(AbsenceChangeSerializer, request)
        seen = given.pop("version")
        changed = change_absence(actor=account_of(request), absence=self.get_object(), seen=seen, **given)
        return Response(self.get_serializer(changed).data)

    @extend_schema(
        summary="Take back days away that were recorded by mistake",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=AbsenceRemoveSerializer,
        responses={204: None, **refusals(400, 404, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def remove(self, request: Request, public_id: str) -> Response:
        """The trail keeps the days and the reason."""
        given = checked(AbsenceRemoveSerializer, request)
        remove_absence(actor=account_of(request), absence=self.get_object(), **given)
        return Response(status=204)


@extend_schema_view(
    list=extend_schema(summary="Departures", tags=["staff"]),
    retrieve=extend_schema(summary="One departure", tags=["staff"]),
)
class DepartureViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Departure]):
    """Who leaves or has left (离职办理)."""

    queryset = Departure.objects.none()
    serializer_class: Any = DepartureSerializer
    filterset_class = DepartureFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Departure]:
        return departures_listed(account_of(self.request)).order_by("-ends_on", "-pk")

    @extend_schema(
        summary="Finish a departure",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=DepartureFinishSerializer,
        responses={200: DepartureSerializer, **refusals(400, 404, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def finish(self, request: Request, public_id: str) -> Response:
        """Once nothing is held, or with a reason."""
        given = checked(DepartureFinishSerializer, request)
        finished = finish_departure(actor=account_of(request), departure=self.get_object(), **given)
        return Response(DepartureSerializer(finished).data)

    @extend_schema(
        summary="Take a departure back before its day",
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=DepartureRevokeSerializer,
        responses={200: DepartureSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def revoke(self, request: Request, public_id: str) -> Response:
        """Posts, contracts and days away are as they were before."""
        given = checked(DepartureRevokeSerializer, request)
        revoked = revoke_departure(actor=account_of(request), departure=self.get_object(), **given)
        return Response(DepartureSerializer(revoked).data)
