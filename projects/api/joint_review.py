"""Joint reviews in the REST API: rounds, opinions, the decision with its paper, and conditions to fulfil."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.actions.answer_link import revoke_link
from projects.actions.conditions import Condition, close_condition
from projects.actions.joint_review import decide_joint_review, open_joint_review, withdraw_joint_review
from projects.actions.opinion_link import issue_opinion_link
from projects.actions.review_extension import extend_joint_review
from projects.actions.review_opinion import give_opinion
from projects.actions.secrecy import keep_view
from projects.api.reading import account_of, checked, person_of
from projects.filters.joint_review import ConditionFeed, ReviewFeed
from projects.models import GateCondition, JointReview, ViewKind
from projects.queries.joint_review import (
    binding_conditions,
    link_of,
    links_of,
    listed_reviews,
    visible_condition,
    visible_review,
)
from projects.queries.project import visible_project
from projects.serializers.blocker import AnswerLinkSerializer
from projects.serializers.joint_review import (
    DecideReviewSerializer,
    ExtendReviewSerializer,
    FulfilConditionSerializer,
    GiveOpinionSerializer,
    OpenReviewSerializer,
    OpinionLinkSerializer,
    ReviewConditionSerializer,
    ReviewDetailSerializer,
    ReviewSerializer,
    WithdrawReviewSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound
from staff.models import Account, ApiToken


def _move(serializer: type, summary: str) -> Callable[..., Any]:
    """One verb of a round as a route."""
    return writes(serializer, ReviewDetailSerializer, detail=True, summary=summary, tags=["joint reviews"])


def shown(actor: Account, review: JointReview) -> Any:
    """The round as it stands now, with its opinions."""
    return ReviewDetailSerializer(visible_review(actor, review.public_id)).data


@extend_schema_view(
    list=extend_schema(summary="Joint reviews", tags=["joint reviews"]),
    retrieve=extend_schema(
        summary="One joint review with its opinions",
        tags=["joint reviews"],
        responses={200: ReviewDetailSerializer, **refusals(404)},
    ),
)
class ReviewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[JointReview]):
    """Joint reviews (联审会签) of the projects that the account sees."""

    queryset = JointReview.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[JointReview]:
        rows = listed_reviews(account_of(self.request)).order_by("-pk")
        if self.action != "retrieve":
            return rows
        return rows.prefetch_related(
            "opinions__department",
            "opinions__contact",
            "opinions__conditions__owner",
            "opinions__conditions__project",
            "extensions",
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()
        keep_view(account_of(request), [found.project], ViewKind.API, detail=found.number)
        return Response(ReviewDetailSerializer(found).data)

    @extend_schema(
        summary="Begin a round for a project",
        tags=["joint reviews"],
        parameters=[IDEMPOTENCY_KEY],
        request=OpenReviewSerializer,
        responses={201: ReviewDetailSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=False, methods=["post"], url_path="of-project/(?P<project>[a-z0-9]+)")
    @idempotent
    def opened(self, request: Request, project: str) -> Response:
        """The rule of the project's class on the day stays with the round. 409 while another round runs."""
        actor = account_of(request)
        found = visible_project(actor, project)
        made = open_joint_review(actor=actor, project=found, **checked(OpenReviewSerializer, request))
        return Response(shown(actor, made), status=201)

    @_move(GiveOpinionSerializer, "Keep what a department says")
    def opinions(self, request: Request, public_id: str) -> Response:
        """Said again while the round runs, it replaces what was said; history keeps both."""
        given = checked(GiveOpinionSerializer, request)
        given["conditions"] = [
            Condition(line["text"], person_of(request, line["owner"], "conditions"), line["due_on"])
            for line in given.pop("conditions", [])
        ]
        return self._moved(request, give_opinion, given)

    @extend_schema(
        methods=["GET"],
        summary="The one-time links of a round, the latest first",
        tags=["joint reviews"],
        responses={200: AnswerLinkSerializer(many=True), **refusals(404)},
    )
    @extend_schema(
        methods=["POST"],
        summary="Issue a one-time link for a department",
        tags=["joint reviews"],
        request=OpinionLinkSerializer,
        responses={201: AnswerLinkSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def links(self, request: Request, public_id: str) -> Response:
        """Issued anew, a live link of the department is replaced. The address is in that answer only; of the key just the hash is kept."""
        if request.method == "GET":
            return Response(AnswerLinkSerializer(links_of(self.get_object()), many=True).data)
        given = checked(OpinionLinkSerializer, request)
        link, key = issue_opinion_link(actor=account_of(request), review=self.get_object(), **given)
        link.address = request.build_absolute_uri(reverse("answer", args=[key]))  # type: ignore[attr-defined]
        return Response(AnswerLinkSerializer(link).data, status=201)

    @writes(
        None,
        AnswerLinkSerializer,
        refused=(404, 409),
        detail=True,
        url_path="links/(?P<link>[0-9]{1,9})/revoke",
        summary="Make a one-time link void",
        tags=["joint reviews"],
    )
    def revoke_link(self, request: Request, public_id: str, link: str) -> Response:
        """At once; a void one stays void. 409 when it was answered by meanwhile."""
        sent = link_of(self.get_object(), int(link))
        return Response(AnswerLinkSerializer(revoke_link(actor=account_of(request), link=sent)).data)

    @_move(ExtendReviewSerializer, "Give the departments more time")
    def extend(self, request: Request, public_id: str) -> Response:
        """By whoever works on the project; links that are still valid are good until the new day ends."""
        return self._moved(request, extend_joint_review, checked(ExtendReviewSerializer, request))

    @_move(DecideReviewSerializer, "Decide a round and issue its paper")
    def decide(self, request: Request, public_id: str) -> Response:
        """Managers only; over an opinion against it `override_reason` says why."""
        return self._moved(request, decide_joint_review, checked(DecideReviewSerializer, request))

    @_move(WithdrawReviewSerializer, "End a round without a decision")
    def withdraw(self, request: Request, public_id: str) -> Response:
        return self._moved(request, withdraw_joint_review, checked(WithdrawReviewSerializer, request))

    @extend_schema(
        summary="The countersigned record as PDF",
        tags=["joint reviews"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def paper(self, request: Request, public_id: str) -> HttpResponse:
        """404 until the round is decided. The fingerprint on the paper is the one of the round."""
        review = self.get_object()
        if review.document is None:
            raise NotFound(_("这轮会签还没有签发，没有会签单。"))
        keep_view(account_of(request), [review.project], ViewKind.DOCUMENT, detail=review.document.title)
        with review.document.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="review-{review.public_id}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response

    def _moved(self, request: Request, perform: Callable[..., Any], given: dict[str, Any]) -> Response:
        actor, review = account_of(request), self.get_object()
        perform(actor=actor, review=review, seen=given.pop("version", None), **given)
        return Response(shown(actor, review))


@extend_schema_view(
    list=extend_schema(summary="Conditions of opinions and admissions", tags=["joint reviews"]),
    retrieve=extend_schema(
        summary="One condition",
        tags=["joint reviews"],
        responses={200: ReviewConditionSerializer, **refusals(404)},
    ),
)
class ConditionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[GateCondition]
):
    """Conditions (附加条件) on the projects that the account sees, and those that it has to meet."""

    queryset = GateCondition.objects.none()
    serializer_class = ReviewConditionSerializer
    filterset_class = ConditionFeed
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[GateCondition]:
        return binding_conditions(account_of(self.request)).order_by("due_on", "pk")

    @extend_schema(
        summary="Say how a condition was met, with evidence",
        tags=["joint reviews"],
        parameters=[IDEMPOTENCY_KEY],
        request=FulfilConditionSerializer,
        responses={200: ReviewConditionSerializer, **refusals(400, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def fulfil(self, request: Request, pk: int) -> Response:
        """By whoever has to meet it, or whoever works on the project."""
        given = checked(FulfilConditionSerializer, request)
        actor, condition = account_of(request), self.get_object()
        close_condition(actor=actor, condition=condition, seen=given.pop("version", None), **given)
        return Response(ReviewConditionSerializer(visible_condition(actor, condition.pk)).data)
