"""Grades of the next year for other systems: rules, rounds and proposals; scopes kpi:read and kpi:write."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import actions
from kpi.access import grades as access
from kpi.actions import GradeTerms
from kpi.api.reading import YEAR, year_of
from kpi.models import GradeProposal, GradeRound, GradeRule
from kpi.serializers.grades import (
    ApproveGradesSerializer,
    DecideGradeSerializer,
    GradeProposalSerializer,
    GradeRoundSerializer,
    GradeRuleSerializer,
    GradeTermsSerializer,
    OpenGradesSerializer,
    SeenGradesSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from staff.models import ApiToken

ID = "[0-9A-Za-z]{6,10}"


class GradeRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[GradeRule]):
    """Thresholds of grades (职级评定办法): released ones for everybody, drafts for overseers."""

    queryset = GradeRule.objects.none()
    serializer_class = GradeRuleSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[GradeRule]:
        rules = access.grade_rules_visible_to(account_of(self.request))
        return rules.select_related("drafted_by", "released_by").order_by("-pk")

    @writes(GradeTermsSerializer, GradeRuleSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Draft thresholds (HR)."""
        terms = GradeTerms(**checked(GradeTermsSerializer, request))
        rule = actions.draft_grade_rule(actor=account_of(request), terms=terms)
        return Response(GradeRuleSerializer(rule).data, status=201)

    @writes(None, GradeRuleSerializer, detail=True)
    def release(self, request: Request, public_id: str) -> Response:
        """Publish a draft that somebody else wrote."""
        rule = actions.release_grade_rule(actor=account_of(request), rule=self.get_object())
        return Response(GradeRuleSerializer(rule).data)


class GradeRoundViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[GradeRound]):
    """Rounds of grades (职级评定), newest first."""

    queryset = GradeRound.objects.none()
    serializer_class = GradeRoundSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[GradeRound]:
        rounds = access.grade_rounds_visible_to(account_of(self.request))
        return rounds.select_related("run", "rule").order_by("-year")

    @writes(OpenGradesSerializer, GradeRoundSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Propose everybody's grade from the whole year's result (HR)."""
        given = checked(OpenGradesSerializer, request)
        found = actions.open_grade_round(actor=account_of(request), year=given["year"])
        return Response(GradeRoundSerializer(found).data, status=201)

    @writes(SeenGradesSerializer, GradeRoundSerializer, detail=True)
    def renew(self, request: Request, public_id: str) -> Response:
        """Propose anew from the newest run; decisions that depart stay."""
        return self._done(request, actions.renew_grade_round, checked(SeenGradesSerializer, request))

    @writes(SeenGradesSerializer, GradeRoundSerializer, detail=True)
    def submit(self, request: Request, public_id: str) -> Response:
        """Hand the round to a manager."""
        return self._done(request, actions.submit_grade_round, checked(SeenGradesSerializer, request))

    @writes(ApproveGradesSerializer, GradeRoundSerializer, detail=True)
    def approve(self, request: Request, public_id: str) -> Response:
        """Approve the round or give it back; by a manager who did not submit it and does not stand in it."""
        return self._done(request, actions.approve_grade_round, checked(ApproveGradesSerializer, request))

    @writes(SeenGradesSerializer, GradeRoundSerializer, detail=True)
    def apply(self, request: Request, public_id: str) -> Response:
        """Change the posts of everybody from the day of the round on, or of nobody."""
        return self._done(request, actions.apply_grade_round, checked(SeenGradesSerializer, request))

    def _done(self, request: Request, perform: Any, given: dict[str, Any]) -> Response:
        found = perform(actor=account_of(request), found=self.get_object(), **given)
        return Response(GradeRoundSerializer(found).data)


class GradeProposalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[GradeProposal]):
    """Proposals and decisions (职级建议): everybody's for overseers, the own one once it is approved for others."""

    queryset = GradeProposal.objects.none()
    serializer_class = GradeProposalSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[GradeProposal]:
        rows = access.grade_proposals_visible_to(account_of(self.request))
        if self.action == "list":
            rows = rows.filter(round__year=year_of(self.request))
        return rows.select_related("round", "person", "team", "standing").order_by("pk")

    @extend_schema(parameters=[YEAR])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The proposals of a year that one may see."""
        return super().list(request, *args, **kwargs)

    @writes(DecideGradeSerializer, GradeProposalSerializer, detail=True)
    def decide(self, request: Request, public_id: str) -> Response:
        """Decide as proposed, or otherwise with a reason; never about oneself."""
        given = checked(DecideGradeSerializer, request)
        row = actions.decide_grade(actor=account_of(request), proposal=self.get_object(), **given)
        return Response(GradeProposalSerializer(row).data)
