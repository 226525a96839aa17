"""The parts of a draft beside its indicators in forms: groups, targets, sections, categories, rates, lists, gates, grades, awards."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpi.forms import piece as forms
from kpi.forms.indicator import Proposal, Setting, named
from kpi.forms.piece import PIECES, Piece, PieceProposal
from kpi.models import SchemeVersion
from kpi.queries import scheme_preview as trial
from kpi.queries.piece_preview import piece_tried
from kpi.queries.scheme import read_document, read_scheme
from kpi.scoring import editing
from kpi.views.draft_form import Try, answered, previewed
from kpi.views.scheme import framed
from kpi.views.scheme_draft import address, find_draft, keep
from promotion.errors import NotFound, Refused
from promotion.web.pages import done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def scheme_part(request: SignedInRequest, public_id: str, part: str) -> HttpResponse:
    """A part that is one table; else a new entry of it: first its kind in plain words, then the form."""
    version, piece = find_draft(request, public_id), find_piece(part)
    setting = Setting(read_scheme(version), read_document(version))
    if request.method == "POST":
        return answer(request, version, forms.sent(setting, piece, request.POST))
    if piece.table:
        return drawn(request, version, forms.shown(setting, piece, forms.entry_of(setting, piece)))
    kind = request.GET.get("kind", "")
    if piece.starts and not kind:
        return page(request, "kpi/part_kinds.html", {**framed(request, version), "piece": piece})
    try:
        return drawn(request, version, forms.begun(setting, piece, kind))
    except KeyError:
        raise NotFound(_("没有这一种，请重新选。")) from None


@require_http_methods(["GET", "POST"])
def part_entry(request: SignedInRequest, public_id: str, part: str, code: str) -> HttpResponse:
    """One entry of a part; what the form does not hold is edited as text."""
    version, piece = find_draft(request, public_id), find_piece(part)
    setting = Setting(read_scheme(version), read_document(version))
    entry = found_entry(setting, piece, code)
    if request.method == "POST":
        return answer(request, version, forms.sent(setting, piece, request.POST, code))
    return drawn(request, version, forms.shown(setting, piece, entry, code))


def find_piece(part: str) -> Piece:
    """The part of that name. Raises NotFound."""
    if part not in PIECES:
        raise NotFound(_("细则没有这一部分。"))
    return PIECES[part]


def found_entry(setting: Setting, piece: Piece, code: str) -> Any:
    """The entry of that code. Raises NotFound."""
    if piece.table or code not in editing.entries_of(setting.document, piece.name):
        raise NotFound(_("草稿里没有这一项，可能已被删除。"))
    return forms.entry_of(setting, piece, code)


def answer(request: SignedInRequest, version: SchemeVersion, proposal: PieceProposal) -> HttpResponse:
    """By the button that was pressed."""

    def draw(found: Proposal, **more: Any) -> HttpResponse:
        return drawn(request, version, found, **more)

    return answered(request, version, proposal, draw, trying(request, version, proposal.piece))


def trying(request: SignedInRequest, version: SchemeVersion, piece: Piece) -> Try:
    """Tries the part out on whom the page asks for."""
    who = request.POST.get("who", "")
    return lambda scheme, proposal: piece_tried(
        scheme, version, proposal.document, part=piece.name, code=proposal.item, who=who
    )


def drawn(
    request: SignedInRequest,
    version: SchemeVersion,
    proposal: Any,
    *,
    status: int = 200,
    table: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of the form; `table` is the one whose last line is typed in next."""
    if proposal.editor and table:
        proposal.editor.focus(table)
    piece, run = proposal.piece, trial.run_to_try(version.year)
    preview_url = reverse("kpi:scheme-part-preview", args=[version.public_id, piece.name])
    context = {
        **framed(request, version),
        "proposal": proposal,
        "piece": piece,
        "seen": request.POST.get("seen") or version.version,
        "run": run,
        "who": request.POST.get("who", ""),
        "offered": offered(proposal, run) if run else [],
        "preview_url": f"{preview_url}?code={proposal.code}",
        **more,
    }
    return page(request, "kpi/part_form.html", context, status=status)


def offered(proposal: PieceProposal, run: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom the trial may show; an award is tried in its own group."""
    return [] if proposal.piece.name == "awards" else trial.subjects_offered(proposal.setting.scheme, run)


@require_POST
def part_preview(request: SignedInRequest, public_id: str, part: str) -> HttpResponse:
    """The trial beside the form as it is being typed."""
    version, piece = find_draft(request, public_id), find_piece(part)
    setting = Setting(read_scheme(version), read_document(version))
    code = request.GET.get("code", "")
    if code:
        found_entry(setting, piece, code)
    data = request.POST if piece.table else named(request.POST, _("未命名"))
    proposal = forms.sent(setting, piece, data, code)
    return previewed(request, version, proposal, trying(request, version, piece), "kpi/_part_preview.html")


@require_POST
def part_copy(request: SignedInRequest, public_id: str, part: str, code: str) -> HttpResponse:
    """Put a copy of an entry right after it."""
    version, piece, title = entry_of(request, public_id, part, code)
    if part == "groups":
        raise Refused(_("分组不能复制：一类对象只能在一个分组里。请直接加一个分组。"))
    document, new = editing.copy_entry(read_document(version), part, code, f"{title}（副本）")
    keep(request, version, document, _("复制%(one)s“%(title)s”") % {"one": piece.one, "title": title})
    url = reverse("kpi:scheme-part-entry", args=[version.public_id, part, new])
    return done(request, url, _("已复制，请修改副本。"))


@require_POST
def part_move(request: SignedInRequest, public_id: str, part: str, code: str) -> HttpResponse:
    """Let an entry change places with its neighbour."""
    version, piece, title = entry_of(request, public_id, part, code)
    step = -1 if request.POST.get("to") == "up" else 1
    what = _("上移%(one)s“%(title)s”") if step < 0 else _("下移%(one)s“%(title)s”")
    document = editing.move_entry(read_document(version), part, code, step)
    keep(request, version, document, what % {"one": piece.one, "title": title})
    return done(request, address(version, f"{part}-{code}"))


@require_POST
def part_remove(request: SignedInRequest, public_id: str, part: str, code: str) -> HttpResponse:
    """Take an entry out of the draft; what still refers to it is said."""
    version, piece, title = entry_of(request, public_id, part, code)
    document = editing.remove_entry(read_document(version), part, code)
    faults = trial.checked(version, document)[1]
    if faults:
        words = {"title": title, "faults": "".join(f"{one.message}（{one.path}）" for one in faults[:3])}
        raise Refused(_("没有删除“%(title)s”：别处还用着它，请先改那里。%(faults)s") % words)
    keep(request, version, document, _("删除%(one)s“%(title)s”") % {"one": piece.one, "title": title})
    return done(request, address(version, part), _("已删除“%(title)s”。") % {"title": title})


def entry_of(
    request: SignedInRequest, public_id: str, part: str, code: str
) -> tuple[SchemeVersion, Piece, str]:
    """The draft, the part and the title of an entry of it. Raises NotFound."""
    version, piece = find_draft(request, public_id), find_piece(part)
    setting = Setting(read_scheme(version), read_document(version))
    return version, piece, str(found_entry(setting, piece, code)["title"])
