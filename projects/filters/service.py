"""How the lists of service tasks and of key projects are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import TaskState
from projects.queries.service import mine
from projects.workflow import Stage
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import people_visible_to, teams_visible_to

YES = [("1", _("是"))]


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _people(request: Any) -> QuerySet:
    return people_visible_to(request.user)


class TaskFilter(ListFilter):
    """Open tasks unless another state is asked for."""

    q = django_filters.CharFilter(label=_("任务或项目"), method="containing")
    mine = django_filters.ChoiceFilter(label=_("我的"), choices=YES, method="own", empty_label=_("不限"))
    overdue = django_filters.ChoiceFilter(label=_("逾期"), choices=YES, method="late", empty_label=_("不限"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[*TaskState.choices, ("any", _("全部"))],
        method="standing",
        empty_label=_("待办"),
    )
    owner = NamedChoiceFilter(
        label=_("服务专员"),
        field_name="plan__project__owner__public_id",
        queryset=_people,
        to_field_name="public_id",
        method="of_owner",
    )
    team = NamedChoiceFilter(label=_("团队"), queryset=_teams, to_field_name="public_id", method="of_team")
    stage = django_filters.ChoiceFilter(label=_("阶段"), choices=Stage.choices)
    project = django_filters.CharFilter(
        label=_("项目编号"), field_name="plan__project__public_id", lookup_expr="exact"
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state=TaskState.OPEN)

    def containing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(title__icontains=value) | Q(plan__project__name__icontains=value))

    def own(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(mine(self.request.user))

    def late(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(is_overdue=True)

    def standing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "any" else queryset.filter(state=value)

    def of_owner(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(Q(person=value) | Q(person=None, plan__project__owner=value))

    def of_team(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(plan__project__team=value)


LACKS = [
    ("any", _("缺任一项")),
    ("team", _("缺团队")),
    ("service_plan", _("缺服务方案")),
    ("specialist", _("专员不在岗")),
    ("none", _("四项齐全")),
    ("late", _("方案逾期")),
]


class KeyProjectFilter(ListFilter):
    """Key projects by what they lack."""

    lacks = django_filters.ChoiceFilter(
        label=_("四个一"), choices=LACKS, method="lacking_what", empty_label=_("不限")
    )
    team = NamedChoiceFilter(label=_("团队"), field_name="team", queryset=_teams, to_field_name="public_id")
    stage = django_filters.ChoiceFilter(label=_("阶段"), choices=Stage.choices)

    def lacking_what(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = {
            "any": Q(lacking__gt=0),
            "none": Q(lacking=0),
            "team": Q(has_team=False),
            "service_plan": Q(has_plan=False),
            "specialist": Q(has_owner=False),
            "late": Q(is_late=True),
        }
        return queryset.filter(found[value])
