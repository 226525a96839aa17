"""Pay for other systems: rules, and sheets in total; scopes kpi:read and kpi:write. Single amounts have no address here."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi import actions
from kpi.access import pay as access
from kpi.actions.pay_rules import PayTerms, ScaleRow
from kpi.models import PayRule, PayScale, PaySheet
from kpi.queries.pay import sheet_shown
from kpi.serializers.pay import (
    ConfirmPaySerializer,
    DraftPayRuleSerializer,
    DraftPayScaleSerializer,
    MakePaySerializer,
    PaidSerializer,
    PayRuleSerializer,
    PayScaleSerializer,
    PaySheetSerializer,
    PayShownSerializer,
)
from projects.api.reading import account_of, checked
from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.models import ApiToken

ID = "[0-9A-Za-z]{6,10}"


class PayScaleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[PayScale]):
    """Scales (薪酬标准): for HR, managers and auditors."""

    queryset = PayScale.objects.none()
    serializer_class = PayScaleSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[PayScale]:
        return (
            access.pay_scales_visible_to(account_of(self.request)).prefetch_related("lines").order_by("-pk")
        )

    @writes(DraftPayScaleSerializer, PayScaleSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Draft a scale (HR); less than two thirds by performance needs a reason."""
        given = checked(DraftPayScaleSerializer, request)
        rows = [ScaleRow(**row) for row in given.pop("rows")]
        scale = actions.draft_pay_scale(actor=account_of(request), rows=rows, **given)
        return Response(PayScaleSerializer(scale).data, status=201)

    @writes(None, PayScaleSerializer, detail=True)
    def release(self, request: Request, public_id: str) -> Response:
        """Release a draft that somebody else wrote."""
        scale = actions.release_pay_scale(actor=account_of(request), scale=self.get_object())
        return Response(PayScaleSerializer(scale).data)


class PayRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[PayRule]):
    """Rules of performance pay (考核薪酬办法): released ones for everybody."""

    queryset = PayRule.objects.none()
    serializer_class = PayRuleSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[PayRule]:
        return access.pay_rules_visible_to(account_of(self.request)).order_by("-pk")

    @writes(DraftPayRuleSerializer, PayRuleSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Draft a rule (HR)."""
        given = checked(DraftPayRuleSerializer, request)
        points = tuple((each["score"], each["factor"]) for each in given.pop("points"))
        deducts = tuple(given.pop("deducts", ()))
        terms = PayTerms(points=points, deducts=deducts, **given)
        rule = actions.draft_pay_rule(actor=account_of(request), terms=terms)
        return Response(PayRuleSerializer(rule).data, status=201)

    @writes(None, PayRuleSerializer, detail=True)
    def release(self, request: Request, public_id: str) -> Response:
        """Release a draft that somebody else wrote."""
        rule = actions.release_pay_rule(actor=account_of(request), rule=self.get_object())
        return Response(PayRuleSerializer(rule).data)


class PaySheetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[PaySheet]):
    """Pay sheets (工资表) and settlements: that they are there, and in total; for HR, managers and auditors."""

    queryset = PaySheet.objects.none()
    serializer_class = PaySheetSerializer
    lookup_field = "public_id"
    lookup_value_regex = ID
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[PaySheet]:
        return access.pay_sheets_visible_to(account_of(self.request)).order_by("-pk")

    @writes(MakePaySerializer, PaySheetSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Make the sheet of a month, or the settlement of a year (HR); a draft is made anew."""
        given, actor = checked(MakePaySerializer, request), account_of(request)
        if given.get("month"):
            sheet = actions.make_pay_sheet(actor=actor, year=given["year"], month=given["month"])
        else:
            sheet = actions.make_settlement(actor=actor, year=given["year"])
        return Response(PaySheetSerializer(sheet).data, status=201)

    @extend_schema(responses={200: PayShownSerializer, **refusals(404, 422)})
    @action(detail=True, methods=["get"])
    def totals(self, request: Request, public_id: str) -> Response:
        """The sheet in total, by grade and by team; groups of fewer than three people are left out except for HR."""
        return Response(PayShownSerializer(sheet_shown(account_of(request), self.get_object())).data)

    @writes(ConfirmPaySerializer, PaySheetSerializer, detail=True)
    def confirm(self, request: Request, public_id: str) -> Response:
        """Confirm, or give back with a reason; by somebody who neither made it nor is paid by it."""
        given = checked(ConfirmPaySerializer, request)
        sheet = actions.confirm_pay_sheet(actor=account_of(request), sheet=self.get_object(), **given)
        return Response(PaySheetSerializer(sheet).data)

    @writes(PaidSerializer, PaySheetSerializer, detail=True)
    def pay(self, request: Request, public_id: str) -> Response:
        """Mark a confirmed sheet as paid (HR)."""
        given = checked(PaidSerializer, request)
        sheet = actions.pay_out(actor=account_of(request), sheet=self.get_object(), **given)
        return Response(PaySheetSerializer(sheet).data)
