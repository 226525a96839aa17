"""The promise ledger in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import departments_visible_to, projects_visible_to
from projects.actions import promise as acts
from projects.api.project import account_of, checked
from projects.filters.promise import PromiseFilter
from projects.models import Promise
from projects.queries.promise import listed_promises, visible_fulfilment
from projects.serializers.promise import (
    FulfilmentDecisionSerializer,
    FulfilmentEntrySerializer,
    PromiseEntrySerializer,
    PromiseReasonSerializer,
    PromiseSerializer,
    PromiseTermsSerializer,
)
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.errors import Refused
from staff.access import people_visible_to
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="Promises of the projects that you see", tags=["promises"]),
    retrieve=extend_schema(
        summary="One promise with its fulfilments and changes",
        tags=["promises"],
        responses={200: PromiseSerializer, **refusals(404)},
    ),
)
class PromiseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Promise]):
    """What both sides promised (双向承诺)."""

    queryset = Promise.objects.none()
    serializer_class = PromiseSerializer
    filterset_class = PromiseFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Promise]:
        listed = listed_promises(account_of(self.request))
        return listed.prefetch_related("fulfilments", "changes").order_by("due_on", "pk")

    @writes(
        PromiseEntrySerializer,
        PromiseSerializer,
        refused=(400, 404, 422),
        status=201,
        summary="Write down a promise",
        tags=["promises"],
    )
    def create(self, request: Request) -> Response:
        """The service specialist answers for it unless `person` is named."""
        given, account = checked(PromiseEntrySerializer, request), account_of(request)
        for name, rows, key in (
            ("project", projects_visible_to(account), "public_id"),
            ("person", people_visible_to(account), "staff_number"),
            ("department", departments_visible_to(account), "code"),
        ):
            if name in given:
                given[name] = _named(rows, name, **{key: given[name]})
        made = acts.add_promise(actor=account, **given)
        return Response(self._drawn(made), status=201)

    @writes(
        FulfilmentEntrySerializer,
        PromiseSerializer,
        status=201,
        detail=True,
        summary="Report what was done",
        tags=["promises"],
    )
    def fulfil(self, request: Request, public_id: str) -> Response:
        """What matters waits for a second person; evidence as multipart."""
        given = checked(FulfilmentEntrySerializer, request)
        seen = given.pop("version", None)
        promise = self.get_object()
        acts.report_fulfilment(actor=account_of(request), promise=promise, seen=seen, **given)
        return Response(self._drawn(promise), status=201)

    @writes(
        FulfilmentDecisionSerializer,
        PromiseSerializer,
        detail=True,
        summary="Confirm a report",
        tags=["promises"],
    )
    def confirm(self, request: Request, public_id: str) -> Response:
        """By a second person."""
        given = checked(FulfilmentDecisionSerializer, request)
        report = visible_fulfilment(account_of(request), given["fulfilment"])
        acts.confirm_fulfilment(
            actor=account_of(request),
            fulfilment=report,
            note=given.get("note", ""),
            seen=given.get("version"),
        )
        return Response(self._drawn(report.promise))

    @writes(
        FulfilmentDecisionSerializer,
        PromiseSerializer,
        detail=True,
        url_path="return",
        summary="Send a report back",
        tags=["promises"],
    )
    def send_back(self, request: Request, public_id: str) -> Response:
        """By a second person, with the reason."""
        given = checked(FulfilmentDecisionSerializer, request)
        report = visible_fulfilment(account_of(request), given["fulfilment"])
        acts.return_fulfilment(
            actor=account_of(request),
            fulfilment=report,
            reason=given.get("reason", ""),
            seen=given.get("version"),
        )
        return Response(self._drawn(report.promise))

    @writes(
        PromiseTermsSerializer, PromiseSerializer, detail=True, summary="Change the terms", tags=["promises"]
    )
    def change(self, request: Request, public_id: str) -> Response:
        """The old terms stay in `changes`."""
        given = checked(PromiseTermsSerializer, request)
        seen = given.pop("version", None)
        changed = acts.change_promise(
            actor=account_of(request), promise=self.get_object(), seen=seen, **given
        )
        return Response(self._drawn(changed))

    @writes(
        PromiseReasonSerializer,
        PromiseSerializer,
        detail=True,
        summary="Release from a promise",
        tags=["promises"],
    )
    def waive(self, request: Request, public_id: str) -> Response:
        """With the reason."""
        given = checked(PromiseReasonSerializer, request)
        waived = acts.waive_promise(
            actor=account_of(request),
            promise=self.get_object(),
            reason=given["reason"],
            seen=given.get("version"),
        )
        return Response(self._drawn(waived))

    def _drawn(self, promise: Promise) -> Any:
        return PromiseSerializer(self.get_queryset().get(pk=promise.pk)).data


def _named(rows: QuerySet[Any], field: str, **key: str) -> Any:
    found = rows.filter(**key).first()
    if found is None:
        sentence = _("没有这个编号，或您不能查看它。")
        raise Refused(sentence, fields={field: sentence})
    return found
