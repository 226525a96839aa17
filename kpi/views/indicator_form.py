"""The form of one indicator of a draft: what kind, its fields or its text, and the trial beside it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from kpi import actions
from kpi.forms import indicator as forms
from kpi.forms.indicator import Proposal, Setting
from kpi.models import SchemeVersion
from kpi.queries import scheme_preview as trial
from kpi.queries.scheme import read_document, read_scheme
from kpi.scoring import editing
from kpi.scoring.writing import rewritten
from kpi.views.scheme import framed
from kpi.views.scheme_draft import address, find_draft
from promotion.errors import NotAllowed, NotFound, Outcome, Refused
from promotion.web.pages import done, is_fragment, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def indicator_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """First the kind in plain words, then the form with the fields that this kind needs."""
    version = find_draft(request, public_id)
    setting = Setting(read_scheme(version), read_document(version))
    if request.method == "POST":
        return answered(request, version, forms.sent(setting, request.POST))
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
        return answered(request, version, forms.sent(setting, request.POST, code))
    return drawn(request, version, forms.shown(setting, entry, code))


def answered(request: SignedInRequest, version: SchemeVersion, proposal: Proposal) -> HttpResponse:
    """Another line, the other view, a trial without script, or saving: by the button that was pressed."""
    data, setting, code = request.POST, proposal.setting, proposal.code
    for button, change in (("add", forms.with_row), ("drop", forms.without_row)):
        if button in data:
            changed = forms.sent(setting, change(data, data[button]), code)
            reply = drawn(request, version, changed, table=data[button].split("-")[0])
            return trigger_client_event(reply, "rowschanged", {})
    if not proposal.is_valid:
        return drawn(request, version, proposal, status=422)
    if "view" in data:
        entry = proposal.sent
        other = (
            forms.as_text(setting, entry, code)
            if data["view"] == "text"
            else forms.shown(setting, entry, code)
        )
        return drawn(request, version, other, asked_form=data["view"] == "form")
    scheme, faults = trial.checked(version, proposal.document)
    if scheme is None:
        proposal.refuse(faults)
        return drawn(request, version, proposal, status=422)
    if "try" in data:
        return drawn(request, version, proposal, tried=tried(request, version, proposal))
    return saved(request, version, proposal)


def saved(request: SignedInRequest, version: SchemeVersion, proposal: Proposal) -> HttpResponse:
    """Keep the draft with the indicator as it was sent; what is refused is said above the form, nothing typed is lost."""
    what = _("修改指标“%(title)s”") if proposal.code else _("增加指标“%(title)s”")
    title, item = proposal.title, proposal.item
    text = rewritten(version.text, proposal.document)
    try:
        actions.edit_draft(
            actor=request.user,
            scheme=version,
            text=text,
            seen=seen_of(request),
            what=what % {"title": title},
        )
    except (NotAllowed, NotFound):
        raise
    except Outcome as outcome:
        # Sent once more, it is meant: who changed the draft since has been said.
        return drawn(request, version, proposal, status=422, refusal=outcome.message, seen=version.version)
    lost = comment_lines(version.text) - comment_lines(text)
    said = (
        _("已保存“%(title)s”。") if lost <= 0 else _("已保存“%(title)s”；原文里有 %(lost)s 行注释没有保留。")
    )
    return done(request, address(version, item), said % {"title": title, "lost": lost})


def comment_lines(text: str) -> int:
    """How many lines of a text carry a comment."""
    return sum(1 for line in text.splitlines() if line.startswith("#") or " #" in line)


def seen_of(request: SignedInRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None


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
    """The trial beside the form as it is being typed; while something is wrong the last good one stays."""
    version = find_draft(request, public_id)
    setting = Setting(read_scheme(version), read_document(version))
    data, code = forms.named(request.POST, _("未命名")), request.GET.get("code", "")
    if code and code not in {one.code for one in setting.scheme.indicators}:
        raise NotFound(_("草稿里没有这一项，可能已被删除。"))
    proposal = forms.sent(setting, data, code)
    context = tried(request, version, proposal)
    reply = page(request, "kpi/_preview.html", context)
    if is_fragment(request) and "note" in context:
        reply["HX-Retarget"], reply["HX-Reswap"] = "#preview-note", "innerHTML"
    return trigger_client_event(reply, "schemefaults", {"fields": context["marks"]})


def tried(request: SignedInRequest, version: SchemeVersion, proposal: Proposal) -> dict[str, Any]:
    """The preview, or a note that says why there is none."""
    if not proposal.is_valid:
        return unreadable(proposal)
    scheme, faults = trial.checked(version, proposal.document)
    if scheme is None:
        proposal.faults = faults
        return {"note": _("这样还不能计算："), "faults": faults, "marks": proposal.marks()}
    who = request.POST.get("who", "")
    try:
        found = trial.tried(scheme, version, proposal.document, code=proposal.item, who=who)
    except Refused as refused:
        return {"note": refused.message, "marks": {}}
    return {"preview": found, "marks": {}, "other_year": found.run.year != version.year}


def unreadable(proposal: Proposal) -> dict[str, Any]:
    """What is missing or mistaken in the fields before anything can be computed."""
    if proposal.editor is None:
        lines = [str(one) for one in proposal.source.errors.get("text", [])] if proposal.source else []
        return {"note": _("原文还读不通："), "lines": lines, "marks": {"text": " ".join(lines)}}
    mistakes, missing = proposal.editor.mistakes(), proposal.editor.missing()
    note = _("有 %(count)s 处填得不对，改好后再算。") % {"count": len(mistakes)} if mistakes else ""
    if missing and not mistakes:
        note = _("填好“%(fields)s”就能看到试算。") % {"fields": "”、“".join(missing[:4])}
    return {"note": note, "marks": mistakes}
