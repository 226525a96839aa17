"""Admission, due diligence and pre-coaching in the REST API, by the same actions as in the browser."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access.reviews import coaching_visible_to
from projects.actions.admission import apply_for_admission, decide_admission
from projects.actions.coaching import open_coaching, record_coaching
from projects.actions.conditions import Condition
from projects.actions.diligence import (
    conclude_diligence,
    confirm_diligence,
    open_diligence,
    record_finding,
    return_diligence,
)
from projects.api.reading import account_of, checked, person_of
from projects.filters.gate import AdmissionFeed, CoachingFeed, DiligenceFeed
from projects.models import AdmissionApplication, CoachingItem, Diligence
from projects.queries.admission import (
    gate_lines,
    listed_admissions,
    listed_diligences,
    visible_admission,
    visible_diligence,
)
from projects.queries.project import visible_project
from projects.serializers.gate import (
    AdmissionDetailSerializer,
    AdmissionSerializer,
    ApplyForAdmissionSerializer,
    CoachingSerializer,
    ConcludeDiligenceSerializer,
    DecideAdmissionSerializer,
    DiligenceDetailSerializer,
    DiligenceSerializer,
    FindingSerializer,
    GateLineSerializer,
    RecordCoachingSerializer,
    ReviewNoteSerializer,
)
from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.models import ApiToken


def _posted(
    request: Any, answer: Any, summary: str, *, status: int = 200, **route: Any
) -> Callable[..., Any]:
    """A route that changes something, once per idempotency key."""
    return writes(
        request, answer, summary=summary, tags=["gates"], status=status, **{"detail": True, **route}
    )


OF_PROJECT = {"detail": False, "url_path": "of-project/(?P<project>[a-z0-9]+)"}


@extend_schema_view(
    list=extend_schema(summary="Applications for admission", tags=["gates"]),
    retrieve=extend_schema(
        summary="One application with its criteria and conditions",
        tags=["gates"],
        responses={200: AdmissionDetailSerializer, **refusals(404)},
    ),
)
class AdmissionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AdmissionApplication]
):
    """Applications for admission (准入申请) of the projects that the account sees."""

    queryset = AdmissionApplication.objects.none()
    serializer_class = AdmissionSerializer
    filterset_class = AdmissionFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[AdmissionApplication]:
        rows = listed_admissions(account_of(self.request)).order_by("-pk")
        related = ("conditions__owner", "conditions__project")
        return rows.prefetch_related(*related) if self.action == "retrieve" else rows

    def get_serializer_class(self) -> Any:
        return AdmissionDetailSerializer if self.action == "retrieve" else AdmissionSerializer

    @_posted(
        ApplyForAdmissionSerializer,
        AdmissionDetailSerializer,
        "Apply for admission",
        status=201,
        **OF_PROJECT,
    )
    def applied(self, request: Request, project: str) -> Response:
        """409 while another application of the project waits."""
        actor = account_of(request)
        found = visible_project(actor, project)
        made = apply_for_admission(
            actor=actor, project=found, **checked(ApplyForAdmissionSerializer, request)
        )
        return Response(AdmissionDetailSerializer(visible_admission(actor, made.public_id)).data, status=201)

    @_posted(DecideAdmissionSerializer, AdmissionDetailSerializer, "Decide an application")
    def decide(self, request: Request, public_id: str) -> Response:
        """By a manager who did not apply; conditions with `conditional` only."""
        given = checked(DecideAdmissionSerializer, request)
        given["conditions"] = [
            Condition(line["text"], person_of(request, line["owner"], "conditions"), line["due_on"])
            for line in given.pop("conditions", [])
        ]
        actor, seen = account_of(request), given.pop("version", None)
        decide_admission(actor=actor, application=self.get_object(), seen=seen, **given)
        return Response(AdmissionDetailSerializer(visible_admission(actor, public_id)).data)

    @extend_schema(
        summary="Which gates a project has to pass, and which it has passed",
        tags=["gates"],
        responses={200: GateLineSerializer(many=True), **refusals(404)},
    )
    @action(
        detail=False,
        methods=["get"],
        url_path="gates/(?P<project>[a-z0-9]+)",
        pagination_class=None,
        filterset_class=None,
    )
    def gates(self, request: Request, project: str) -> Response:
        found = visible_project(account_of(request), project)
        return Response(GateLineSerializer(gate_lines(found), many=True).data)


@extend_schema_view(
    list=extend_schema(summary="Due-diligence inquiries", tags=["gates"]),
    retrieve=extend_schema(
        summary="One inquiry with its topics",
        tags=["gates"],
        responses={200: DiligenceDetailSerializer, **refusals(404)},
    ),
)
class DiligenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Diligence]):
    """Due-diligence inquiries (尽职调查) into the projects that the account sees."""

    queryset = Diligence.objects.none()
    serializer_class = DiligenceSerializer
    filterset_class = DiligenceFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Diligence]:
        rows = listed_diligences(account_of(self.request)).order_by("-pk")
        return rows.prefetch_related("items") if self.action == "retrieve" else rows

    def get_serializer_class(self) -> Any:
        return DiligenceDetailSerializer if self.action == "retrieve" else DiligenceSerializer

    @_posted(None, DiligenceDetailSerializer, "Begin an inquiry", status=201, **OF_PROJECT)
    def opened(self, request: Request, project: str) -> Response:
        """The checklist of the project's class on the day is copied. 409 while another inquiry runs."""
        actor = account_of(request)
        made = open_diligence(actor=actor, project=visible_project(actor, project))
        return Response(DiligenceDetailSerializer(visible_diligence(actor, made.public_id)).data, status=201)

    @_posted(FindingSerializer, DiligenceDetailSerializer, "Write what was found on a topic")
    def findings(self, request: Request, public_id: str) -> Response:
        given = checked(FindingSerializer, request)
        item = get_object_or_404(self.get_object().items, pk=given.pop("item"))
        return self._moved(request, record_finding, {**given, "item": item})

    @_posted(ConcludeDiligenceSerializer, DiligenceDetailSerializer, "Sum up an inquiry")
    def conclude(self, request: Request, public_id: str) -> Response:
        """422 names the topics without a finding."""
        return self._moved(request, conclude_diligence, checked(ConcludeDiligenceSerializer, request))

    @_posted(ReviewNoteSerializer, DiligenceDetailSerializer, "Confirm what another person concluded")
    def confirm(self, request: Request, public_id: str) -> Response:
        """With high overall risk the note says why it may go on."""
        return self._moved(request, confirm_diligence, checked(ReviewNoteSerializer, request))

    @_posted(ReviewNoteSerializer, DiligenceDetailSerializer, "Send a conclusion back", url_path="return")
    def sent_back(self, request: Request, public_id: str) -> Response:
        given = checked(ReviewNoteSerializer, request)
        return self._moved(request, return_diligence, {"note": "", **given})

    def _moved(self, request: Request, perform: Callable[..., Any], given: dict[str, Any]) -> Response:
        actor, inquiry = account_of(request), self.get_object()
        perform(actor=actor, diligence=inquiry, seen=given.pop("version", None), **given)
        return Response(DiligenceDetailSerializer(visible_diligence(actor, inquiry.public_id)).data)


@extend_schema_view(list=extend_schema(summary="Matters of pre-coaching", tags=["gates"]))
class CoachingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CoachingItem]):
    """Pre-coaching (前置辅导) of the projects that the account sees."""

    queryset = CoachingItem.objects.none()
    serializer_class = CoachingSerializer
    filterset_class = CoachingFeed
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[CoachingItem]:
        rows = coaching_visible_to(account_of(self.request)).select_related("project", "department")
        return rows.order_by("project", "position", "pk")

    @_posted(None, CoachingSerializer(many=True), "Begin the pre-coaching", status=201, **OF_PROJECT)
    def opened(self, request: Request, project: str) -> Response:
        """The lines of the class's checklist that are not there yet."""
        actor = account_of(request)
        made = open_coaching(actor=actor, project=visible_project(actor, project))
        return Response(CoachingSerializer(made, many=True).data, status=201)

    @_posted(RecordCoachingSerializer, CoachingSerializer, "Keep what a department advised")
    def record(self, request: Request, pk: int) -> Response:
        given = checked(RecordCoachingSerializer, request)
        seen = given.pop("version", None)
        kept = record_coaching(actor=account_of(request), item=self.get_object(), seen=seen, **given)
        return Response(CoachingSerializer(kept).data)
