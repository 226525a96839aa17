"""How the blockers are narrowed, on the page and in the API."""

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import projects_visible_to
from projects.filters.feed import ChangeFeed
from projects.models import RUNNING, Blocker, BlockerState, Department, Level
from projects.queries.blocker import at_level
from projects.queries.own import own_projects
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _departments(_request: Any) -> QuerySet:
    return Department.objects.all()


class BlockerFilter(ListFilter):
    """What runs unless a state is asked for."""

    state = django_filters.ChoiceFilter(
        label=_("堵点状态"),
        choices=[*BlockerState.choices, ("all", _("全部"))],
        method="in_state",
        empty_label=_("未办结"),
    )
    level = django_filters.ChoiceFilter(
        label=_("牌"), choices=Level.choices, method="at_level", empty_label=_("全部")
    )
    department = NamedChoiceFilter(
        label=_("牵头部门"), queryset=_departments, to_field_name="public_id", empty_label=_("全部")
    )
    team = NamedChoiceFilter(
        label=_("责任团队"),
        queryset=_teams,
        field_name="project__team",
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    project = django_filters.CharFilter(label=_("项目"), method="of_project")
    mine = django_filters.ChoiceFilter(
        label=_("范围"), choices=[("1", _("我的项目"))], method="of_mine", empty_label=_("全部")
    )
    late = django_filters.ChoiceFilter(
        label=_("办结"),
        choices=[("1", _("按期")), ("0", _("逾期"))],
        method="closed_late",
        empty_label=_("全部"),
    )

    class Meta:
        model = Blocker
        fields: list[str] = []

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == "all" else queryset.filter(state=value)

    def at_level(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(at_level(value, timezone.localdate()))

    def of_project(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(
            project__in=projects_visible_to(self.request.user).filter(public_id=value).values("pk")
        )

    def of_mine(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(project__in=own_projects(self.request.user).values("pk"))

    def closed_late(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        rule = {"1": {"closed_on__lte": F("due_on")}, "0": {"closed_on__gt": F("due_on")}}[value]
        return queryset.filter(**rule)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state__in=RUNNING)


class BlockerFeed(ChangeFeed):
    state = django_filters.MultipleChoiceFilter(choices=BlockerState.choices)
    level = django_filters.ChoiceFilter(choices=Level.choices, method="at_level")
    department = django_filters.CharFilter(field_name="department__code", help_text="Code of the department.")
    project = django_filters.CharFilter(
        field_name="project__public_id", help_text="Public id of the project."
    )

    class Meta:
        model = Blocker
        fields: list[str] = []

    def at_level(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(at_level(value, timezone.localdate()))
