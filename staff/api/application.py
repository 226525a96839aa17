"""Applications in the REST API: read, handed in, checked item by item, decided, by the same actions as the pages."""

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

from promotion.api.schema import refusals
from promotion.errors import NotFound
from staff.access.competition import applications_visible_to, claims_visible_to
from staff.actions.application import complain, submit_application, withdraw_application
from staff.actions.eligibility import check_claim, decide_eligibility, return_application, review_complaint
from staff.api.reading import account_of, checked
from staff.api.routes import route
from staff.models import ApiToken, Application, ApplicationState
from staff.queries.application import visible_application, with_parts
from staff.queries.ranking import own_place
from staff.serializers.competition import (
    ApplicationSerializer,
    CheckClaimSerializer,
    ComplainSerializer,
    DecideApplicationSerializer,
    ReviewApplicationSerializer,
    SeenSerializer,
    WithReasonSerializer,
)
from staff.serializers.interview import OwnMarkSerializer

TAG = "competitions"


class ApplicationFeed(filters.FilterSet):  # type: ignore[misc]
    competition = filters.CharFilter(field_name="competition__public_id", help_text="Public id of the round.")
    state = filters.ChoiceFilter(choices=ApplicationState.choices)

    class Meta:
        model = Application
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="Applications", tags=[TAG]),
    retrieve=extend_schema(summary="One application", tags=[TAG]),
)
class ApplicationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Application]
):
    """Applications (报名): the own ones; HR, managers and auditors read all that were handed in."""

    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Application]:
        rows: QuerySet[Application] = with_parts(applications_visible_to(account_of(self.request)))
        return rows.prefetch_related("claims__papers").order_by("-pk")

    @route(SeenSerializer, ApplicationSerializer, "Hand an application in", tag=TAG)
    def submit(self, request: Request, public_id: str) -> Response:
        """Within the window, by the database's clock; 409 outside it."""
        return self._moved(request, submit_application, SeenSerializer)

    @route(None, ApplicationSerializer, "Take the own application back", tag=TAG)
    def withdraw(self, request: Request, public_id: str) -> Response:
        withdraw_application(actor=account_of(request), application=self.get_object())
        return self._shown(request, public_id)

    @extend_schema(summary="The own mark", tags=[TAG], responses={200: OwnMarkSerializer, **refusals(404)})
    @action(detail=True, methods=["get"], pagination_class=None)
    def mark(self, request: Request, public_id: str) -> Response:
        """From the publicity on; 404 before, and for anybody but the applicant."""
        found = own_place(account_of(request), self.get_object())
        if found is None:
            raise NotFound(_("还没有可以查看的成绩。"))
        return Response(OwnMarkSerializer(found).data)

    @route(ComplainSerializer, ApplicationSerializer, "Complain of a refusal", tag=TAG)
    def complain(self, request: Request, public_id: str) -> Response:
        """Once; a second person looks again."""
        return self._moved(request, complain, ComplainSerializer)

    @route(
        CheckClaimSerializer,
        ApplicationSerializer,
        "Say whether one requirement is met",
        tag=TAG,
        path=r"claims/(?P<claim>[0-9]{1,9})",
    )
    def check(self, request: Request, public_id: str, claim: str) -> Response:
        """HR only, never for the own application."""
        actor = account_of(request)
        rows = claims_visible_to(actor).filter(application=self.get_object())
        found = get_object_or_404(rows, pk=int(claim))
        check_claim(actor=actor, claim=found, **checked(CheckClaimSerializer, request))
        return self._shown(request, public_id)

    @route(
        WithReasonSerializer,
        ApplicationSerializer,
        "Give an application back to be completed",
        tag=TAG,
        path="return",
    )
    def give_back(self, request: Request, public_id: str) -> Response:
        return self._moved(request, return_application, WithReasonSerializer)

    @route(DecideApplicationSerializer, ApplicationSerializer, "Decide whether it is eligible", tag=TAG)
    def decide(self, request: Request, public_id: str) -> Response:
        return self._moved(request, decide_eligibility, DecideApplicationSerializer)

    @route(ReviewApplicationSerializer, ApplicationSerializer, "Look again at a refusal", tag=TAG)
    def review(self, request: Request, public_id: str) -> Response:
        """By somebody who did not refuse it."""
        return self._moved(request, review_complaint, ReviewApplicationSerializer)

    def _moved(self, request: Request, perform: Any, serializer: type) -> Response:
        given = checked(serializer, request)
        if "version" in given:
            given["seen"] = given.pop("version")
        perform(actor=account_of(request), application=self.get_object(), **given)
        return self._shown(request, self.kwargs["public_id"])

    def _shown(self, request: Request, public_id: str) -> Response:
        return Response(ApplicationSerializer(visible_application(account_of(request), public_id)).data)
