"""Bulletins: the list with one click to the next one, one as it reads on screen, editing, issuing and withdrawing."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi.access.bulletin import can_write_bulletins
from kpi.actions import bulletin as actions
from kpi.exports import bulletin as exports
from kpi.filters import BulletinFilter
from kpi.forms import ReasonForm
from kpi.forms.bulletin import BulletinForm, BulletinStartForm
from kpi.models import Bulletin, BulletinState
from kpi.queries.bulletin.listing import listed_bulletins, periods_without, visible_bulletin
from kpi.queries.bulletin.report import Report, changed_since, read_report, title_of
from kpi.queries.bulletin.taking import take_figures
from kpi.queries.bulletin.words import (
    card_words,
    now_words,
    opening_words,
    people_words,
    team_words,
)
from kpi.views.statement import download
from promotion.errors import NotAllowed
from promotion.money import YI
from promotion.papers.layouts import CONTENT_TYPES
from promotion.web.components import badge
from promotion.web.formats import day, number, yi
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

TONES = {BulletinState.DRAFT: "attention", BulletinState.ISSUED: "done", BulletinState.WITHDRAWN: "plain"}
COLUMNS = (
    Column("title", gettext_lazy("通报"), title_of),
    Column("number", gettext_lazy("期号"), lambda one: one.number or "—", sort="number", align="end"),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda one: badge(one.get_state_display(), TONES[BulletinState(one.state)]),
        sort="state",
    ),
    Column("as_of", gettext_lazy("截至"), lambda one: day(one.as_of), sort="as_of", align="day"),
    Column("drafted", gettext_lazy("拟稿"), lambda one: one.drafted_by.display_name, wide=True),
    Column(
        "issued",
        gettext_lazy("签发"),
        lambda one: one.issued_by.display_name if one.issued_by else "—",
        wide=True,
    ),
    Column(
        "issued_at", gettext_lazy("印发日期"), lambda one: day(one.issued_at), sort="issued_at", align="day"
    ),
)


@require_GET
def bulletins(request: SignedInRequest) -> HttpResponse:
    """All bulletins, the newest first; who writes them begins the next one with one click."""
    listing = ListPage(
        request=request,
        queryset=listed_bulletins(request.user),
        layout=COLUMNS,
        row_url=lambda one: reverse("kpi:bulletin", args=[one.public_id]),
        default_sort="-as_of",
        filterset=BulletinFilter,
        url_name="kpi:bulletins",
        empty={
            "title": _("还没有通报"),
            "text": _("月末由人事或分管领导起草，一键取数，另一人签发后在这里查看。"),
        },
    )
    context = {"title": _("通报"), **_starting(request)}
    return list_page(request, "kpi/bulletin_list.html", listing, context)


def _starting(request: SignedInRequest) -> dict[str, Any]:
    if not can_write_bulletins(request.user):
        return {"periods": []}
    today = timezone.localdate()
    years = [today.year] if today.month > 1 else [today.year - 1, today.year]
    return {
        "periods": [
            (f"{year}:{code}", f"{year} {label}")
            for year in years
            for code, label in periods_without(year, today)
        ]
    }


@require_POST
def bulletin_start(request: SignedInRequest) -> HttpResponse:
    """Take the figures and open the draft."""
    year, _colon, period = request.POST.get("period", "").partition(":")
    form = BulletinStartForm({"year": year, "period": period})
    if form.is_valid():
        made = attempt(form, lambda: actions.draft_bulletin(actor=request.user, **form.cleaned_data))
        if made is not None:
            return done(
                request,
                reverse("kpi:bulletin", args=[made.public_id]),
                _("已取数成稿，请核对后交另一人签发。"),
            )
    context = {"form": form, "periods": _starting(request)["periods"], "chosen": f"{year}:{period}"}
    return page(request, "kpi/bulletin_start.html", context, status=422)


@require_GET
def bulletin(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The bulletin as it reads: figures with their lists, sentences made from them, the editor's own words."""
    found = visible_bulletin(request.user, public_id)
    report = read_report(found)
    context = {
        "bulletin": found,
        "title": title_of(found),
        "report": report,
        "rows": team_rows(report),
        "opening": opening_words(report),
        "teams": team_words(report),
        "cards": card_words(report),
        "people_words": people_words(report),
        "now": now_words(report),
        "months": month_chart(report),
        "points": points_chart(report),
        "marks": [(found.get_state_display(), TONES[BulletinState(found.state)])],
        "changed": _changed(request, found),
        **_powers(request, found),
    }
    return page(request, "kpi/bulletin.html", context)


def _powers(request: SignedInRequest, found: Bulletin) -> dict[str, bool]:
    """What the reader may do with it."""
    can_write = can_write_bulletins(request.user)
    is_draft, is_own = found.state == BulletinState.DRAFT, found.drafted_by_id == request.user.pk
    return {
        "can_edit": is_draft and can_write,
        "can_issue": is_draft and can_write and not is_own,
        "waits_for_other": is_draft and can_write and is_own,
        "can_withdraw": can_write and found.state == BulletinState.ISSUED,
    }


