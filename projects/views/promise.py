"""The promise ledger: the list, one promise, entering and settling, and the tab of the record page."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access
from projects.actions import promise as acts
from projects.actions.moves import permit_change
from projects.actions.promise_words import needs_confirmation
from projects.filters.promise import PromiseFilter
from projects.forms.promise import FulfilmentForm, PromiseForm, SettleForm
from projects.models import FulfilmentState, Project, Promise, PromiseState
from projects.queries import promise as queries
from projects.queries.project import visible_project
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge
from promotion.web.formats import day, percent
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Account

# verb → the action, its label, the fields it asks for; both are for those who settle.
SETTLING: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "change": (acts.change_promise, gettext_lazy("变更承诺"), ("due_on", "figure", "reason", "seen")),
    "waive": (acts.waive_promise, gettext_lazy("豁免承诺"), ("reason", "seen")),
}
DECIDING: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "confirm": (acts.confirm_fulfilment, gettext_lazy("确认履行"), ("note", "seen")),
    "return": (acts.return_fulfilment, gettext_lazy("退回"), ("reason", "seen")),
}


@require_GET
def promises(request: SignedInRequest) -> HttpResponse:
    """All visible promises with the rates of both sides; each figure leads to its rows."""
    listing = ListPage(
        request=request,
        queryset=queries.listed_promises(request.user),
        layout=LAYOUT,
        row_url=lambda row: reverse("projects:promise", args=[row.public_id]),
        default_sort="due",
        filterset=PromiseFilter,
        url_name="projects:promises",
        export_url=reverse("projects:promises-workbook"),
        empty={
            "title": _("还没有承诺"),
            "text": _("在项目页的“承诺”里登记双方在合同中的承诺，到期前会提醒责任人。"),
            "action_url": reverse("projects:board"),
            "action_label": _("看项目"),
        },
    )
    found = access.promises_visible_to(request.user)
    context = {"title": _("双向承诺"), "rates": [_linked(rate) for rate in queries.rates(found)]}
    return list_page(request, "projects/promise_list.html", listing, context)


@require_GET
def promise_rates(request: SignedInRequest) -> HttpResponse:
    """How many promises each team's projects kept, by direction."""
    found = access.promises_visible_to(request.user)
    teams = [
        (team, [_linked(rate, team["public_id"]) for rate in rates])
        for team, rates in queries.rates_by_team(found)
    ]
    context = {"teams": teams, "whole": [_linked(rate) for rate in queries.rates(found)]}
    return page(request, "projects/promise_rates.html", context)


