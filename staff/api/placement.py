"""The decision of a round in the REST API, by the same actions as the pages: routes that a round has beside its own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.access.placement import letters_visible_to, objections_visible_to, placements_visible_to
from staff.actions.placement import (
    accept_proposal,
    answer_objection,
    approve_decision,
    place_candidate,
    raise_objection,
    reconsider_decision,
    submit_decision,
)
from staff.actions.round_appointment import appoint_round
from staff.api.reading import account_of, checked
from staff.api.routes import route
from staff.exports.placement import letter_of
from staff.models import Placement
from staff.queries.placement import placements_of
from staff.serializers.competition import SeenSerializer
from staff.serializers.placement import (
    AnswerObjectionSerializer,
    ApproveSerializer,
    ObjectionSerializer,
    PlaceCandidateSerializer,
    PlacementSerializer,
    RaiseObjectionSerializer,
    ReconsiderSerializer,
)

TAG = "competitions"
MANY = PlacementSerializer(many=True)


class DecisionRoutes:
    """What is decided in a round; mixed into the view set of rounds."""

    get_object: Any

    @extend_schema(summary="Who is to get which post", tags=[TAG], responses={200: MANY, **refusals(404)})
    @action(detail=True, methods=["get"], pagination_class=None)
    def placements(self, request: Request, public_id: str) -> Response:
        """Open to everybody from the publicity on."""
        return self._placements(request)

    @route(None, MANY, "Accept what ranking and wishes propose", tag=TAG, path="placements/accept")
    def accept(self, request: Request, public_id: str) -> Response:
        accept_proposal(actor=account_of(request), competition=self.get_object())
        return self._placements(request)

    @route(PlaceCandidateSerializer, MANY, "Decide about one candidate", tag=TAG, path="placements/decide")
    def place(self, request: Request, public_id: str) -> Response:
        """HR; never more people than seats."""
        given = checked(PlaceCandidateSerializer, request)
        place_candidate(actor=account_of(request), competition=self.get_object(), **given)
        return self._placements(request)

    @route(SeenSerializer, MANY, "Hand the decision in", tag=TAG, path="placements/submit")
    def submit(self, request: Request, public_id: str) -> Response:
        seen = checked(SeenSerializer, request).get("version")
        submit_decision(actor=account_of(request), competition=self.get_object(), seen=seen)
        return self._placements(request)

    @route(
        ApproveSerializer, MANY, "Approve the decision or give it back", tag=TAG, path="placements/approve"
    )
    def approve(self, request: Request, public_id: str) -> Response:
        """A manager who did not hand it in; approved, the list is public for the working days of the round."""
        given = checked(ApproveSerializer, request)
        seen = given.pop("version", None)
        approve_decision(actor=account_of(request), competition=self.get_object(), seen=seen, **given)
        return self._placements(request)

    @route(
        ReconsiderSerializer, MANY, "Take the list back to decide anew", tag=TAG, path="placements/reconsider"
    )
    def reconsider(self, request: Request, public_id: str) -> Response:
        given = checked(ReconsiderSerializer, request)
        reconsider_decision(actor=account_of(request), competition=self.get_object(), **given)
        return self._placements(request)

    @route(SeenSerializer, MANY, "Appoint everybody on the day of the round", tag=TAG)
    def appoint(self, request: Request, public_id: str) -> Response:
        """All of it or nothing: earlier posts end the day before, posts and contracts begin."""
        seen = checked(SeenSerializer, request).get("version")
        appoint_round(actor=account_of(request), competition=self.get_object(), seen=seen)
        return self._placements(request)

    @extend_schema(
        summary="Objections", tags=[TAG], responses={200: ObjectionSerializer(many=True), **refusals(404)}
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def objections(self, request: Request, public_id: str) -> Response:
        """The own ones; HR, managers and auditors read all."""
        actor, competition = account_of(request), self.get_object()
        rows = objections_visible_to(actor).filter(competition=competition).select_related("application")
        return Response(ObjectionSerializer(rows, many=True).data)

    @writes(
        RaiseObjectionSerializer,
        ObjectionSerializer,
        refused=(400, 404, 422),
        status=201,
        summary="Object to the list",
        tags=[TAG],
    )
    @objections.mapping.post
    def raise_objection(self, request: Request, public_id: str) -> Response:
        """While the list is public; anybody on the staff may."""
        given = checked(RaiseObjectionSerializer, request)
        made = raise_objection(actor=account_of(request), competition=self.get_object(), **given)
        return Response(ObjectionSerializer(made).data, status=201)

    @route(
        AnswerObjectionSerializer,
        ObjectionSerializer,
        "Answer an objection",
        tag=TAG,
        path=r"objections/(?P<objection>[0-9]{1,9})/answer",
    )
    def answer(self, request: Request, public_id: str, objection: str) -> Response:
        actor = account_of(request)
        rows = objections_visible_to(actor).filter(competition=self.get_object())
        found = get_object_or_404(rows, pk=int(objection))
        kept = answer_objection(actor=actor, objection=found, **checked(AnswerObjectionSerializer, request))
        return Response(ObjectionSerializer(kept).data)

    @extend_schema(
        summary="A letter of appointment as PDF",
        tags=[TAG],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **refusals(404)},
    )
    @action(detail=True, methods=["get"], url_path=r"letters/(?P<application>[a-z0-9]+)")
    def letter(self, request: Request, public_id: str, application: str) -> HttpResponse:
        """The own one; HR, managers and auditors open all. `?body=centre` or `bureau` chooses the name."""
        rows = letters_visible_to(account_of(request)).select_related(
            "competition", "application__person", "post__team", "appointment"
        )
        found = get_object_or_404(rows, competition=self.get_object(), application__public_id=application)
        body = letter_of(found, request.query_params.get("body", ""))
        response = HttpResponse(body, content_type="application/pdf")
        response["Cache-Control"] = "private, no-store"
        return response

    def _placements(self, request: Request) -> Response:
        visible = placements_visible_to(account_of(request)).values("pk")
        rows: QuerySet[Placement] = placements_of(self.get_object()).filter(pk__in=visible)
        return Response(PlacementSerializer(rows, many=True).data)
