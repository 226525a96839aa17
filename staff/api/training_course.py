"""Courses, required credits, gaps and the plan in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from promotion.api.idempotency import idempotent
from promotion.api.schema import refusals
from staff import actions
from staff.access import appointments_visible_to, in_force, people_visible_to, teams_visible_to
from staff.access.training import courses_visible_to, plan_lines_visible_to
from staff.api.reading import account_of, checked
from staff.api.training import one_of, writes
from staff.models import ApiToken, Course, CreditRequirement, Person, TrainingPlanLine
from staff.queries.training import gaps_on, plan_rows, profile_of
from staff.serializers.training import (
    CourseChangeSerializer,
    CourseEntrySerializer,
    CourseSerializer,
    CreditRequirementEntrySerializer,
    CreditRequirementSerializer,
    FieldCreditSerializer,
    PlanEntrySerializer,
    PlanLineSerializer,
    PlanRowSerializer,
    TeamGapsSerializer,
    TrainingReasonSerializer,
)


@extend_schema_view(list=extend_schema(summary="Courses", tags=["training"]))
class CourseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Course]):
    """What is taught in the five fields (课程)."""

    queryset = Course.objects.none()
    serializer_class: Any = CourseSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Course]:
        return courses_visible_to(account_of(self.request)).order_by("field", "title")

    @writes("Enter a course", CourseEntrySerializer, CourseSerializer, 201)
    @idempotent
    def create(self, request: Request) -> Response:
        given = checked(CourseEntrySerializer, request)
        return Response(
            CourseSerializer(actions.add_course(actor=account_of(request), **given)).data, status=201
        )

    @writes("Change a course", CourseChangeSerializer(partial=True), CourseSerializer)
    @idempotent
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Credits that were earned stay as they were."""
        reader = CourseChangeSerializer(data=request.data, partial=True)
        reader.is_valid(raise_exception=True)
        found = self.get_object()
        changed = actions.change_course(actor=account_of(request), course=found, **reader.validated_data)
        return Response(CourseSerializer(changed).data)


@extend_schema_view(list=extend_schema(summary="Required credits", tags=["training"]))
class CreditRequirementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CreditRequirement]):
    """How many credits of a field a grade earns in a year (学分要求)."""

    queryset = CreditRequirement.objects.order_by("grade", "field", "-holds_from")
    serializer_class: Any = CreditRequirementSerializer
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    @writes("Require credits", CreditRequirementEntrySerializer, CreditRequirementSerializer, 201)
    @idempotent
    def create(self, request: Request) -> Response:
        given = checked(CreditRequirementEntrySerializer, request)
        rule = actions.require_credits(actor=account_of(request), **given)
        return Response(CreditRequirementSerializer(rule).data, status=201)


class PersonTrainingViewSet(viewsets.GenericViewSet[Person]):
    """A person's five fields."""

    queryset = Person.objects.none()
    serializer_class: Any = FieldCreditSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    def get_queryset(self) -> QuerySet[Person]:
        return people_visible_to(account_of(self.request))

    @extend_schema(
        summary="Credits of a person this year",
        tags=["training"],
        responses={200: FieldCreditSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def training(self, request: Request, public_id: str) -> Response:
        person = self.get_object()
        post = appointments_visible_to(account_of(request)).filter(in_force(), person=person).first()
        rows = profile_of(person, post.grade if post else "", timezone.localdate())
        return Response(FieldCreditSerializer(rows, many=True).data)


class TrainingGapsView(APIView):
    """Who lacks which credits, team by team."""

    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    @extend_schema(
        summary="Gaps of training per team",
        tags=["training"],
        responses={200: TeamGapsSerializer(many=True), **refusals()},
    )
    def get(self, request: Request) -> Response:
        return Response(
            TeamGapsSerializer(gaps_on(account_of(request), timezone.localdate()), many=True).data
        )


class TrainingPlanViewSet(viewsets.GenericViewSet[TrainingPlanLine]):
    """What people and teams are to learn by when (培训计划)."""

    queryset = TrainingPlanLine.objects.none()
    serializer_class: Any = PlanLineSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[TrainingPlanLine]:
        return plan_lines_visible_to(account_of(self.request))

    @extend_schema(
        summary="The training plan with its progress",
        tags=["training"],
        responses={200: PlanRowSerializer(many=True), **refusals()},
    )
    def list(self, request: Request) -> Response:
        rows = plan_rows(self.get_queryset().filter(dropped_on=None))
        return Response(PlanRowSerializer(rows, many=True).data)

    @writes("Put something into the plan", PlanEntrySerializer, PlanLineSerializer, 201)
    @idempotent
    def create(self, request: Request) -> Response:
        given, account = checked(PlanEntrySerializer, request), account_of(request)
        named: dict[str, Any] = {
            "person": (people_visible_to(account), "staff_number"),
            "team": (teams_visible_to(account), "code"),
            "course": (courses_visible_to(account), "public_id"),
        }
        for name, (rows, key) in named.items():
            value = given.pop(name, "")
            given[name] = one_of(rows, name, **{key: value}) if value else None
        line = actions.plan_training(actor=account, **given)
        return Response(PlanLineSerializer(line).data, status=201)

    @writes("Take something out of the plan", TrainingReasonSerializer, PlanLineSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def drop(self, request: Request, public_id: str) -> Response:
        given, found = checked(TrainingReasonSerializer, request), self.get_object()
        dropped = actions.drop_plan_line(actor=account_of(request), line=found, **given)
        return Response(PlanLineSerializer(dropped).data)
