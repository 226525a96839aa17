"""Other names of a company, and the groups."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access
from projects.actions import company_name as actions
from projects.filters.company import GroupFilter
from projects.forms.company import AliasForm, GroupForm, ReasonForm
from projects.models import CompanyGroup
from projects.queries.company_group import group_page, groups_listed
from projects.views.company_found import changeable_company, seen_version
from promotion.errors import NotAllowed, NotFound
from promotion.web.formats import number, yi
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

LAYOUT = (
    Column("name", gettext_lazy("集团"), lambda row: row.name, sort="pinyin"),
    Column(
        "parent",
        gettext_lazy("上级集团"),
        lambda row: row.parent.name if row.parent else "—",
        sort="parent__pinyin",
        wide=True,
    ),
    Column("country", gettext_lazy("国家或地区"), lambda row: row.country or "—", sort="country", wide=True),
    Column(
        "company_count",
        gettext_lazy("企业（家）"),
        lambda row: number(row.company_count, 0),
        sort="company_count",
        align="end",
        total=Sum("company_count"),
        show_total=lambda value: number(value, 0),
    ),
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
)


@require_http_methods(["GET", "POST"])
def alias_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    company = changeable_company(request, public_id)
    form = AliasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alias = attempt(
            form, lambda: actions.add_alias(actor=request.user, company=company, **form.cleaned_data)
        )
        if alias is not None:
            url = reverse("projects:company", args=[company.public_id])
            return done(request, url, _("已添加别名“%(name)s”。") % {"name": alias.name})
    context = {"form": form, "company": company}
    status = 422 if form.errors else 200
    return page(request, "projects/company_alias.html", context, fragment="panel", status=status)


@require_http_methods(["GET", "POST"])
def alias_remove(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    company = changeable_company(request, public_id)
    alias = company.aliases.select_related("company").filter(pk=pk).first()
    if alias is None:
        raise NotFound(_("没有这个别名，可能已被删除。"))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        removed = attempt(
            form, lambda: actions.remove_alias(actor=request.user, alias=alias, **form.cleaned_data) or True
        )
        if removed:
            url = reverse("projects:company", args=[company.public_id])
            return done(request, url, _("已删除别名“%(name)s”。") % {"name": alias.name})
    context = {
        "form": form,
        "company": company,
        "title": _("删除别名"),
        "subject": alias.name,
        "note": _("删除后不能再用这个名称找到企业；理由留在变更记录。"),
        "save": _("删除"),
        "danger": True,
    }
    status = 422 if form.errors else 200
    return page(request, "projects/company_reason.html", context, fragment="panel", status=status)


@require_GET
def groups(request: SignedInRequest) -> HttpResponse:
    """The groups one sees, those with the most projects first."""
    listing = ListPage(
        request,
        groups_listed(request.user),
        LAYOUT,
        row_url=_url,
        default_sort="-project_count",
        filterset=GroupFilter,
        url_name="projects:groups",
        empty={
            "title": _("还没有集团"),
            "text": _("在企业资料中填写“所属集团”，集团就会出现在这里。"),
            "action_url": reverse("projects:companies"),
            "action_label": _("企业客商"),
        },
    )
    context = {"title": _("集团"), "may_change": access.can_log_leads(request.user)}
    return list_page(request, "projects/group_list.html", listing, context)


@require_GET
def group(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One group: the companies in sight with projects and money; the others only as a number."""
    record = _visible(request, public_id)
    context = {
        "group": record,
        "shown": group_page(request.user, record),
        "below": access.groups_visible_to(request.user).filter(parent=record).order_by("pinyin"),
        "may_change": access.can_log_leads(request.user),
    }
    return page(request, "projects/group_detail.html", context)


@require_http_methods(["GET", "POST"])
def group_new(request: SignedInRequest) -> HttpResponse:
    if not access.can_log_leads(request.user):
        raise NotAllowed(_("您的角色不能建立集团；请交给招商专员、队长或分管领导。"))
    form = GroupForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create_group(actor=request.user, **form.cleaned_data))
        if made is not None:
            return done(request, _url(made), _("已建立集团“%(name)s”。") % {"name": made.name})
    return _group_form(request, form, None)


@require_http_methods(["GET", "POST"])
def group_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    record = _visible(request, public_id)
    if not access.can_log_leads(request.user):
        raise NotAllowed(_("您的角色只能查看集团；请交给招商专员、队长或分管领导修改。"))
    form = GroupForm(request.POST or None, request=request, group=record)
    if request.method == "POST" and form.is_valid():
        seen = seen_version(request)
        saved = attempt(
            form,
            lambda: actions.change_group(actor=request.user, group=record, seen=seen, **form.cleaned_data),
        )
        if saved is not None:
            return done(request, _url(saved), _("已保存“%(name)s”。") % {"name": saved.name})
    return _group_form(request, form, record)


def _group_form(request: SignedInRequest, form: GroupForm, record: CompanyGroup | None) -> HttpResponse:
    context = {"form": form, "group": record}
    status = 422 if form.errors else 200
    return page(request, "projects/group_edit.html", context, fragment="panel", status=status)


def _visible(request: SignedInRequest, public_id: str) -> CompanyGroup:
    found = access.groups_visible_to(request.user).select_related("parent")
    record = found.filter(public_id=public_id).first()
    if record is None:
        raise NotFound(_("没有这个集团，或您不能查看它。"))
    return record


def _url(row: Any) -> str:
    return reverse("projects:group", args=[row.public_id])
