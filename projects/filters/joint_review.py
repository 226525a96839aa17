"""How the joint reviews and their conditions are narrowed, on the page and in the API."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.filters.feed import StrictFilterSet
from projects.models import Department, GateCondition, JointReview, ReviewOpinion, ReviewState
from projects.queries.joint_review import all_said, overdue
from projects.queries.own import own_projects
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _departments(_request: Any) -> QuerySet:
    return Department.objects.filter(opinions__isnull=False).distinct()


class ReviewFilter(ListFilter):
    """What runs unless a state is asked for."""

    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[*ReviewState.choices, ("all", _("全部"))],
        method="in_state",
        empty_label=_("会签中"),
    )
    due = django_filters.ChoiceFilter(
        label=_("进度"),
        choices=[("late", _("已超期")), ("ready", _("意见已齐"))],
        method="in_course",
        empty_label=_("全部"),
    )
    department = NamedChoiceFilter(
        label=_("会签部门"),
        queryset=_departments,
        to_field_name="public_id",
        method="of_department",
        empty_label=_("全部"),
    )
    waiting = django_filters.ChoiceFilter(
        label=_("部门意见"),
        choices=[("1", _("待反馈")), ("0", _("已反馈"))],
        method="said",
        empty_label=_("全部"),
    )
    team = NamedChoiceFilter(
        label=_("责任团队"),
        queryset=_teams,
        field_name="project__team",
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    mine = django_filters.ChoiceFilter(
        label=_("范围"), choices=[("1", _("我的项目"))], method="of_mine", empty_label=_("全部")
    )

    class Meta:
        model = JointReview
        fields: list[str] = []

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == "all" else queryset.filter(state=value)

    def in_course(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(overdue(timezone.localdate()) if value == "late" else all_said())

    def of_department(self, queryset: QuerySet, name: str, value: Department) -> QuerySet:
        return queryset.filter(Exists(ReviewOpinion.objects.filter(review=OuterRef("pk"), department=value)))

    def said(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Of the chosen department, or of any."""
        silent = ReviewOpinion.objects.filter(review=OuterRef("pk"), opinion="")
        if department := self.form.cleaned_data.get("department"):
            silent = silent.filter(department=department)
        return queryset.filter(Exists(silent) if value == "1" else ~Exists(silent))

    def of_mine(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(project__in=own_projects(self.request.user).values("pk"))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state=ReviewState.OPEN)


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
