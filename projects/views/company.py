"""Companies: the list, one company's page, its record and the people to talk to there; and what the channels bring."""

from functools import partial
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access, actions
from projects.actions.company import FIELDS
from projects.filters.company import CompanyFilter
from projects.forms.company import CompanyForm
from projects.models import Company
from projects.queries import channel_yields
from projects.queries.company import companies_by_keys, companies_listed, company_history, projects_of
from projects.queries.company_group import companies_of
from projects.queries.company_name import aliases_of
from projects.queries.contact import contacts_of
from projects.queries.protection_card import protection_card
from projects.views.company_found import (
    MERGING_ROLES,
    changeable_company,
    seen_version,
    told_merges,
    visible_company,
)
from projects.views.company_list import CompanyListPage
from promotion.action import VERBS
from promotion.models import AuditEntry
from promotion.web.formats import day, number, yi
from promotion.web.lists import Column, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

LAYOUT = (
    Column("name", gettext_lazy("企业"), lambda row: row.name, sort="pinyin"),
    Column(
        "credit_code", gettext_lazy("统一社会信用代码"), lambda row: row.credit_code or "—", optional=True
    ),
    Column(
        "group",
        gettext_lazy("所属集团"),
        lambda row: row.group.name if row.group else "—",
        sort="group__pinyin",
        extra=True,
    ),
    Column(
        "controller",
        gettext_lazy("实际控制人"),
        lambda row: row.controller or "—",
        sort="controller",
        extra=True,
    ),
    Column("address", gettext_lazy("注册地址"), lambda row: row.address or "—", extra=True),
    Column("country", gettext_lazy("国家或地区"), lambda row: row.country, sort="country", wide=True),
    Column("held_by", gettext_lazy("首接团队"), lambda row: row.held_by or "—", sort="held_by"),
    Column(
        "project_count",
        gettext_lazy("项目（个）"),
        lambda row: number(row.project_count, 0),
        sort="project_count",
        align="end",
        total=Sum("project_count"),
        show_total=lambda value: number(value, 0),
    ),
    Column(
        "planned",
        gettext_lazy("计划总投资（亿元）"),
        lambda row: yi(row.planned),
        sort="planned",
        align="end",
        total=Sum("planned"),
        show_total=yi,
    ),
    Column(
        "progressed_on",
        gettext_lazy("最近推进"),
        lambda row: day(row.progressed_on),
        align="day",
        sort="progressed_on",
    ),
)


@require_GET
def companies(request: SignedInRequest) -> HttpResponse:
    """The companies one sees, those that moved last first."""
    listing = CompanyListPage(
        request,
        companies_listed(request.user),
        LAYOUT,
        row_url=_url,
        default_sort="-progressed_on",
        filterset=CompanyFilter,
        url_name="projects:companies",
        reading=partial(companies_by_keys, request.user),
        export_url=reverse("projects:companies-workbook"),
        empty={
            "title": _("还没有企业客商"),
            "text": _("记一条线索，企业就会出现在这里。"),
            "action_url": reverse("projects:lead-new"),
            "action_label": _("记线索"),
        },
    )
    return list_page(request, "projects/company_list.html", listing, {"title": _("企业客商")})


@require_GET
def company(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One company: the projects one may see, contacts, first reception and history."""
    record = visible_company(request, public_id)
    if record.public_id != public_id:
        return done(request, _url(record), _("这家企业已并入“%(name)s”。") % {"name": record.name})
    projects = list(projects_of(request.user, record))
    siblings, hidden = companies_of(request.user, record.group, record) if record.group else ([], 0)
    context = {
        "company": record,
        "projects": projects,
        "planned": sum((p.planned_investment for p in projects if p.planned_investment is not None), start=0),
        "contacts": contacts_of(request.user, record),
        "aliases": aliases_of(record),
        "siblings": siblings,
        "hidden_siblings": hidden,
        "merges": told_merges(request.user, record),
        "protection": protection_card(request.user, record),
        "history": [_told(entry) for entry in company_history(record)],
        "may_change": access.can_log_leads(request.user),
        "may_merge": request.user.role in MERGING_ROLES,
        "marks": [(_("演示"), "plain")] if record.is_demo else [],
    }
    return page(request, "projects/company_detail.html", context)


@require_http_methods(["GET", "POST"])
def company_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    record = changeable_company(request, public_id)
    form = CompanyForm(request.POST or None, instance=visible_company(request, public_id), request=request)
    if request.method == "POST" and form.is_valid():
        seen = seen_version(request)
        saved = attempt(
            form,
            lambda: actions.change_company(
                actor=request.user, company=record, seen=seen, **form.cleaned_data
            ),
        )
        if saved is not None:
            return done(request, _url(saved), _("已保存“%(name)s”。") % {"name": saved.name})
    context = {"form": form, "company": record}
    return page(
        request, "projects/company_edit.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_GET
def channels(request: SignedInRequest) -> HttpResponse:
    """What each channel has brought, each figure a link to the projects that make it up."""
    yields = channel_yields(request.user)
    steps = zip(*(row.reached for row in yields), strict=True)
    total = {
        "reached": [(step[0][0], step[0][1], sum(count for _stage, _name, count in step)) for step in steps],
        "planned": sum(row.planned for row in yields),
        "paid_in_usd": sum(row.paid_in_usd for row in yields),
    }
    return page(request, "projects/channel_list.html", {"yields": yields, "total": total})


def _told(entry: AuditEntry) -> dict[str, str]:
    """An entry of the trail as the timeline shows it: what changed from what to what, and why."""
    names = {name: str(Company._meta.get_field(name).verbose_name) for name in FIELDS}  # type: ignore[union-attr]
    told = [
        _("%(name)s：%(old)s → %(new)s") % {"name": names[name], "old": pair[0] or "—", "new": pair[1] or "—"}
        for name, pair in entry.detail.items()
        if name in names
    ]
    if entry.verb in ("company.merge", "company.undo-merge") and "lost" in entry.detail:
        told.append(f"{entry.detail['lost']} → {entry.detail['kept']}")
    told += [str(entry.detail[key]) for key in ("contact", "alias") if entry.detail.get(key)]
    told += [entry.reason] if entry.reason else []
    label = str(VERBS.get(entry.verb, entry.verb))
    return {"label": label, "who": entry.actor_name, "moment": day(entry.at), "summary": "；".join(told)}


def _url(row: Any) -> str:
    return reverse("projects:company", args=[row.public_id])
