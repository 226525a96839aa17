"""Team bonuses in the REST API: scope kpi:read and kpi:write, within what the account may see and do."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kpi.access.bonus import bonus_rates_visible_to
from kpi.actions import bonus as actions
from kpi.actions import bonus_pay as payments
from kpi.actions import bonus_plan as plans
from kpi.actions.bonus_rate import adopt_bonus_rates, end_bonus_rate, settle_bonus_rate
from kpi.filters import BonusFilter
from kpi.models import BonusRate, BonusShare, TeamBonus
from kpi.queries import bonus as queries
from kpi.serializers import bonus as shapes
from projects.access import shown_names
from projects.api.reading import account_of, checked, person_of
from promotion.api.routes import writes
from promotion.api.schema import refusals
from staff.models import ApiToken

TAGS = ["bonuses"]
SHARE = r"shares/(?P<share>\d+)/"


@extend_schema(tags=TAGS)
@extend_schema_view(list=extend_schema(summary="Standards of the team bonus"))
class BonusRateViewSet(mixins.ListModelMixin, GenericViewSet[BonusRate]):
    """奖励标准: how large a bonus is by class, and in which phases it is paid."""

    queryset = BonusRate.objects.none()
    serializer_class = shapes.BonusRateSerializer
    filter_backends = ()
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    def get_queryset(self) -> QuerySet[BonusRate]:
        rows = bonus_rates_visible_to(account_of(self.request)).prefetch_related("phases")
        return rows.order_by("-holds_from", "-pk")

    @writes(
        shapes.BonusRateEntrySerializer,
        shapes.BonusRateSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Settle a standard",
    )
    def create(self, request: Request) -> Response:
        """By managers; the standard that holds on that day ends there."""
        given = checked(shapes.BonusRateEntrySerializer, request)
        given["phases"] = [(one["milestone"], one["percent"]) for one in given["phases"]]
        rate = settle_bonus_rate(actor=account_of(request), **given)
        return Response(shapes.BonusRateSerializer(rate).data, status=201)

    @writes(
        shapes.EndBonusRateSerializer,
        shapes.BonusRateSerializer,
        refused=(400, 404, 422),
        detail=True,
        summary="End a standard",
    )
    def end(self, request: Request, pk: str) -> Response:
        given = checked(shapes.EndBonusRateSerializer, request)
        rate = end_bonus_rate(actor=account_of(request), rate=self.get_object(), **given)
        return Response(shapes.BonusRateSerializer(rate).data)

    @writes(
        None,
        shapes.BonusRateSerializer,
        refused=(422,),
        status=201,
        many=True,
        detail=False,
        summary="Begin with the suggested standards",
    )
    def adopt(self, request: Request) -> Response:
        """Assumptions, marked as such; only into an empty table."""
        rates = adopt_bonus_rates(actor=account_of(request))
        return Response(shapes.BonusRateSerializer(rates, many=True).data, status=201)


def _write(summary: str, serializer: type, path: str) -> Callable[..., Any]:
    """A step of a bonus as a route that may be repeated safely."""
    return writes(serializer, shapes.BonusDetailSerializer, detail=True, url_path=path, summary=summary)


@extend_schema(tags=TAGS)
@extend_schema_view(list=extend_schema(summary="Team bonuses"))
class BonusViewSet(mixins.ListModelMixin, GenericViewSet[TeamBonus]):
    """招引团队奖励 that one sees: one's own, one's team's as its leader, all for HR, managers and auditors."""

    queryset = TeamBonus.objects.none()
    serializer_class = shapes.BonusSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Za-z]{6,10}"
    read_scope = ApiToken.Scope.READ_KPI
    write_scope = ApiToken.Scope.WRITE_KPI

    @property
    def filterset_class(self) -> Any:
        return BonusFilter if self.action == "list" else None

    def get_queryset(self) -> QuerySet[TeamBonus]:
        return queries.listed_bonuses(account_of(self.request)).order_by("-pk")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        names = shown_names(account_of(request), [bonus.project for bonus in found])
        shown = shapes.BonusSerializer(found, many=True, context={"names": names})
        return self.get_paginated_response(shown.data)

    @extend_schema(
        summary="One team bonus with plans, phases and lines",
        responses={200: shapes.BonusDetailSerializer, **refusals(404)},
    )
    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown(request, public_id)

    @writes(
        shapes.OpenBonusSerializer,
        shapes.BonusDetailSerializer,
        status=201,
        summary="Open the bonus of a recognised key project",
    )
    def create(self, request: Request) -> Response:
        """By HR or a manager, by the standard of the day of recognition."""
        given, actor = checked(shapes.OpenBonusSerializer, request), account_of(request)
        held = get_object_or_404(queries.candidates(actor), public_id=given.pop("recognition"))
        bonus = actions.open_bonus(actor=actor, recognition=held, **given)
        return self._shown(request, bonus.public_id, 201)

    @_write("Set another pool", shapes.SetPoolSerializer, "pool")
    def pool(self, request: Request, public_id: str) -> Response:
        return self._step(request, public_id, actions.set_pool, shapes.SetPoolSerializer)

    @_write("End a bonus", shapes.BonusReasonSerializer, "end")
    def end(self, request: Request, public_id: str) -> Response:
        """What is due or paid stays."""
        return self._step(request, public_id, actions.end_bonus, shapes.BonusReasonSerializer)

    @_write("Propose the distribution", shapes.ProposePlanSerializer, "plan")
    def plan(self, request: Request, public_id: str) -> Response:
        """By the leader of the team; everybody is asked anew."""
        given = _seen(checked(shapes.ProposePlanSerializer, request))
        shares = [
            (person_of(request, one["person"], "shares"), one["percent"]) for one in given.pop("shares")
        ]
        replies = {one["share"]: one["reply"] for one in given.pop("replies", [])}
        bonus = self.get_object()
        plans.propose_plan(actor=account_of(request), bonus=bonus, shares=shares, replies=replies, **given)
        return self._shown(request, public_id)

    @_write("Submit the confirmed plan", shapes.BonusVersionSerializer, "submit")
    def submit(self, request: Request, public_id: str) -> Response:
        return self._step(request, public_id, plans.submit_plan, shapes.BonusVersionSerializer)

    @_write("Approve the plan", shapes.ApprovePlanSerializer, "approve")
    def approve(self, request: Request, public_id: str) -> Response:
        """By a manager without a share."""
        return self._step(request, public_id, plans.approve_plan, shapes.ApprovePlanSerializer)

    @_write("Return the plan", shapes.BonusReasonSerializer, "return")
    def send_back(self, request: Request, public_id: str) -> Response:
        return self._step(request, public_id, plans.return_plan, shapes.BonusReasonSerializer)

    @_write("Bring what is due in line with the milestones", shapes.FollowedSerializer, "follow")
    def follow(self, request: Request, public_id: str) -> Response:
        return self._step(request, public_id, payments.follow_bonus, shapes.FollowedSerializer)

    @_write("Write down a payment of everything due", shapes.PayBonusSerializer, "pay")
    def pay(self, request: Request, public_id: str) -> Response:
        """By HR."""
        return self._step(request, public_id, payments.pay_bonus, shapes.PayBonusSerializer)

    @_write("Confirm one's own share", shapes.BonusVersionSerializer, SHARE + "confirm")
    def confirm(self, request: Request, public_id: str, share: str) -> Response:
        """`version` is the share's."""
        return self._answer(request, public_id, share, plans.confirm_share, shapes.BonusVersionSerializer)

    @_write("Object to the plan", shapes.BonusReasonSerializer, SHARE + "object")
    def objecting(self, request: Request, public_id: str, share: str) -> Response:
        return self._answer(request, public_id, share, plans.object_to_share, shapes.BonusReasonSerializer)

    @_write("Answer an objection", shapes.ReplySerializer, SHARE + "reply")
    def reply(self, request: Request, public_id: str, share: str) -> Response:
        return self._answer(request, public_id, share, plans.reply_to_objection, shapes.ReplySerializer)

    @_write("Write down what a member says who has left", shapes.RecordAnswerSerializer, SHARE + "record")
    def record_answer(self, request: Request, public_id: str, share: str) -> Response:
        return self._answer(request, public_id, share, plans.record_answer, shapes.RecordAnswerSerializer)

    def _step(
        self, request: Request, public_id: str, perform: Callable[..., Any], serializer: type
    ) -> Response:
        given = _seen(checked(serializer, request))
        perform(actor=account_of(request), bonus=self.get_object(), **given)
        return self._shown(request, public_id)

    def _answer(
        self, request: Request, public_id: str, key: str, perform: Callable[..., Any], serializer: type
    ) -> Response:
        given = _seen(checked(serializer, request))
        share = get_object_or_404(BonusShare, pk=int(key[:9]), plan__bonus=self.get_object())
        perform(actor=account_of(request), share=share, **given)
        return self._shown(request, public_id)

    def _shown(self, request: Request, public_id: str, status: int = 200) -> Response:
        actor = account_of(request)
        bonus: Any = queries.visible_bonus(actor, public_id)
        bonus.plans_shown, bonus.phases_shown = queries.plans_of(bonus), queries.phase_standings(bonus)
        bonus.lines_shown = queries.lines_of(bonus)
        context = {"names": shown_names(actor, [bonus.project])}
        return Response(shapes.BonusDetailSerializer(bonus, context=context).data, status=status)


def _seen(given: dict[str, Any]) -> dict[str, Any]:
    if "version" in given:
        given["seen"] = given.pop("version")
    return given
