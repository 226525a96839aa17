"""Ageing rules in the REST API."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.actions.ageing import drop_ageing_rule, settle_ageing
from projects.api.reading import account_of, checked
from projects.models import AgeingRule
from projects.serializers.ageing import AgeingRuleEntrySerializer, AgeingRuleSerializer
from promotion.api.routes import writes
from staff.models import ApiToken


@extend_schema_view(list=extend_schema(summary="Ageing rules", tags=["clocks"]))
class AgeingRuleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AgeingRule]):
    """After how many working days without verified progress a project stalls (停滞标准)."""

    queryset = AgeingRule.objects.order_by("stage", "project_class", "-holds_from")
    serializer_class = AgeingRuleSerializer
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    @writes(
        AgeingRuleEntrySerializer,
        AgeingRuleSerializer,
        refused=(400, 409, 422),
        status=201,
        many=True,
        summary="Settle an ageing rule",
        tags=["clocks"],
    )
    def create(self, request: Request) -> Response:
        """By managers and administrators, from today or a later day; gives one rule for each class that was meant."""
        rules = settle_ageing(actor=account_of(request), **checked(AgeingRuleEntrySerializer, request))
        return Response(AgeingRuleSerializer(rules, many=True).data, status=201)

    @writes(None, None, refused=(404,), status=204, summary="Withdraw an ageing rule", tags=["clocks"])
    def destroy(self, request: Request, pk: str) -> Response:
        """The rule before it, or the default, counts again."""
        drop_ageing_rule(actor=account_of(request), rule=self.get_object())
        return Response(status=204)
