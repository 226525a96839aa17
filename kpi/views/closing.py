"""The close of a year: what is open, who asks, who grants, and the chain of seals."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi.access import closing as access
from kpi.actions import closing as actions
from kpi.actions.bundle import take_bundle
from kpi.exports.bundle import bundle_archive, bundle_name
from kpi.forms.closing import DecliningForm, ReopeningForm
from kpi.models import SealKind, YearRequest, YearSeal
from kpi.queries.closing.page import Closing, closing_of, moved_since
from kpi.queries.run import assessed_years
from kpi.queries.seal import titles
from kpi.views.score import asked_year
from promotion.errors import NotAllowed, NotFound
from promotion.web.formats import number
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account


@require_GET
def closing(request: SignedInRequest) -> HttpResponse:
    """The year's checks, the request that waits, and its seals."""
    if not access.sees_closing(request.user):
        raise NotAllowed(_("关账由人事和分管领导办理；请联系他们。"))
    year = asked_year(request)
    found = closing_of(request.user, year)
    context = {
        "year": year,
        "years": assessed_years(),
        "closing": found,
        "checks": found.checks,
        "seals": _shown(found.seals),
        "moved": moved_since(found.seals[0]) if found.seals else [],
        **_rights(request, found),
    }
    return page(request, "kpi/closing.html", context)


def _rights(request: SignedInRequest, found: Closing) -> dict[str, Any]:
    actor, asked = request.user, found.request
    closes = asked is not None and asked.kind == SealKind.CLOSED
    grants = access.can_close_years(actor) if closes else access.can_grant_reopening(actor)
    own = asked is not None and asked.requested_by_id == actor.pk
    free = asked is None and found.run is not None
    return {
        "may_prepare": free and not found.is_closed and access.can_prepare_closing(actor),
        "may_ask": free and found.is_closed and access.can_ask_reopening(actor),
        "may_decide": asked is not None and grants and not own,
        "may_withdraw": own,
        "may_bundle": found.is_closed and access.can_take_bundles(actor),
    }


def _shown(seals: Sequence[YearSeal]) -> list[dict[str, Any]]:
    """The links with what they seal in words, and people by name: a link holds log-ins, which do not change."""
    names = titles()
    logins = {login for seal in seals for login in (seal.requested_by, seal.decided_by)}
    people = {one.username: str(one) for one in Account.objects.filter(username__in=logins)}
    return [
        {
            "seal": seal,
            "asked": people.get(seal.requested_by, seal.requested_by),
            "granted": people.get(seal.decided_by, seal.decided_by),
            "parts": [
                {
                    **part,
                    "title": names.get(part["code"], part["code"]),
                    "rows_shown": number(part["rows"], 0),
                }
                for part in seal.parts
            ],
            "changed": "、".join(names.get(code, code) for code in seal.changed),
        }
        for seal in seals
    ]


@require_POST
def closing_prepare(request: SignedInRequest, year: int) -> HttpResponse:
    """HR asks for the year to be closed."""
    actions.prepare_closing(actor=request.user, year=year)
    return done(request, _address(year), _("已提交，待分管领导确认。"))


@require_POST
def closing_grant(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A second person closes the year, or opens it again."""
    asked = _request_of(request, public_id)
    if asked.kind == SealKind.CLOSED:
        actions.close_year(actor=request.user, request=asked)
        text = _("%(year)s 年已关账，数据已锁定。") % {"year": asked.year}
    else:
        actions.reopen_year(actor=request.user, request=asked)
        text = _("%(year)s 年已重开；更正以后请重新关账。") % {"year": asked.year}
    return done(request, _address(asked.year), text)


@require_POST
def closing_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Who asked takes it back."""
    asked = actions.withdraw_request(actor=request.user, request=_request_of(request, public_id))
    return done(request, _address(asked.year), _("已撤回。"))


@require_http_methods(["GET", "POST"])
def closing_decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A request is given back with a reason."""
    asked = _request_of(request, public_id)
    form = DecliningForm(request.POST or None)

    def perform() -> YearRequest:
        return actions.decline_request(actor=request.user, request=asked, note=form.cleaned_data["note"])

    title = _("退回%(kind)s申请") % {"kind": asked}
    return _asked(request, form, perform, title=title, label=_("退回"), year=asked.year, said=_("已退回。"))


@require_http_methods(["GET", "POST"])
def closing_reopen(request: SignedInRequest, year: int) -> HttpResponse:
    """HR or a manager asks for a closed year to be opened again."""
    if not access.can_ask_reopening(request.user):
        raise NotAllowed(_("由人事或分管领导申请重开年度；请联系他们。"))
    form = ReopeningForm(request.POST or None)

    def perform() -> YearRequest:
        return actions.ask_reopening(actor=request.user, year=year, reason=form.cleaned_data["reason"])

    title = _("申请重开 %(year)s 年") % {"year": year}
    said = _("已提交，待另一位同事确认。")
    return _asked(request, form, perform, title=title, label=_("提交申请"), year=year, said=said)


def _asked(
    request: SignedInRequest,
    form: Any,
    perform: Callable[[], Any],
    *,
    title: str,
    label: str,
    year: int,
    said: str,
) -> HttpResponse:
    """A reason in the shared dialog, or as a page."""
    if request.method == "POST" and form.is_valid() and attempt(form, perform) is not None:
        return done(request, _address(year), said)
    context = {"form": form, "title": title, "label": label, "back": _address(year)}
    status = 422 if form.is_bound else 200
    return page(request, "kpi/closing_reason.html", context, fragment="panel", status=status)


@require_GET
def closing_bundle(request: SignedInRequest, year: int) -> HttpResponseBase:
    """The auditor's bundle, sent while it is written; taking it is recorded."""
    seal = take_bundle(actor=request.user, year=year)
    response = StreamingHttpResponse(bundle_archive(seal), content_type="application/zip")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=bundle_name(seal)) or ""
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _address(year: int) -> str:
    return f"{reverse('kpi:closing')}?year={year}"


def _request_of(request: SignedInRequest, public_id: str) -> YearRequest:
    visible = access.year_requests_visible_to(request.user).select_related("requested_by", "run__scheme")
    found = visible.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这份申请。"))
    return found
