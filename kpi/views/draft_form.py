"""The flow of every form of a draft: another line, the other view, a trial without script, saving, the trial beside it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from kpi import actions
from kpi.forms import indicator as forms
from kpi.forms.indicator import Proposal
from kpi.models import SchemeVersion
from kpi.queries import scheme_preview as trial
from kpi.scoring.scheme import Scheme
from kpi.scoring.writing import rewritten
from kpi.views.scheme_draft import address
from promotion.errors import NotAllowed, NotFound, Outcome, Refused
from promotion.web.pages import done, is_fragment, page
from promotion.web.requests import SignedInRequest

Draw = Callable[..., HttpResponse]
#: Tries a checked scheme out; raises Refused where there is nothing to try it on.
Try = Callable[[Scheme, Proposal], Any]


def answered(
    request: SignedInRequest, version: SchemeVersion, proposal: Proposal, draw: Draw, try_out: Try
) -> HttpResponse:
    """What a form that was sent is answered with, by the button that was pressed."""
    data = request.POST
    for button, change in (("add", forms.with_row), ("drop", forms.without_row)):
        if button in data:
            changed = proposal.again(change(data, data[button]))
            reply = draw(changed, table=data[button].split("-")[0])
            return trigger_client_event(reply, "rowschanged", {})
    if not proposal.is_valid:
        return draw(proposal, status=422)
    if "view" in data:
        return draw(proposal.turned(data["view"]), asked_form=data["view"] == "form")
    scheme, faults = trial.checked(version, proposal.document)
    if scheme is None:
        proposal.refuse(faults)
        return draw(proposal, status=422)
    if "try" in data:
        found = tried(version, proposal, try_out)
        return draw(proposal, **{name: one for name, one in found.items() if name != "marks"})
    return saved(request, version, proposal, draw)


def saved(request: SignedInRequest, version: SchemeVersion, proposal: Proposal, draw: Draw) -> HttpResponse:
    """Keep the draft with what was sent; what is refused is said above the form, nothing typed is lost."""
    text = rewritten(version.text, proposal.document)
    try:
        actions.edit_draft(
            actor=request.user, scheme=version, text=text, seen=seen_of(request), what=proposal.what
        )
    except (NotAllowed, NotFound):
        raise
    except Outcome as outcome:
        # Sent once more, it is meant: who changed the draft since has been said.
        return draw(proposal, status=422, refusal=outcome.message, seen=version.version)
    lost = comment_lines(version.text) - comment_lines(text)
    said = (
        _("已保存“%(title)s”。") if lost <= 0 else _("已保存“%(title)s”；原文里有 %(lost)s 行注释没有保留。")
    )
    return done(request, address(version, proposal.anchor), said % {"title": proposal.title, "lost": lost})


def comment_lines(text: str) -> int:
    """How many lines of a text carry a comment."""
    return sum(1 for line in text.splitlines() if line.startswith("#") or " #" in line)


def seen_of(request: SignedInRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None


def previewed(
    request: SignedInRequest, version: SchemeVersion, proposal: Proposal, try_out: Try, template: str
) -> HttpResponse:
    """The trial beside a form as it is being typed; while something is wrong the last good one stays."""
    context = tried(version, proposal, try_out)
    reply = page(request, template, context)
    if is_fragment(request) and "note" in context:
        reply["HX-Retarget"], reply["HX-Reswap"] = "#preview-note", "innerHTML"
    return trigger_client_event(reply, "schemefaults", {"fields": context["marks"]})


def tried(version: SchemeVersion, proposal: Proposal, try_out: Try) -> dict[str, Any]:
    """The preview, or a note that says why there is none."""
    if not proposal.is_valid:
        return unreadable(proposal)
    scheme, faults = trial.checked(version, proposal.document)
    if scheme is None:
        proposal.faults = faults
        return {"note": _("这样还不能计算："), "faults": faults, "marks": proposal.marks()}
    try:
        found = try_out(scheme, proposal)
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
