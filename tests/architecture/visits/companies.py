"""A company of the officer's with its people, names, group, a merge and a suspected duplicate."""

from projects.actions.company_merge import merge_companies
from projects.actions.company_name import add_alias, create_group
from projects.actions.contact import add_contact, assign_contact_role
from projects.models import DuplicatePair, DuplicateScan, Project
from staff.models import Account
from tests.factories.projects import make_company


class Part:
    """Something of a company or project: found by the owner's id and its own key."""

    def __init__(self, public_id: str, pk: int) -> None:
        self.public_id, self.pk = public_id, pk


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    company = project.company
    contact = add_contact(actor=officer, company=company, name="王五")
    role = assign_contact_role(actor=officer, project=project, contact=contact, part="decides")
    alias = add_alias(actor=officer, company=company, name="曾用名")
    merge = merge_companies(
        actor=manager, kept=company, lost=make_company(officer, name="重复的企业"), reason="同一家"
    )
    other = make_company(officer, name="另一家企业")
    pair = DuplicatePair.objects.create(
        first=company, second=other, score=80, reasons=[], scan=DuplicateScan.objects.create(state="done")
    )
    group = create_group(actor=officer, name="示例集团")
    contacted = Part(company.public_id, contact.pk)
    return {
        "projects:alias-add": company,
        "projects:alias-remove": Part(company.public_id, alias.pk),
        "projects:company-merge": company,
        "projects:contact-edit": contacted,
        "projects:contact-restore": contacted,
        "projects:contact-retire": contacted,
        "projects:contact-role-end": Part(project.public_id, role.pk),
        "projects:duplicate": pair,
        "projects:duplicate-reopen": pair,
        "projects:group": group,
        "projects:group-edit": group,
        "projects:merge-undo": merge,
    }