def team_rows(report: Report) -> list[dict[str, Any]]:
    """Each team with a cell for every target of the table, empty where it has none."""
    rows = []
    for row in report.teams:
        cells = {cell.code: cell for cell in row.targets}
        rows.append({"team": row, "cells": [cells.get(code) for code, _title in report.heads]})
    return rows


def _changed(request: SignedInRequest, found: Bulletin) -> list[tuple[str, str, str]]:
    """What would be other today, for those who write bulletins."""
    if not can_write_bulletins(request.user):
        return []
    return changed_since(found, take_figures(request.user, found.year, found.period, found.as_of))


def month_chart(report: Report) -> dict[str, Any]:
    """Signings per month, this year beside the year before, in 亿元."""
    names = [_("%(month)s月") % {"month": row.month} for row in report.months]
    return {
        "data": {
            "categories": names,
            "series": [
                {"name": _("本年"), "values": [float(row.amount / YI) for row in report.months]},
                {"name": _("上年"), "values": [float(row.before / YI) for row in report.months]},
            ],
            "unit": _("亿元"),
        },
        "table": {
            "head": [_("月份"), _("签约（个）"), _("本年（亿元）"), _("累计（亿元）"), _("上年（亿元）")],
            "rows": [
                [name, row.signed, yi(row.amount), yi(row.running), yi(row.before)]
                for name, row in zip(names, report.months, strict=True)
            ],
        },
    }


def points_chart(report: Report) -> dict[str, Any]:
    """Totals of the teams."""
    return {
        "data": {
            "categories": [row.name for row in report.teams],
            "series": [{"name": _("总分"), "values": [float(row.total) for row in report.teams]}],
            "urls": [row.url for row in report.teams],
        },
        "table": {
            "head": [_("名次"), _("团队"), _("总分")],
            "rows": [[row.rank, row.name, number(row.total)] for row in report.teams],
        },
    }


@require_http_methods(["GET", "POST"])
def bulletin_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The editor's own words of a draft."""
    found = visible_bulletin(request.user, public_id)
    if not can_write_bulletins(request.user):
        raise NotAllowed(_("通报由人事和分管领导起草和签发。"))
    names = ("lead", "outlook", "sent_to", "copied_to", "body_name", "version")
    form = BulletinForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    back = reverse("kpi:bulletin", args=[public_id])
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        seen = given.pop("version")
        act = lambda: actions.edit_bulletin(actor=request.user, bulletin=found, seen=seen, **given)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, back, _("已保存；请由另一位同事签发。"))
    context = {"form": form, "bulletin": found, "title": title_of(found), "back": back}
    return page(request, "kpi/bulletin_form.html", context, status=422 if form.errors else 200)


@require_POST
def bulletin_refresh(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the figures of the draft anew."""
    found = visible_bulletin(request.user, public_id)
    actions.refresh_bulletin(actor=request.user, bulletin=found, seen=_seen(request))
    return done(request, reverse("kpi:bulletin", args=[public_id]), _("数字已重新取过，文字没有变。"))


@require_POST
def bulletin_issue(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Issue what was read."""
    found = visible_bulletin(request.user, public_id)
    issued = actions.issue_bulletin(actor=request.user, bulletin=found, seen=_seen(request))
    text = _("已印发第 %(number)s 期，全体工作人员会收到通知。") % {"number": issued.number}
    return done(request, reverse("kpi:bulletin", args=[public_id]), text)


@require_POST
def bulletin_discard(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put a draft away."""
    actions.discard_bulletin(actor=request.user, bulletin=visible_bulletin(request.user, public_id))
    return done(request, reverse("kpi:bulletins"), _("草稿已删除。"))


@require_http_methods(["GET", "POST"])
def bulletin_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take an issued bulletin back, with the reason."""
    found = visible_bulletin(request.user, public_id)
    if not can_write_bulletins(request.user):
        raise NotAllowed(_("通报由人事和分管领导起草和签发。"))
    form = ReasonForm(request.POST or None)
    back = reverse("kpi:bulletin", args=[public_id])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: actions.withdraw_bulletin(actor=request.user, bulletin=found, reason=reason)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, back, _("已撤回；这个时段可以另起一份。"))
    context = {
        "form": form,
        "title": _("撤回通报"),
        "detail": title_of(found),
        "label": _("撤回"),
        "back": back,
    }
    status = 422 if form.errors else 200
    return page(request, "kpi/reason_panel.html", context, fragment="panel", status=status)


def _seen(request: SignedInRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else None


@require_GET
def bulletin_paper(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The bulletin as PDF, each figure a link to its list."""
    found = visible_bulletin(request.user, public_id)
    actions.export_bulletin(actor=request.user, bulletin=found, form="pdf")
    paper = exports.bulletin_paper(found, request.build_absolute_uri)
    return download(
        HttpResponse(paper, content_type=CONTENT_TYPES["pdf"]), f"{exports.bulletin_name(found)}.pdf"
    )


@require_GET
def bulletin_document(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The bulletin as a Word document."""
    found = visible_bulletin(request.user, public_id)
    actions.export_bulletin(actor=request.user, bulletin=found, form="docx")
    document = exports.bulletin_document(found)
    return download(
        HttpResponse(document, content_type=CONTENT_TYPES["docx"]), f"{exports.bulletin_name(found)}.docx"
    )
