"""Merging two companies with a preview, taking a merge apart, and the list of suspected duplicates."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import access
from projects.actions import company_merge, company_undo, duplicate_scan
from projects.filters.company import PairFilter
from projects.forms.company import ReasonForm
from projects.forms.company_merge import MergeForm
from projects.models import Company, CompanyMerge, DuplicatePair
from projects.queries.company_merge import moved_counts, preview_merge, projects_since, undo_until
from projects.queries.duplicate_scan import latest_scan, pairs_listed, told_signs
from projects.queries.search import find_company_rows
from projects.views.company_found import MERGING_ROLES, seen_version, visible_company
from promotion.errors import NotAllowed, NotFound
from promotion.web.formats import day, number
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, is_fragment, page
from promotion.web.requests import SignedInRequest

CHOICES = 8
PAIR_LAYOUT = (
    Column("first", gettext_lazy("企业一"), lambda row: row.first.name, sort="first__pinyin"),
    Column("second", gettext_lazy("企业二"), lambda row: row.second.name, sort="second__pinyin"),
    Column("score", gettext_lazy("相似度"), lambda row: number(row.score, 0), sort="score", align="end"),
    Column("reasons", gettext_lazy("依据"), lambda row: "、".join(label for label, _text in told_signs(row))),
    Column(
        "found_at",
        gettext_lazy("发现"),
        lambda row: day(row.found_at),
        align="day",
        sort="found_at",
        wide=True,
    ),
    Column("dismissed", gettext_lazy("排除理由"), lambda row: row.dismiss_reason or "—", extra=True),
)


@require_http_methods(["GET", "POST"])
def company_merge_page(request: SignedInRequest, public_id: str) -> HttpResponse:
    """First the other company is chosen, then the preview, then the merge."""
    kept = visible_company(request, public_id)
    if request.user.role not in MERGING_ROLES:
        raise NotAllowed(_("只有分管领导，以及能看到两家企业全部项目的队长可以合并；请联系他们。"))
    other = request.GET.get("with", "")
    if not other:
        return _choose(request, kept)
    lost = visible_company(request, other)
    if lost.pk == kept.pk:
        return done(request, _company_url(kept), _("这两家企业已经是同一家。"))
    if not access.can_merge(request.user, [kept, lost]):
        raise NotAllowed(_("这两家企业有您看不到的项目，只能由分管领导合并；请联系分管领导。"))
    preview = preview_merge(kept, lost)
    form = MergeForm(request.POST or None, preview=preview)
    if request.method == "POST" and form.is_valid():
        merge = attempt(form, lambda: _merge(request, kept, lost, form))
        if merge is not None:
            text = _("“%(lost)s”已并入“%(kept)s”；30 天内可以拆回。")
            return done(request, _company_url(kept), text % {"lost": lost.name, "kept": kept.name})
    context = {"preview": preview, "form": form, "kept": kept, "lost": lost}
    return page(request, "projects/company_merge.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def merge_undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What goes back, what stays, and the reason."""
    merge = access.merges_visible_to(request.user).select_related("kept", "lost", "merged_by")
    record = merge.filter(public_id=public_id).first()
    if record is None:
        raise NotFound(_("没有这次合并，或您不能查看它。"))
    if not access.can_merge(request.user, [record.kept]):
        raise NotAllowed(_("只有分管领导，以及能看到全部相关项目的队长可以拆回；请联系他们。"))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        undone = attempt(form, lambda: _undo(request, record, form))
        if undone is not None:
            text = _("“%(name)s”已拆回，各项记录回到合并之前。") % {"name": record.lost.name}
            return done(request, _company_url(record.lost), text)
    context = {
        "merge": record,
        "form": form,
        "moved": moved_counts(record),
        "since": projects_since(record),
        "until": undo_until(record),
    }
    return page(
        request, "projects/merge_undo.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_GET
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs of companies that may be one, the closest first, with the state of the scan above."""
    if not access.can_scan_duplicates(request.user):
        raise NotAllowed(_("疑似重复涉及各队的企业，只有分管领导和系统管理员可以查看。"))
    scan = latest_scan()
    if "scan" in request.GET and is_fragment(request):
        return page(request, "projects/duplicate_list.html", {"scan": scan}, fragment="scan")
    listing = ListPage(
        request,
        pairs_listed(request.user),
        PAIR_LAYOUT,
        row_url=lambda row: reverse("projects:duplicate", args=[row.public_id]),
        default_sort="-score",
        filterset=PairFilter,
        url_name="projects:duplicates",
        empty={
            "title": _("没有疑似重复的企业"),
            "text": _("扫描会把全库企业按名称、别名、代码、电话、网站、地址逐一比对。"),
        },
    )
    return list_page(request, "projects/duplicate_list.html", listing, {"title": _("疑似重复"), "scan": scan})


@require_POST
def duplicates_scan(request: SignedInRequest) -> HttpResponse:
    duplicate_scan.request_scan(actor=request.user)
    return done(request, reverse("projects:duplicates"), _("已开始扫描，完成后清单自动更新。"))


@require_http_methods(["GET", "POST"])
def duplicate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One pair side by side: merge, or dismiss with a reason."""
    pair = _pair(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        dismissed = attempt(
            form, lambda: duplicate_scan.dismiss_pair(actor=request.user, pair=pair, **form.cleaned_data)
        )
        if dismissed is not None:
            return done(request, reverse("projects:duplicates"), _("已排除，以后的扫描不再列出。"))
    preview = preview_merge(pair.first, pair.second)
    context = {
        "pair": pair,
        "form": form,
        "preview": preview,
        "signs": told_signs(pair),
        "may_merge": request.user.role in MERGING_ROLES,
    }
    return page(request, "projects/duplicate_detail.html", context, status=422 if form.errors else 200)


@require_POST
def duplicate_reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    pair = duplicate_scan.reopen_pair(actor=request.user, pair=_pair(request, public_id))
    return done(request, reverse("projects:duplicate", args=[pair.public_id]), _("已重新列入疑似重复。"))


def _choose(request: SignedInRequest, kept: Company) -> HttpResponse:
    text = request.GET.get("q", "")[:80]
    found = find_company_rows(request.user, text, CHOICES + 1) if text else []
    context = {"kept": kept, "text": text, "found": [row for row in found if row.pk != kept.pk][:CHOICES]}
    return page(request, "projects/company_merge_choose.html", context, fragment="panel")


def _merge(request: SignedInRequest, kept: Company, lost: Company, form: MergeForm) -> CompanyMerge:
    return company_merge.merge_companies(
        actor=request.user,
        kept=kept,
        lost=lost,
        seen_kept=seen_version(request, "version_kept"),
        seen_lost=seen_version(request, "version_lost"),
        **form.decision(),
    )


def _undo(request: SignedInRequest, merge: CompanyMerge, form: ReasonForm) -> CompanyMerge:
    return company_undo.undo_merge(actor=request.user, merge=merge, **form.cleaned_data)


def _pair(request: SignedInRequest, public_id: str) -> DuplicatePair:
    pair = pairs_listed(request.user).filter(public_id=public_id).first()
    if pair is None:
        raise NotFound(_("没有这一对疑似重复，或您不能查看它。"))
    return pair


def _company_url(row: Any) -> str:
    return reverse("projects:company", args=[row.public_id])
