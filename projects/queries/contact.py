"""Contacts: who is who at a company, and what each is in a project."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from projects.access import companies_visible_to, projects_visible_to
from projects.models import Company, Contact, ContactRole, Project
from projects.phone_number import dialled
from projects.queries.record_visit import RecordVisit
from staff.models import Account


def contacts_of(actor: Account, company: Company) -> list[Contact]:
    """The people at a company, those in use first, each with the parts in projects that the actor sees; two queries."""
    roles = ContactRole.objects.filter(project__in=projects_visible_to(actor).values("pk"), ends_on=None)
    rows = company.contacts.prefetch_related(
        Prefetch("roles", queryset=roles.select_related("project"), to_attr="open_roles")
    ).order_by("retired_on", "pk")
    found: list[Any] = sorted(rows, key=lambda row: (row.retired_on is not None, row.pk))
    for row in found:
        row.dialled = dialled(row.phone) if row.phone else ""
    return found


def roles_of(project: Project) -> list[ContactRole]:
    """The parts that contacts have in a project, open ones first."""
    rows = ContactRole.objects.filter(project=project).select_related("contact__company")
    found = sorted(rows, key=lambda row: (row.ends_on is not None, row.pk))
    for row in found:
        row.contact.dialled = dialled(row.contact.phone) if row.contact.phone else ""  # type: ignore[attr-defined]
    return found


def contacts_for(actor: Account, project: Project) -> QuerySet[Contact]:
    """Who can be given a part in a project: the people of its company and of the companies in sight of its group."""
    near = Q(company=project.company_id)
    if project.company.group_id is not None:
        seen = companies_visible_to(actor).filter(group=project.company.group_id)
        near |= Q(company__in=seen.values("pk"))
    return (
        Contact.objects.filter(near, retired_on=None).select_related("company").order_by("company_id", "pk")
    )


def contact_card(visit: RecordVisit) -> dict[str, Any] | None:
    """The card of the record page: who is who at the company for this project."""
    listed = roles_of(visit.project) if visit.facts["has_contacts"] else []
    roles = [row for row in listed if row.ends_on is None]
    if not roles and not visit.may_change:
        return None
    return {"roles": roles, "project": visit.project, "may_change": visit.may_change}
