"""Who sees which companies."""

from typing import Any

from django.db.models import F, Q, QuerySet

from projects.access.found import parts_found_by, projects_found_by
from projects.access.sight import SEES_ALL, masked_companies, projects_visible_to
from projects.models import Company, FirstReception
from staff.access import teams_of
from staff.models import Account, Role


def companies_visible_to(actor: Account) -> QuerySet[Company]:
    """The companies of the projects one sees, those one entered and those one's team was first to receive; none merged.

    Whoever entered a company that was merged sees the one that was kept.
    """
    living = Company.objects.filter(merged_into=None)
    if actor.is_role(Role.AUDITOR):
        return living
    if actor.is_role(*SEES_ALL):
        return living.exclude(pk__in=masked_companies(actor).exclude(created_by=actor).values("pk"))
    of_projects = projects_visible_to(actor).order_by().values("company")
    received, kept = _besides(actor)
    return living.filter(Q(pk__in=of_projects) | Q(pk__in=received) | Q(created_by=actor) | Q(pk__in=kept))


def youngest_found_by(actor: Account, wanted: Q, of_project: Q, most: int) -> QuerySet[Company]:
    """The `wanted` ones of `companies_visible_to` that were entered last, at most so many.

    `of_project` says the same in the columns that a project repeats of its company, so that of what one sees only the
    projects of wanted companies are read. Of each way to see a company no more are taken than can be among the youngest.
    """
    if actor.is_role(*SEES_ALL):
        return companies_visible_to(actor).filter(wanted).order_by("-pk")[:most]
    found = projects_found_by(actor).filter(of_project, company__merged_into=None)
    of_projects = found.order_by("-company").values("company").distinct()[:most]
    received, kept = _besides(actor)
    # An order that no index has: the database must not walk all companies until enough of the seen ones have come by.
    living = Company.objects.filter(wanted, merged_into=None).order_by((F("pk") + 0).desc())
    besides = (Q(created_by=actor), Q(pk__in=received), Q(pk__in=kept))
    keys = of_projects.union(*(living.filter(part).values("pk")[:most] for part in besides))
    return Company.objects.filter(pk__in=keys).order_by("-pk")[:most]


def count_companies_visible_to(actor: Account) -> int:
    """How many `companies_visible_to` gives; counted from the parts put together, not asked of every company.

    Merged ones are few, so they are left out of each part in place of looking each company up.
    """
    if actor.is_role(*SEES_ALL):
        return companies_visible_to(actor).count()
    merged = Company.objects.exclude(merged_into=None).order_by().values("pk")
    own = Company.objects.filter(created_by=actor, merged_into=None).order_by().values("pk")
    of_projects = [part.order_by().values("company") for part in parts_found_by(actor)]
    received, kept = _besides(actor)
    living = [keys.exclude(company__in=merged) for keys in (*of_projects, received)]
    return own.union(*living, kept.exclude(merged_into__in=merged)).count()


def _besides(actor: Account) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """The companies received first, and those kept of which one entered a twin."""
    received = FirstReception.objects.filter(
        Q(team__in=teams_of(actor).values("pk")) | Q(person=actor.person_id), released_at=None
    )
    entered = Company.objects.filter(created_by=actor).exclude(merged_into=None)
    return received.order_by().values("company"), entered.order_by().values("merged_into")
