"""How the pages about one company find it: in sight, changeable, and after a merge under its old address."""

from typing import Any

from django.utils.translation import gettext as _

from projects import access
from projects.models import Company
from projects.queries.company_merge import may_still_be_undone, merges_of
from projects.queries.company_name import survivor_of
from promotion.errors import NotAllowed, NotFound
from promotion.web.requests import SignedInRequest
from staff.models import Account, Role

MERGING_ROLES = (Role.MANAGER, Role.LEADER)


def visible_company(request: SignedInRequest, public_id: str) -> Company:
    """The company of an address, or the one that it was merged into. Raises NotFound when it is out of sight."""
    seen = access.companies_visible_to(request.user).select_related("group")
    record = seen.filter(public_id=public_id).first()
    if record is None:
        kept = survivor_of(public_id)
        record = seen.filter(pk=kept.pk).first() if kept else None
    if record is None:
        raise NotFound(_("没有这家企业，或您不能查看它。"))
    return record


def changeable_company(request: SignedInRequest, public_id: str) -> Company:
    """The company, for whom the form is worth opening; the action asks again."""
    record = visible_company(request, public_id)
    if not access.can_log_leads(request.user):
        raise NotAllowed(_("您的角色只能查看企业资料；需要修改时，请联系招商专员或分管领导。"))
    return record


def told_merges(actor: Account, company: Company) -> list[dict[str, Any]]:
    """What was merged into the company, each with whether this reader may still take it apart."""
    may = access.can_merge(actor, [company]) if actor.role in MERGING_ROLES else False
    return [{"merge": merge, "may_undo": may and may_still_be_undone(merge)} for merge in merges_of(company)]


def seen_version(request: SignedInRequest, name: str = "version") -> int | None:
    """The version that the posted form was drawn from."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
