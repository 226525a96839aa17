"""How the lists of the API are narrowed, and how another system asks for what changed since a moment."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from projects.models import (
    Achievement,
    AchievementKind,
    CapitalSource,
    Channel,
    Company,
    Handover,
    HandoverState,
    Industry,
    Project,
    Recognition,
    ServiceTask,
    TaskState,
)
from projects.queries.company_name import company_named, named
from projects.workflow import Stage, Status

CHANGED_SINCE = "Rows changed at or after this ISO moment, oldest change first. Add the offset, e.g. 2026-03-01T00:00:00+08:00."
AFTER = "With changed_since: public id of the last row you have; the list goes on behind it."


class StrictFilterSet(filters.FilterSet):
    """Refuses a parameter that is not one of its own, so that a misspelt filter does not look like a whole list."""

    ALWAYS = frozenset({"page", "page_size", "format"})

    def is_valid(self) -> bool:
        unknown = sorted(set(self.data) - set(self.filters) - self.ALWAYS)
        if unknown:
            names = "、".join(sorted(self.filters))
            sentence = _("没有这个筛选条件；可用的：%(names)s。") % {"names": names}
            raise ValidationError({name: [sentence] for name in unknown})
        return bool(super().is_valid())


class ChangeFeed(StrictFilterSet):
    """A list that can also be read as a feed of changes, in the stable order (changed_at, id)."""

    changed_since = filters.IsoDateTimeFilter(method="since", help_text=CHANGED_SINCE)
    after = filters.CharFilter(method="behind", help_text=AFTER)

    def since(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        behind = self.data.get("after")
        later = rows.filter(changed_at__gte=value)
        if behind:
            last = self.queryset.filter(public_id=behind).values_list("pk", flat=True).first()
            later = rows.filter(Q(changed_at__gt=value) | Q(changed_at=value, pk__gt=last or 0))
        return later.order_by("changed_at", "pk")

    def behind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows


class ProjectFeed(ChangeFeed):
    q = filters.CharFilter(method="matching", help_text="Part of the name, pinyin, initials or code.")
    stage = filters.MultipleChoiceFilter(choices=Stage.choices)
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    channel = filters.MultipleChoiceFilter(choices=Channel.choices)
    industry = filters.MultipleChoiceFilter(choices=Industry.choices)
    capital_source = filters.ChoiceFilter(choices=CapitalSource.choices)
    team = filters.CharFilter(field_name="team__code", help_text="Code of the responsible team.")
    owner = filters.CharFilter(
        field_name="owner__staff_number", help_text="Staff number of the service specialist."
    )
    company = filters.CharFilter(field_name="company__public_id", help_text="Public id of the company.")

    class Meta:
        model = Project
        fields: list[str] = []

    def matching(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(named(value))


class CompanyFeed(StrictFilterSet):
    q = filters.CharFilter(
        method="matching", help_text="Part of the name, pinyin, initials, English name or code."
    )
    credit_code = filters.CharFilter()
    country = filters.CharFilter()

    class Meta:
        model = Company
        fields: list[str] = []

    def matching(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(company_named(value))


class AchievementFeed(ChangeFeed):
    kind = filters.MultipleChoiceFilter(choices=AchievementKind.choices)
    state = filters.MultipleChoiceFilter(choices=Recognition.choices)
    project = filters.CharFilter(field_name="project__public_id", help_text="Public id of the project.")
    happened_from = filters.DateFilter(field_name="happened_on", lookup_expr="gte")
    happened_before = filters.DateFilter(field_name="happened_on", lookup_expr="lt")

    class Meta:
        model = Achievement
        fields: list[str] = []


class TaskFeed(StrictFilterSet):
    state = filters.MultipleChoiceFilter(choices=TaskState.choices)
    stage = filters.MultipleChoiceFilter(choices=Stage.choices)
    project = filters.CharFilter(field_name="plan__project__public_id", help_text="Public id of the project.")
    owner = filters.CharFilter(
        field_name="plan__project__owner__staff_number", help_text="Staff number of the service specialist."
    )
    team = filters.CharFilter(field_name="plan__project__team__code", help_text="Code of the team.")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt", help_text="Due before the day.")

    class Meta:
        model = ServiceTask
        fields: list[str] = []


class HandoverFeed(StrictFilterSet):
    state = filters.MultipleChoiceFilter(choices=HandoverState.choices)
    project = filters.CharFilter(field_name="project__public_id", help_text="Public id of the project.")
    receiver = filters.CharFilter(field_name="receiver__staff_number", help_text="Staff number.")
    giver = filters.CharFilter(field_name="giver__staff_number", help_text="Staff number.")

    class Meta:
        model = Handover
        fields: list[str] = []