@require_GET
def promise(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One promise: its terms, what was done, what was changed, and what can be done."""
    found = queries.visible_promise(request.user, public_id)
    reports = list(
        found.fulfilments.select_related("reported_by", "decided_by").prefetch_related("documents")
    )
    is_open = found.state in queries.PENDING
    settles = access.can_settle_promise(request.user, found)
    context = {
        "promise": found,
        "amount": queries.amount_words(found.figure, found.unit),
        "delivered": queries.amount_words(found.done, found.unit) if found.done else "",
        "standing": queries.Standing(found.standing),
        "tone": queries.TONES[queries.Standing(found.standing)],
        "reports": [
            (
                one,
                queries.amount_words(one.figure, found.unit),
                one.state == FulfilmentState.SUBMITTED and access.can_confirm_fulfilment(request.user, one),
            )
            for one in reports
        ],
        "changes": [
            (
                one,
                queries.amount_words(one.old_figure, found.unit),
                queries.amount_words(one.new_figure, found.unit),
            )
            for one in found.changes.select_related("changed_by")
        ],
        "documents": list(found.documents.all()),
        "may_report": is_open and access.can_change(request.user, found.project),
        "may_settle": is_open and settles,
        "confirmed_by_another": needs_confirmation(found),
    }
    return page(request, "projects/promise.html", context)


@require_http_methods(["GET", "POST"])
def promise_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write down a promise of a project."""
    project = visible_project(request.user, public_id)
    permit_change(request.user, project)
    initial = {"direction": request.GET.get("direction", "company")}
    form = PromiseForm(
        request.POST or None, request.FILES or None, actor=request.user, project=project, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: acts.add_promise(actor=request.user, project=project, **form.cleaned_data)
        )
        if made:
            url = f"{reverse('projects:detail', args=[public_id])}?tab=promises"
            return done(request, url, _("承诺已登记。"))
    context = {"project": project, "form": form, "title": _("登记承诺")}
    status = 422 if form.errors else 200
    return page(request, "projects/promise_form.html", context, fragment="panel", status=status)


@require_http_methods(["GET", "POST"])
def promise_fulfil(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Report what was done for a promise."""
    found = queries.visible_promise(request.user, public_id)
    permit_change(request.user, found.project)
    form = FulfilmentForm(request.POST or None, request.FILES or None, promise=found)
    if request.method == "POST" and form.is_valid():
        reported = attempt(
            form, lambda: acts.report_fulfilment(actor=request.user, promise=found, **form.cleaned_data)
        )
        if reported:
            waits = reported.state == FulfilmentState.SUBMITTED
            text = _("已报告，等待第二人确认。") if waits else _("履行已记录。")
            return done(request, reverse("projects:promise", args=[public_id]), text)
    context = {"promise": found, "project": found.project, "form": form, "title": _("报告履行")}
    status = 422 if form.errors else 200
    return page(request, "projects/promise_form.html", context, fragment="panel", status=status)


@require_http_methods(["GET", "POST"])
def promise_settle(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """Change the terms of a promise, or release from it."""
    if verb not in SETTLING:
        raise NotFound(_("没有这个操作。"))
    found = queries.visible_promise(request.user, public_id)
    if not access.can_settle_promise(request.user, found):
        raise NotAllowed(_("承诺的变更和豁免由本团队队长或分管领导办理；请把理由告诉他们。"))
    perform, label, asks = SETTLING[verb]
    return _settle(request, found, perform, label, asks, {"promise": found})


@require_http_methods(["GET", "POST"])
def fulfilment_decide(request: SignedInRequest, public_id: str, verb: str) -> HttpResponse:
    """Confirm a report, or send it back."""
    if verb not in DECIDING:
        raise NotFound(_("没有这个操作。"))
    report = queries.visible_fulfilment(request.user, public_id)
    if not access.can_confirm_fulfilment(request.user, report):
        raise NotAllowed(_("履行记录由本团队队长或分管领导确认，报告人不能确认自己的报告；请等他们处理。"))
    perform, label, asks = DECIDING[verb]
    return _settle(request, report.promise, perform, label, asks, {"fulfilment": report})


def _settle(
    request: SignedInRequest,
    found: Promise,
    perform: Any,
    label: Any,
    asks: tuple[str, ...],
    target: dict[str, Any],
) -> HttpResponse:
    form = SettleForm(request.POST or None, asks=asks, promise=found)
    if request.method == "POST" and form.is_valid():
        settled = attempt(form, lambda: perform(actor=request.user, **target, **form.cleaned_data))
        if settled:
            return done(request, reverse("projects:promise", args=[found.public_id]), _("已保存。"))
    context = {"promise": found, "project": found.project, "form": form, "title": label}
    status = 422 if form.errors else 200
    return page(request, "projects/promise_form.html", context, fragment="panel", status=status)


def promise_tab(actor: Account, project: Project) -> dict[str, Any]:
    """The tab 承诺 of the record page."""
    rows = queries.promises_of(actor, project)
    sides = []
    for rate in queries.rates(access.promises_visible_to(actor).filter(project=project)):
        own = [row for row in rows if row.direction == rate.direction]
        drawn = [
            (row, queries.amount_words(row.figure, row.unit), queries.Standing(row.standing).label,
             queries.TONES[queries.Standing(row.standing)])
            for row in own
        ]  # fmt: skip
        sides.append({"rate": rate, "rows": drawn})
    return {"sides": sides, "may_add": access.can_change(actor, project)}


def _linked(rate: queries.Rate, team: str = "") -> dict[str, Any]:
    """A rate with the addresses of the lists that its figures count."""
    base = f"{reverse('projects:promises')}?direction={rate.direction}" + (f"&team={team}" if team else "")
    return {
        "rate": rate,
        "share": percent(rate.share),
        "total_url": base,
        "due_url": f"{base}&counted=1",
        "kept_url": f"{base}&standing=fulfilled",
        "overdue_url": f"{base}&standing=overdue",
    }


def _promise(row: Any) -> SafeString:
    """What was promised over the project."""
    return format_html(
        '<span class="two-line"><strong>{}</strong><small>{}</small></span>',
        row.text,
        row.project.name,
    )


def _standing(row: Any) -> SafeString:
    standing = queries.Standing(row.standing)
    waits = badge(_("待确认"), "accent") if row.waits else ""
    return format_html("{} {}", badge(standing.label, queries.TONES[standing]), waits)


def _whole(text: Any) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', text)


LAYOUT = (
    Column("promise", gettext_lazy("承诺"), _promise),
    Column("direction", gettext_lazy("承诺方"), lambda row: _whole(row.get_direction_display()), sort="direction"),
    Column("subject", gettext_lazy("事项"), lambda row: _whole(row.get_subject_display()), sort="subject", wide=True),
    Column(
        "figure", gettext_lazy("数额"), lambda row: _whole(queries.amount_words(row.figure, row.unit) or "—"),
        sort="figure", align="end",
    ),
    Column("due", gettext_lazy("期限"), lambda row: _whole(day(row.due_on)), sort="due_on",
           total=Count("pk", filter=Q(state__in=[PromiseState.OPEN, PromiseState.PARTIAL])),
           show_total=lambda value: _("%(count)s 条未办结") % {"count": value}),
    Column("person", gettext_lazy("责任人"), lambda row: _whole(row.person.name), sort="person__pinyin"),
    Column("department", gettext_lazy("责任部门"), lambda row: row.department or "—", wide=True, optional=True),
    Column("source", gettext_lazy("合同条款"), lambda row: row.source or "—", extra=True, wide=True),
    Column("team", gettext_lazy("团队"), lambda row: _whole(row.project.team.name), sort="project__team__position",
           wide=True, optional=True),
    Column("standing", gettext_lazy("状态"), _standing, sort="standing"),
)  # fmt: skip
