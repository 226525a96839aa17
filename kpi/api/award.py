"""Awards for other systems: proposals, decisions by HR, approval by a second person, revocation."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import actions, exports
from kpi.access import award as access
from kpi.api.reading import YEAR, Subjects, year_of
from kpi.models import AwardDecision
from kpi.queries.award import RELATED, boards_of
from kpi.queries.course import decisive_run
from kpi.serializers.award import (
    ApproveAwardsSerializer,
    AwardBoardSerializer,
    AwardDecisionSerializer,
    AwardOfYearSerializer,
    DecideAwardSerializer,
    RevokeAwardSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import ApiToken

AWARD = OpenApiParameter("award", str, description="Only this award of the scheme, by its code.")


@extend_schema(tags=["kpi"])
class AwardViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[AwardDecision]):
    """Decisions on awards and notices (评奖决定) that one may see."""

    queryset = AwardDecision.objects.none()
    serializer_class = AwardDecisionSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[AwardDecision]:
        rows = access.award_decisions_visible_to(account_of(self.request)).select_related(*RELATED)
        if self.action == "list":
            asked = self.request.query_params
            rows = rows.filter(year=year_of(self.request)) if "year" in asked else rows
            rows = rows.filter(award=asked["award"]) if asked.get("award") else rows
        return rows.order_by("-year", "award", "place", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": account_of(self.request)}

    @extend_schema(summary="Decisions on awards, newest year first", parameters=[YEAR, AWARD])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All years without `year`. Everything for HR, managers and auditors; what is granted and approved for others."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="Who stands for each award, and what is decided",
        parameters=[YEAR],
        responses={200: AwardBoardSerializer(many=True), **refusals(403, 422)},
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def proposals(self, request: Request) -> Response:
        """For HR, managers and auditors: every award of the year's scheme, with what has changed since a decision."""
        if not access.sees_award_proposals(account_of(request)):
            raise NotAllowed(_("评奖建议由人事、分管领导和纪检审计查看；批准以后全体可看。"))
        year = year_of(request)
        boards: Any = boards_of(year, decisive_run(year))
        return Response(AwardBoardSerializer(boards, many=True).data)

    @writes(
        DecideAwardSerializer,
        AwardDecisionSerializer,
        status=201,
        summary="Decide about a subject at an award's place",
    )
    def create(self, request: Request) -> Response:
        """By HR; a `reason` is needed whenever it is not what is proposed, for a tie, and while something is undecided."""
        given, actor = checked(DecideAwardSerializer, request), account_of(request)
        person, team = Subjects(actor, [given]).of(given, "award")
        subject = person or team
        if subject is None:
            raise Refused(_("请写明是哪个人或哪个团队。"), fields={"person": _("请写明是哪个人或哪个团队。")})
        typed = {name: given[name] for name in ("year", "award", "outcome", "consequence", "reason", "seen")}
        held = actions.decide_award(actor=actor, subject=subject, **typed)
        return Response(self.get_serializer(held).data, status=201)

    @writes(
        AwardOfYearSerializer,
        AwardDecisionSerializer,
        many=True,
        detail=False,
        summary="Accept what is clearly proposed",
    )
    def accept(self, request: Request) -> Response:
        """By HR: grants the award to everybody who stands for it without tie or open question."""
        given = checked(AwardOfYearSerializer, request)
        return self._many(actions.accept_award_proposals(actor=account_of(request), **given))

    @writes(
        AwardOfYearSerializer,
        AwardDecisionSerializer,
        many=True,
        detail=False,
        summary="Submit the decisions on an award",
    )
    def submit(self, request: Request) -> Response:
        """By HR, once everybody who stands for it is decided about."""
        given = checked(AwardOfYearSerializer, request)
        return self._many(actions.submit_awards(actor=account_of(request), **given))

    @writes(
        ApproveAwardsSerializer,
        AwardDecisionSerializer,
        many=True,
        detail=False,
        summary="Approve or return what is submitted of an award",
    )
    def approve(self, request: Request) -> Response:
        """By a manager who wrote none of it and does not stand for the award; to return it needs a `reason`."""
        given = checked(ApproveAwardsSerializer, request)
        return self._many(actions.approve_awards(actor=account_of(request), **given))

    @writes(
        RevokeAwardSerializer, AwardDecisionSerializer, detail=True, summary="Revoke an approved decision"
    )
    def revoke(self, request: Request, public_id: str) -> Response:
        """By a manager, with the reason; the certificate is void and the subject may be decided about anew."""
        given = checked(RevokeAwardSerializer, request)
        held = actions.revoke_award(actor=account_of(request), decision=self.get_object(), **given)
        return Response(self.get_serializer(held).data)

    @writes(None, None, refused=(404, 422), status=204, summary="Drop a decision that is not submitted")
    def destroy(self, request: Request, public_id: str) -> Response:
        """By HR."""
        actions.drop_award_decision(actor=account_of(request), decision=self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="The certificate or notice as PDF",
        parameters=[OpenApiParameter("body", str, description="Name of the body: `centre` or `bureau`.")],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def certificate(self, request: Request, public_id: str) -> HttpResponse:
        """Of what is granted, approved and not revoked."""
        held = self.get_object()
        if not held.is_granted:
            raise NotFound(_("这项决定没有证书：没有授予、没有批准或已撤销。"))
        paper = exports.award_papers([held], request.query_params.get("body", ""))
        answer = HttpResponse(paper, content_type="application/pdf")
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _many(self, held: Iterable[AwardDecision]) -> Response:
        return Response(self.get_serializer(list(held), many=True).data)
