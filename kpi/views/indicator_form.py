"""The form of one indicator of a draft: what kind, its fields or its text, and the trial beside it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpi.forms import indicator as forms
from kpi.forms.indicator import Proposal, Setting
from kpi.models import SchemeVersion
from kpi.queries import scheme_preview as trial
from kpi.queries.scheme import read_document, read_scheme
from kpi.scoring import editing
from kpi.views.draft_form import Try, answered, previewed
from kpi.views.scheme import framed
from kpi.views.scheme_draft import find_draft
from promotion.errors import NotFound
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def indicator_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """First the kind in plain words, then the form with the fields that this kind needs."""
    version = find_draft(request, public_id)
    setting = Setting(read_scheme(version), read_document(version))
    if request.method == "POST":
        return answer(request, version, forms.sent(setting, request.POST))
    kind = request.GET.get("kind", "")
    if not kind:
        return page(request, "kpi/indicator_kinds.html", {**framed(request, version), "groups": forms.GROUPS})
    try:
        return drawn(request, version, forms.begun(setting, kind))
    except KeyError:
        raise NotFound(_("没有这种指标，请重新选。")) from None


@require_http_methods(["GET", "POST"])
def indicator(request: SignedInRequest, public_id: str, code: str) -> HttpResponse:
    """One indicator of a draft; what no form holds is edited as text."""
    version = find_draft(request, public_id)
    setting = Setting(read_scheme(version), read_document(version))
    try:
        entry = editing.indicator_entry(setting.document, code)
    except KeyError:
        raise NotFound(_("草稿里没有这一项，可能已被删除。")) from None
    if request.method == "POST":
        return answer(request, version, forms.sent(setting, request.POST, code))
    return drawn(request, version, forms.shown(setting, entry, code))


def answer(request: SignedInRequest, version: SchemeVersion, proposal: Proposal) -> HttpResponse:
    """By the button that was pressed."""

    def draw(found: Proposal, **more: Any) -> HttpResponse:
        return drawn(request, version, found, **more)

    return answered(request, version, proposal, draw, trying(request, version))


def trying(request: SignedInRequest, version: SchemeVersion) -> Try:
    """Tries the indicator out on whom the page asks for."""
    who = request.POST.get("who", "")
    return lambda scheme, proposal: trial.tried(
        scheme, version, proposal.document, code=proposal.item, who=who
    )


def drawn(
    request: SignedInRequest,
    version: SchemeVersion,
    proposal: Proposal,
    *,
    status: int = 200,
    table: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of the form; `table` is the one whose last line is typed in next."""
    if proposal.editor and table:
        proposal.editor.focus(table)
    run = trial.run_to_try(version.year)
    context = {
        **framed(request, version),
        "proposal": proposal,
        "seen": request.POST.get("seen") or version.version,
        "shape": forms.SHAPES.get(proposal.kind),
        "run": run,
        "who": request.POST.get("who", ""),
        "offered": trial.subjects_offered(proposal.setting.scheme, run) if run else [],
        "preview_url": reverse("kpi:scheme-preview", args=[version.public_id]) + f"?code={proposal.code}",
        **more,
    }
    return page(request, "kpi/indicator_form.html", context, status=status)


@require_POST
def preview(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The trial beside the form as it is being typed."""
    version = find_draft(request, public_id)
    setting = Setting(read_scheme(version), read_document(version))
    data, code = forms.named(request.POST, _("未命名")), request.GET.get("code", "")
    if code and code not in {one.code for one in setting.scheme.indicators}:
        raise NotFound(_("草稿里没有这一项，可能已被删除。"))
    proposal = forms.sent(setting, data, code)
    return previewed(request, version, proposal, trying(request, version), "kpi/_preview.html")
