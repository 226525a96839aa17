"""Companies in the REST API: their record, names, people, merges, and the question whether one is already there."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import can_merge, companies_visible_to
from projects.actions import company as company_actions
from projects.actions import company_merge, company_name, contact
from projects.api.project import account_of, checked
from projects.credit_code import fault, normalised
from projects.filters.feed import CompanyFeed
from projects.models import Company
from projects.queries import find_duplicates
from projects.queries.company_merge import preview_merge
from projects.queries.company_name import survivor_of
from projects.queries.conflict import find_conflicts
from projects.serializers.company import (
    AliasEntrySerializer,
    AliasSerializer,
    CompanyChangeSerializer,
    CompanyCheckResultSerializer,
    CompanyCheckSerializer,
    CompanyReasonSerializer,
    CompanySerializer,
    ContactChangeSerializer,
    ContactEntrySerializer,
    ContactSerializer,
    MergeEntrySerializer,
    MergePreviewSerializer,
    MergeSerializer,
)
from projects.serializers.protection import ConflictsSerializer
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotAllowed, NotFound
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="Companies", tags=["companies"]),
    retrieve=extend_schema(
        summary="One company", tags=["companies"], responses={200: CompanySerializer, **refusals(404)}
    ),
)
class CompanyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Company]):
    """Companies (企业客商) that the account sees. The id of a merged company answers with the one that was kept."""

    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    filterset_class = CompanyFeed
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[Company]:
        rows = companies_visible_to(self.request.user).select_related("group")  # type: ignore[arg-type]
        return rows.prefetch_related("aliases").order_by("-pk")

    def get_object(self) -> Company:
        return company_at(self.request, self.kwargs["public_id"])

    @writes(CompanyChangeSerializer, CompanySerializer, summary="Correct a company", tags=["companies"])
    def partial_update(self, request: Request, public_id: str) -> Response:
        """Only the fields you send; with `version`, refused when somebody changed the company since."""
        given = checked(CompanyChangeSerializer, request)
        seen = given.pop("version", None)
        saved = company_actions.change_company(
            actor=account_of(request), company=self.get_object(), seen=seen, **given
        )
        return Response(CompanySerializer(saved).data)

    @extend_schema(
        summary="Add another name",
        tags=["companies"],
        parameters=[IDEMPOTENCY_KEY],
        request=AliasEntrySerializer,
        responses={201: AliasSerializer, **refusals(400, 403, 404, 422)},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @idempotent
    def aliases(self, request: Request, public_id: str) -> Response:
        """A short, former or English name, or a brand: the company is found by it at once."""
        given = checked(AliasEntrySerializer, request)
        alias = company_name.add_alias(actor=account_of(request), company=self.get_object(), **given)
        return Response(AliasSerializer(alias).data, status=201)

    @writes(
        CompanyReasonSerializer,
        None,
        refused=(400, 404, 422),
        status=204,
        detail=True,
        url_path=r"aliases/(?P<alias_id>\d+)/remove",
        summary="Remove another name",
        tags=["companies"],
    )
    def remove_alias(self, request: Request, public_id: str, alias_id: str) -> Response:
        given = checked(CompanyReasonSerializer, request)
        alias = self.get_object().aliases.select_related("company").filter(pk=int(alias_id)).first()
        if alias is None:
            raise NotFound(_("没有这个别名，可能已被删除。"))
        company_name.remove_alias(actor=account_of(request), alias=alias, **given)
        return Response(status=204)

    @extend_schema(
        summary="Contacts of a company", tags=["companies"], responses=ContactSerializer(many=True)
    )
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def contacts(self, request: Request, public_id: str) -> Response:
        return Response(ContactSerializer(self.get_object().contacts.all(), many=True).data)

    @extend_schema(
        summary="Add a contact",
        tags=["companies"],
        parameters=[IDEMPOTENCY_KEY],
        request=ContactEntrySerializer,
        responses={201: ContactSerializer, **refusals(400, 403, 404, 422)},
    )
    @contacts.mapping.post
    @idempotent
    def add_contact(self, request: Request, public_id: str) -> Response:
        given = checked(ContactEntrySerializer, request)
        added = contact.add_contact(actor=account_of(request), company=self.get_object(), **given)
        return Response(ContactSerializer(added).data, status=201)

    @writes(
        ContactChangeSerializer,
        ContactSerializer,
        detail=True,
        url_path=r"contacts/(?P<contact_id>\d+)",
        methods=["patch"],
        summary="Correct a contact",
        tags=["companies"],
    )
    def change_contact(self, request: Request, public_id: str, contact_id: str) -> Response:
        given = checked(ContactChangeSerializer, request)
        seen = given.pop("version", None)
        saved = contact.change_contact(
            actor=account_of(request), contact=self._contact(contact_id), seen=seen, **given
        )
        return Response(ContactSerializer(saved).data)

    @writes(
        CompanyReasonSerializer,
        ContactSerializer,
        refused=(400, 404, 422),
        detail=True,
        url_path=r"contacts/(?P<contact_id>\d+)/retire",
        summary="Retire a contact",
        tags=["companies"],
    )
    def retire_contact(self, request: Request, public_id: str, contact_id: str) -> Response:
        """Open parts in projects end with the day."""
        given = checked(CompanyReasonSerializer, request)
        retired = contact.retire_contact(
            actor=account_of(request), contact=self._contact(contact_id), **given
        )
        return Response(ContactSerializer(retired).data)

    @extend_schema(
        summary="Preview a merge",
        tags=["companies"],
        responses={200: MergePreviewSerializer, **refusals(403, 404)},
    )
    @action(detail=True, methods=["get"], url_path=r"merge-preview/(?P<lost>\w+)")
    def merge_preview(self, request: Request, public_id: str, lost: str) -> Response:
        """What merging the company `lost` into this one would do; writes nothing."""
        kept, other = self.get_object(), company_at(request, lost)
        if not can_merge(account_of(request), [kept, other]):
            raise NotAllowed(_("只有分管领导，以及能看到两家企业全部项目的队长可以合并；请联系他们。"))
        return Response(MergePreviewSerializer(preview_merge(kept, other)).data)

    @extend_schema(
        summary="Merge a company into this one",
        tags=["companies"],
        parameters=[IDEMPOTENCY_KEY],
        request=MergeEntrySerializer,
        responses={201: MergeSerializer, **refusals(400, 403, 404, 409, 422)},
    )
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    @idempotent
    def merge(self, request: Request, public_id: str) -> Response:
        """Credit keeps its value; the merge can be undone for 30 days."""
        given = checked(MergeEntrySerializer, request)
        lost = company_at(request, given.pop("lost"))
        done = company_merge.merge_companies(
            actor=account_of(request), kept=self.get_object(), lost=lost, **given
        )
        return Response(MergeSerializer(done).data, status=201)

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

    @extend_schema(
        summary="Whose company is it: the masked conflict check",
        tags=["companies"],
        parameters=[
            OpenApiParameter("name", str, description="Any name: own, former, English, short, of the group."),
            OpenApiParameter("code", str, description="Unified social credit code."),
        ],
        responses={200: ConflictsSerializer, **refusals(400)},
    )
    @action(detail=False, methods=["get"], filterset_class=None, pagination_class=None)
    def conflicts(self, request: Request) -> Response:
        """Companies that the name or code may mean, closest first; of another team's only the team and the month."""
        actor = account_of(request)
        name = request.query_params.get("name", "")[:120]
        code = request.query_params.get("code", "")[:40]
        found = find_conflicts(actor=actor, name=name, credit_code=code)
        blocked = any(one.protected and not one.visible and one.closeness == 0 for one in found)
        return Response(
            ConflictsSerializer({"blocked": blocked, "conflicts": [asdict(one) for one in found]}).data
        )

    def _contact(self, contact_id: str) -> Any:
        found = self.get_object().contacts.filter(pk=int(contact_id)).first()
        if found is None:
            raise NotFound(_("没有这位联系人，或您不能查看。"))
        return found


def company_at(request: Request, public_id: str) -> Company:
    """The company of an id, or the one that it was merged into. Raises NotFound out of sight."""
    seen = companies_visible_to(account_of(request)).select_related("group").prefetch_related("aliases")
    found = seen.filter(public_id=public_id).first()
    if found is None and (kept := survivor_of(public_id)):
        found = seen.filter(pk=kept.pk).first()
    if found is None:
        raise NotFound(_("没有这家企业，或您不能查看它。"))
    return found
