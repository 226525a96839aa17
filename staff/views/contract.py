"""The list of contracts, one contract, and the paper to sign."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from promotion.web.components import badge
from promotion.web.formats import NOTHING, day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.access import can_keep_contracts
from staff.exports.contract import contract_paper, paper_name
from staff.filters.contract import ContractFilter
from staff.models import Contract, ContractState
from staff.queries.contract import contracts_listed

Standing = tuple[str, str]


def standing_of(contract: Contract) -> Standing:
    """How far the contract is today: the word and its tone."""
    today = timezone.localdate()
    if contract.state == ContractState.DRAFT:
        return _("待签"), "attention"
    if contract.ends_on is not None and contract.ends_on <= today:
        return (_("已终止") if contract.state == ContractState.ENDED else _("已到期")), "plain"
    if contract.starts_on > today:
        return _("未开始"), "accent"
    if contract.state == ContractState.ENDED:
        return _("将终止"), "attention"
    left = (contract.ends_on - today).days - 1 if contract.ends_on else None
    if left is not None and left <= 60:
        return _("还有 %(days)s 天") % {"days": left}, "alarm" if left <= 30 else "attention"
    return _("履行中"), "done"


def _probation(contract: Contract) -> str:
    if contract.probation_until is None:
        return NOTHING
    if contract.probation_passed_on is not None:
        return _("%(day)s 转正") % {"day": contract.probation_passed_on}
    return _("至 %(day)s") % {"day": contract.probation_last_day}


COLUMNS = (
    Column("person", gettext_lazy("姓名"), lambda one: one.person.name, sort="person__pinyin"),
    Column("number", gettext_lazy("合同编号"), lambda one: one.number, sort="number"),
    Column("standing", gettext_lazy("状态"), lambda one: badge(*standing_of(one))),
    Column("kind", gettext_lazy("类别"), lambda one: one.get_kind_display(), sort="kind", wide=True),
    Column(
        "grade", gettext_lazy("级别"), lambda one: one.get_grade_display() or NOTHING, sort="grade", wide=True
    ),
    Column(
        "starts_on", gettext_lazy("合同起"), lambda one: day(one.starts_on), sort="starts_on", align="day"
    ),
    Column(
        "ends_on",
        gettext_lazy("最后一日"),
        lambda one: day(one.last_day) if one.ends_on else _("无固定期限"),
        sort="ends_on",
        align="day",
    ),
    Column("probation", gettext_lazy("试用期"), _probation, sort="probation_until", wide=True),
    Column("paper", gettext_lazy("签字件"), lambda one: _("有") if one.paper_id else NOTHING, wide=True),
)


def contract_url(contract: Contract) -> str:
    """The page of a contract."""
    return reverse("staff:contract", args=[contract.public_id])


@require_GET
def contract_list(request: SignedInRequest) -> HttpResponse:
    """The contracts that one sees, those that end first on top."""
    may_keep = can_keep_contracts(request.user)
    listing = ListPage(
        request=request,
        queryset=contracts_listed(request.user),
        layout=COLUMNS,
        row_url=contract_url,
        default_sort="ends_on",
        filterset=ContractFilter,
        url_name="staff:contracts",
        export_url=reverse("staff:contracts-export") if may_keep else "",
        empty={
            "title": _("没有这样的合同"),
            "text": _("聘用合同在人员的页面上拟订，或用表格导入；签订后到期前 60 天和 30 天提醒。"),
            "action_url": reverse("staff:people") if may_keep else "",
            "action_label": _("到人员列表"),
        },
    )
    context = {"title": _("聘用合同"), "may_keep": may_keep}
    return list_page(request, "staff/contracts.html", listing, context)


@require_GET
def contract(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One contract: what was agreed, what it follows, and what may be done with it."""
    return contract_page(request, visible_contract(request, public_id))


def contract_page(request: SignedInRequest, found: Contract) -> HttpResponse:
    """The page of a contract."""
    word, tone = standing_of(found)
    context: dict[str, Any] = {
        "contract": found,
        "word": word,
        "tone": tone,
        "followers": contracts_listed(request.user).filter(renews=found),
        "may_keep": can_keep_contracts(request.user),
        "is_draft": found.state == ContractState.DRAFT,
        "is_signed": found.state == ContractState.SIGNED,
        "on_probation": found.probation_until is not None and found.probation_passed_on is None,
    }
    return page(request, "staff/contract.html", context)


@require_GET
def contract_pdf(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The contract as a paper to sign."""
    found = visible_contract(request, public_id)
    response = HttpResponse(contract_paper(found), content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(False, paper_name(found)))
    return response


def visible_contract(request: SignedInRequest, public_id: str) -> Contract:
    """The contract if this account may read it; otherwise there is none."""
    return get_object_or_404(contracts_listed(request.user), public_id=public_id)
