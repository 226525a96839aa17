"""How the joint reviews and their conditions are narrowed in the API."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from projects.filters.feed import StrictFilterSet
from projects.models import GateCondition, JointReview, ReviewState
from projects.queries.joint_review import overdue


class ReviewFeed(StrictFilterSet):
    state = django_filters.MultipleChoiceFilter(choices=ReviewState.choices)
    overdue = django_filters.BooleanFilter(method="is_overdue", help_text="Running after its deadline.")
    department = django_filters.CharFilter(
        method="asked", help_text="Code of a department that is asked in the round."
    )
    project = django_filters.CharFilter(
        field_name="project__public_id", help_text="Public id of the project."
    )

    class Meta:
        model = JointReview
        fields: list[str] = []

    def is_overdue(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        rule = overdue(timezone.localdate())
        return queryset.filter(rule) if value else queryset.exclude(rule)

    def asked(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = JointReview.objects.filter(opinions__department__code=value)
        return queryset.filter(pk__in=found.values("pk"))


class ConditionFeed(StrictFilterSet):
    open = django_filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", help_text="Not fulfilled yet."
    )
    due_before = django_filters.DateFilter(
        field_name="due_on", lookup_expr="lt", help_text="Due before the day."
    )
    owner = django_filters.CharFilter(field_name="owner__staff_number", help_text="Staff number.")
    project = django_filters.CharFilter(
        field_name="project__public_id", help_text="Public id of the project."
    )

    class Meta:
        model = GateCondition
        fields: list[str] = []
