"""Companies in the REST API."""

from dataclasses import asdict

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import companies_visible_to
from projects.api.project import account_of, checked
from projects.credit_code import fault, normalised
from projects.filters.feed import CompanyFeed
from projects.models import Company
from projects.queries import find_duplicates
from projects.serializers.company import (
    CompanyCheckResultSerializer,
    CompanyCheckSerializer,
    CompanySerializer,
)
from promotion.api.schema import refusals
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="Companies", tags=["companies"]),
    retrieve=extend_schema(
        summary="One company", tags=["companies"], responses={200: CompanySerializer, **refusals(404)}
    ),
)
class CompanyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Company]):
    """Companies (企业客商) that the account sees."""

    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    filterset_class = CompanyFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Company]:
        return companies_visible_to(self.request.user).order_by("-pk")  # type: ignore[arg-type]

    @extend_schema(
        summary="Ask whether a company is already there",
        tags=["companies"],
        request=CompanyCheckSerializer,
        responses={200: CompanyCheckResultSerializer, **refusals(400)},
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def check(self, request: Request) -> Response:
        """Writes nothing. What another team holds comes masked: the team and the month, no name."""
        given = checked(CompanyCheckSerializer, request)
        code = normalised(given.get("credit_code", ""))
        found = find_duplicates(actor=account_of(request), name=given.get("name", ""), credit_code=code)
        result = {
            "credit_code_fault": fault(code) if code else "",
            "duplicates": [asdict(hit) for hit in found],
        }
        return Response(CompanyCheckResultSerializer(result).data)
