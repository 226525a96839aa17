"""Groups, merges and suspected duplicates in the REST API, and the parts of contacts in projects."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.access import contacts_visible_to, merges_visible_to, projects_visible_to
from projects.actions import company_undo, contact, duplicate_scan
from projects.api.project import account_of, checked
from projects.models import CompanyGroup, CompanyMerge, ContactRole, DuplicatePair
from projects.queries.company_group import groups_listed
from projects.queries.duplicate_scan import pairs_listed
from projects.serializers.company import (
    CompanyGroupSerializer,
    CompanyReasonSerializer,
    ContactRoleEntrySerializer,
    ContactRoleSerializer,
    DuplicatePairSerializer,
    DuplicateScanSerializer,
    MergeSerializer,
)
from promotion.api.idempotency import idempotent
from promotion.api.routes import writes
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from promotion.errors import NotFound
from staff.models import ApiToken


@extend_schema_view(
    list=extend_schema(summary="Groups of companies", tags=["companies"]),
    retrieve=extend_schema(summary="One group", tags=["companies"]),
)
class CompanyGroupViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CompanyGroup]
):
    """Groups (集团) with the companies, projects and money that the account sees of them."""

    queryset = CompanyGroup.objects.none()
    serializer_class = CompanyGroupSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[CompanyGroup]:
        return groups_listed(account_of(self.request)).order_by("pinyin", "pk")


@extend_schema_view(
    list=extend_schema(summary="Merges", tags=["companies"]),
    retrieve=extend_schema(summary="One merge", tags=["companies"]),
)
class CompanyMergeViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CompanyMerge]
):
    """Merges (企业合并) into companies that the account sees."""

    queryset = CompanyMerge.objects.none()
    serializer_class = MergeSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[CompanyMerge]:
        return merges_visible_to(account_of(self.request)).select_related("kept", "lost").order_by("-pk")

    @writes(CompanyReasonSerializer, MergeSerializer, detail=True, summary="Undo a merge", tags=["companies"])
    def undo(self, request: Request, public_id: str) -> Response:
        """Exactly what moved goes back; refused with the reason when something of it changed since."""
        given = checked(CompanyReasonSerializer, request)
        undone = company_undo.undo_merge(actor=account_of(request), merge=self.get_object(), **given)
        return Response(MergeSerializer(undone).data)


@extend_schema_view(
    list=extend_schema(summary="Suspected duplicates", tags=["companies"]),
    retrieve=extend_schema(summary="One pair", tags=["companies"]),
)
class DuplicatePairViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[DuplicatePair]
):
    """Pairs of companies that may be one (疑似重复): for managers and administrators, dismissed ones too."""

    queryset = DuplicatePair.objects.none()
    serializer_class = DuplicatePairSerializer
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[DuplicatePair]:
        return pairs_listed(account_of(self.request)).order_by("-score", "pk")

    @writes(
        None,
        DuplicateScanSerializer,
        refused=(),
        status=202,
        detail=False,
        summary="Scan all companies",
        tags=["companies"],
    )
    def scan(self, request: Request) -> Response:
        """Asks for a scan; the one that is already under way is answered instead of a second."""
        scan = duplicate_scan.request_scan(actor=account_of(request))
        return Response(DuplicateScanSerializer(scan).data, status=202)

    @writes(
        CompanyReasonSerializer,
        DuplicatePairSerializer,
        refused=(400, 404, 422),
        detail=True,
        summary="Dismiss a pair",
        tags=["companies"],
    )
    def dismiss(self, request: Request, public_id: str) -> Response:
        """Two companies after all; later scans do not ask again."""
        given = checked(CompanyReasonSerializer, request)
        pair = duplicate_scan.dismiss_pair(actor=account_of(request), pair=self.get_object(), **given)
        return Response(DuplicatePairSerializer(pair).data)


class ContactRoleViewSet(viewsets.GenericViewSet[ContactRole]):
    """Who is who at the company for a project (联系人角色): /projects/{project}/contact-roles/."""

    queryset = ContactRole.objects.none()
    serializer_class = ContactRoleSerializer
    pagination_class = None
    read_scope = ApiToken.Scope.READ_PROJECTS
    write_scope = ApiToken.Scope.WRITE_PROJECTS

    def get_queryset(self) -> QuerySet[ContactRole]:
        seen = projects_visible_to(account_of(self.request)).filter(public_id=self.kwargs["project"])
        rows = ContactRole.objects.filter(project__in=seen.values("pk"))
        return rows.select_related("contact", "project").order_by("pk")

    @extend_schema(
        summary="Contact roles of a project", tags=["projects"], responses=ContactRoleSerializer(many=True)
    )
    def list(self, request: Request, project: str) -> Response:
        return Response(ContactRoleSerializer(self.get_queryset(), many=True).data)

    @extend_schema(
        summary="Give a contact a role",
        tags=["projects"],
        parameters=[IDEMPOTENCY_KEY],
        request=ContactRoleEntrySerializer,
        responses={201: ContactRoleSerializer, **refusals(400, 403, 404, 422)},
    )
    @idempotent
    def create(self, request: Request, project: str) -> Response:
        given = checked(ContactRoleEntrySerializer, request)
        actor = account_of(request)
        found = projects_visible_to(actor).filter(public_id=project).first()
        person = contacts_visible_to(actor).filter(pk=given.pop("contact")).first()
        if found is None or person is None:
            raise NotFound(_("没有这个项目或联系人，或您不能查看。"))
        role = contact.assign_contact_role(actor=actor, project=found, contact=person, **given)
        return Response(ContactRoleSerializer(role).data, status=201)

    @writes(
        None, ContactRoleSerializer, refused=(404, 422), summary="End a contact's role", tags=["projects"]
    )
    def end(self, request: Request, project: str, role: int) -> Response:
        found = self.get_queryset().filter(pk=role).first()
        if found is None:
            raise NotFound(_("没有这个联系人角色。"))
        ended = contact.end_contact_role(actor=account_of(request), role=found)
        return Response(ContactRoleSerializer(ended).data)
