"""Target tables before they are written: uploaded, spread over the year, or taken from an earlier year."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kpi import access, actions
from kpi.api.previews import MADE, WORKBOOK, PreviewViewSet, described, rejected_workbook, uploaded
from kpi.api.reading import Subjects
from kpi.forms import CopyForm, SpreadForm
from kpi.imports import read_targets, rejected_sheet
from kpi.queries.target import target_lines, target_years, wanted_targets, with_values
from kpi.queries.target_plan import TargetPreview, plan_copy, plan_spread
from kpi.serializers.previews import TableSerializer
from kpi.serializers.target import CopyTargetsSerializer, PlannedTargetSerializer, SpreadTargetsSerializer
from projects.api.reading import account_of, checked
from promotion.api.idempotency import idempotent
from promotion.api.schema import refusals
from promotion.errors import NotAllowed, Refused
from promotion.models import ImportBatch
from staff.models import Account


class TargetPreviewViewSet(PreviewViewSet):
    """Previews of target tables: uploaded, spread over the year, or taken from an earlier year."""

    def visible(self, actor: Account) -> QuerySet[ImportBatch]:
        if not access.can_set_targets(actor):
            raise NotAllowed(_("只有人事和分管领导可以下达目标。"))
        return access.target_imports_visible_to(actor)

    @extend_schema(summary="Previews of target tables, newest first", tags=["kpi"])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One preview with its counts", tags=["kpi"])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @described("Preview a target table", request=TableSerializer, responses=MADE)
    @idempotent
    def create(self, request: Request) -> Response:
        """Multipart with `year` and `file`; nothing is written yet. Refused rows come with their reasons."""
        given, actor = checked(TableSerializer, request), account_of(request)
        self.visible(actor)
        preview = read_targets(actor, given["year"], uploaded(given["file"]))
        return self._kept(actor, given["year"], given["file"].name, preview)

    @described("Preview a year spread over its parts", request=SpreadTargetsSerializer, responses=MADE)
    @action(detail=False, methods=["post"])
    @idempotent
    def spread(self, request: Request) -> Response:
        """Halves, quarters and months, even, by working days or by weights; the parts add up to the year exactly."""
        given, actor = checked(SpreadTargetsSerializer, request), account_of(request)
        self.visible(actor)
        own = {
            "grains": given["grains"],
            "method": given["method"],
            "weights": " ".join(str(one) for one in given.get("weights", ())),
        }
        form = _filled(SpreadForm, actor, given, own)
        lines, wanted, levels = form.chosen()
        preview = plan_spread(lines, wanted, levels, form.how(given["year"]))
        return self._kept(actor, given["year"], form.title(), preview)

    @described("Preview an earlier year's targets", request=CopyTargetsSerializer, responses=MADE)
    @action(detail=False, methods=["post"])
    @idempotent
    def copy(self, request: Request) -> Response:
        """Times a percentage; what is set already stays unless `replaces`."""
        given, actor = checked(CopyTargetsSerializer, request), account_of(request)
        self.visible(actor)
        years = [other for other in target_years(actor) if other < given["year"]]
        own = {"year": given["from_year"], "factor": given["factor"], "with_parts": given["with_parts"]}
        form = _filled(CopyForm, actor, given, own, years=years)
        lines, wanted, levels = form.chosen()
        preview = plan_copy(actor, lines, wanted, levels, form.how())
        return self._kept(actor, given["year"], form.title(), preview)

    def _kept(self, actor: Account, year: int, name: str, preview: TargetPreview) -> Response:
        batch = actions.keep_target_import(
            actor=actor,
            year=year,
            file_name=name,
            accepted=preview.accepted,
            rejected=preview.rejected,
        )
        return self.answer(batch, 201)

    @extend_schema(
        summary="The values a preview would write",
        tags=["kpi"],
        responses={200: PlannedTargetSerializer(many=True), **refusals(404)},
    )
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, public_id: str) -> Response:
        """Each with its old and new value; what is the same as now is not written."""
        return self.paged(self.get_object().accepted, PlannedTargetSerializer)

    @extend_schema(
        summary="The refused rows as a workbook", tags=["kpi"], responses={**WORKBOOK, **refusals(404)}
    )
    @action(detail=True, methods=["get"])
    def workbook(self, request: Request, public_id: str) -> HttpResponse:
        """With the reasons in front, to be corrected and sent again."""
        return rejected_workbook(self.get_object(), rejected_sheet)

    @described("Write a preview of targets")
    @action(detail=True, methods=["post"])
    @idempotent
    def apply(self, request: Request, public_id: str) -> Response:
        """All of it or nothing; 409 when a value changed since the preview."""
        batch = self.get_object()
        return self.answer(actions.apply_target_import(actor=account_of(request), batch=batch))

    @described("Put a preview of targets aside")
    @action(detail=True, methods=["post"])
    @idempotent
    def discard(self, request: Request, public_id: str) -> Response:
        batch = self.get_object()
        return self.answer(actions.discard_target_import(actor=account_of(request), batch=batch))


def _filled(form: Any, actor: Account, given: dict[str, Any], own: dict[str, Any], **more: Any) -> Any:
    """The form of the page, filled from the request: the same choices and the same sentences. Raises Refused."""
    year = given["year"]
    lines, wanted = with_values(actor, year, target_lines(actor, year)), wanted_targets(year)
    if not wanted:
        raise Refused(_("%(year)s 年还没有已发布的考核细则；请先发布细则，再下达目标。") % {"year": year})
    scope = _scope(actor, given)
    data = {
        "scope": scope,
        "codes": given.get("indicators") or [one.code for one in wanted],
        "levels": given["levels"],
        "digits": given["digits"],
        "replaces": given["replaces"],
        **own,
    }
    filled = form(lines, wanted, data, scope=scope, **more)
    if not filled.is_valid():
        names = {"codes": "indicators", **({"year": "from_year"} if "from_year" in given else {})}
        faults = {names.get(name, name): " ".join(found) for name, found in filled.errors.items()}
        raise Refused(next(iter(faults.values())), fields=faults)
    return filled


def _scope(actor: Account, given: dict[str, Any]) -> str:
    """The scope as the form names it."""
    person, team = Subjects(actor, [given]).of(given, "")
    if person is not None and team is not None:
        sentence = _("请写 person（工号）或 team（代码），两者写且只写一个。")
        raise Refused(sentence, fields={"person": sentence})
    if person is not None:
        return f"person:{person.public_id}"
    if team is not None:
        return f"{'members' if given['members'] else 'team'}:{team.public_id}"
    return str(given["scope"])
