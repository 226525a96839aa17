"""The list of companies, whose figures come from their projects: they are asked of the projects, never company by company."""

from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Max, QuerySet, Sum
from django.utils.functional import cached_property

from projects.access import count_companies_visible_to, projects_found_by
from projects.models import Project
from projects.queries.tally import Kept, total_of
from promotion.web.lists import ListPage

# Reading so many projects per company wanted finds enough different companies, unless a few have nearly all projects.
PER_COMPANY = 4


class CompanyListPage(ListPage):
    """Sums and the usual order in a few statements over projects, however many companies there are."""

    @cached_property
    def projects(self) -> QuerySet[Project]:
        """The visible projects of the companies that the filters leave; every visible project's company is visible."""
        visible = projects_found_by(self.request.user).order_by()  # type: ignore[arg-type]
        if not self.is_filtered:
            return visible
        return visible.filter(company__in=self.filtered.order_by().values("pk"))

    @cached_property
    def figures(self) -> dict[str, Any]:
        user: Any = self.request.user
        if not self.is_filtered:
            total = total_of(user, Kept(status=""))
            sums = {"total_project_count": total.count, "total_planned": total.amount}
            return {"total_rows": count_companies_visible_to(user), **sums}
        sums = self.projects.aggregate(
            total_project_count=Count("pk"), total_planned=Sum("planned_investment")
        )
        return {"total_rows": self.filtered.order_by().count(), **sums}

    def keys(self, found: Page[Any]) -> list[Any]:
        """The companies that moved last are those of the projects that moved last; those without a project come after them."""
        start, stop = found.start_index() - 1, found.end_index()
        if self.sort != ("progressed_on", True):
            return super().keys(found)
        latest = self.projects.order_by("-progressed_on", "-company").values_list("company", flat=True)
        first = list(dict.fromkeys(latest[: stop * PER_COMPANY]))
        if len(first) < stop:
            grouped = self.projects.values("company").annotate(last=Max("progressed_on"))
            first = list(grouped.order_by("-last", "-company").values_list("company", flat=True)[:stop])
        return first[start:stop] if len(first) >= stop else super().keys(found)
