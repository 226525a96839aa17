"""Changing a draft: its document as text, and its indicators copied, moved and removed."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import SourceForm
from kpi.models import SchemeVersion
from kpi.queries.scheme import read_document
from kpi.queries.scheme_diff import DiffLine, scheme_diff
from kpi.scoring import editing
from kpi.scoring.reading import read
from kpi.scoring.writing import rewritten
from kpi.views.scheme import fault_lines, find_version, framed, is_published
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


def find_draft(request: SignedInRequest, public_id: str) -> SchemeVersion:
    """The draft, for somebody who may change it. Raises NotAllowed and Refused otherwise."""
    version = find_version(request, public_id)
    if not access.can_draft_schemes(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    if is_published(version):
        raise Refused(_("这份细则已经发布，不再改动；请以它起草新版。"))
    return version


@require_http_methods(["GET", "POST"])
def scheme_source(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The whole document of a draft as text."""
    version = find_draft(request, public_id)
    form = SourceForm(request.POST or None, initial={"text": version.text, "seen": version.version})
    if request.method == "POST" and form.is_valid():
        sent = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
        changed = attempt(
            form,
            lambda: actions.edit_draft(actor=request.user, scheme=version, what=_("修改原文"), **sent),
        )
        if changed is not None:
            return done(request, address(version), _("已保存。"))
    lines = read(version.text).lines
    context = {
        **framed(request, version),
        "form": form,
        "faults": fault_lines(form),
        "line": lines.get((request.GET.get("part", ""),), 0),
        "others": others_changes(form, version),
    }
    return page(request, "kpi/scheme_source.html", context, status=422 if form.errors else 200)


def others_changes(form: SourceForm, version: SchemeVersion) -> list[DiffLine]:
    """Where somebody else changed the draft meanwhile: how the text that was sent differs from it now."""
    if not form.is_bound or form.cleaned_data.get("seen") in (None, version.version):
        return []
    # Sent once more, it takes the place of what is there now: the difference has been shown.
    form.data = {**form.data.dict(), "seen": version.version}  # type: ignore[attr-defined]
    return scheme_diff(version.text, form.data["text"].replace("\r\n", "\n"))


@require_POST
def indicator_copy(request: SignedInRequest, public_id: str, code: str) -> HttpResponse:
    """Put a copy of an indicator right after it."""
    version = find_draft(request, public_id)
    title = indicator_title(version, code)
    document, copied = editing.copy_indicator(read_document(version), code, f"{title}（副本）")
    keep(request, version, document, _("复制指标“%(title)s”") % {"title": title})
    return done(request, address(version, copied), _("已复制，请修改副本。"))


@require_POST
def indicator_move(request: SignedInRequest, public_id: str, code: str) -> HttpResponse:
    """Let an indicator change places with its neighbour."""
    version = find_draft(request, public_id)
    title = indicator_title(version, code)
    step = -1 if request.POST.get("to") == "up" else 1
    what = _("上移指标“%(title)s”") if step < 0 else _("下移指标“%(title)s”")
    keep(
        request, version, editing.move_indicator(read_document(version), code, step), what % {"title": title}
    )
    return done(request, address(version, code))


@require_POST
def indicator_remove(request: SignedInRequest, public_id: str, code: str) -> HttpResponse:
    """Take an indicator out of the draft."""
    version = find_draft(request, public_id)
    title = indicator_title(version, code)
    document = editing.remove_indicator(read_document(version), code)
    keep(request, version, document, _("删除指标“%(title)s”") % {"title": title})
    return done(request, address(version), _("已删除“%(title)s”。") % {"title": title})


def keep(
    request: SignedInRequest, version: SchemeVersion, document: dict[str, Any], what: str
) -> SchemeVersion:
    """Save a changed document of the draft that the page was drawn from."""
    seen = request.POST.get("seen") or request.GET.get("seen") or ""
    return actions.edit_draft(
        actor=request.user,
        scheme=version,
        text=rewritten(version.text, document),
        seen=int(seen) if seen.isascii() and seen.isdigit() else None,
        what=what,
    )


def indicator_title(version: SchemeVersion, code: str) -> str:
    """The title of an indicator of the draft. Raises NotFound."""
    try:
        return str(editing.indicator_entry(read_document(version), code)["title"])
    except KeyError:
        raise NotFound(_("草稿里没有这一项，可能已被删除。")) from None


def address(version: SchemeVersion, code: str = "") -> str:
    """The draft's page, at one of its indicators."""
    return reverse("kpi:scheme", args=[version.public_id]) + (f"#{code}" if code else "")
