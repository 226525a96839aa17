"""Groups of companies: the list, and one group with the companies that one sees of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from projects.access import companies_visible_to, groups_visible_to, projects_visible_to
from projects.models import Company, CompanyGroup
from projects.queries.company import companies_listed
from staff.models import Account


@dataclass(frozen=True)
class GroupPage:
    """A group with the companies one sees; `hidden` counts the others, without a word about them."""

    companies: list[Any]
    hidden: int
    project_count: int
    planned: Decimal


def groups_listed(actor: Account) -> QuerySet[CompanyGroup]:
    """The groups one sees with their companies, projects and planned investment (元) as far as one sees those."""
    companies = companies_visible_to(actor).filter(group=OuterRef("pk")).order_by().values("group")
    projects = (
        projects_visible_to(actor).filter(company__group=OuterRef("pk")).order_by().values("company__group")
    )
    return (
        groups_visible_to(actor)
        .select_related("parent")
        .annotate(
            company_count=Coalesce(Subquery(companies.annotate(n=Count("pk")).values("n")), 0),
            project_count=Coalesce(Subquery(projects.annotate(n=Count("pk")).values("n")), 0),
            planned=Subquery(projects.annotate(total=Sum("planned_investment")).values("total")),
        )
    )


def group_page(actor: Account, group: CompanyGroup) -> GroupPage:
    """One group's companies in sight, those with the most investment first, and how many are not."""
    listed: Any = companies_listed(actor)
    rows: list[Any] = list(listed.filter(group=group).order_by("-project_count", "pinyin", "pk"))
    total = Company.objects.filter(group=group, merged_into=None).count()
    return GroupPage(
        companies=rows,
        hidden=total - len(rows),
        project_count=sum(row.project_count for row in rows),
        planned=sum((row.planned for row in rows if row.planned is not None), start=Decimal(0)),
    )


def companies_of(actor: Account, group: CompanyGroup, but: Company) -> tuple[list[Company], int]:
    """The other companies of a group that one sees, and how many one does not; two queries."""
    others = Company.objects.filter(group=group, merged_into=None).exclude(pk=but.pk)
    seen = list(companies_visible_to(actor).filter(group=group).exclude(pk=but.pk).order_by("pinyin")[:12])
    return seen, max(
        0, others.count() - companies_visible_to(actor).filter(group=group).exclude(pk=but.pk).count()
    )


def group_suggestions(actor: Account) -> QuerySet[CompanyGroup]:
    """The groups offered while one is typed."""
    return groups_visible_to(actor).order_by("pinyin")[:200]
