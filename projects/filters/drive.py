"""How the supervised drives are narrowed, on the page and in the API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.access import projects_visible_to
from projects.models import Drive, DriveProject
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import people_visible_to

STATES = [("closed", _("已办结")), ("all", _("全部"))]


def _people(request: Any) -> QuerySet:
    return people_visible_to(request.user)


class DriveFilter(ListFilter):
    """What runs unless a state is asked for."""

    q = django_filters.CharFilter(label=_("名称或目标"), method="containing")
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=STATES, method="in_state", empty_label=_("进行中")
    )
    leader = NamedChoiceFilter(
        label=_("牵头人"), queryset=_people, to_field_name="public_id", empty_label=_("全部")
    )
    mine = django_filters.ChoiceFilter(
        label=_("范围"), choices=[("1", _("我的项目"))], method="of_mine", empty_label=_("全部")
    )
    project = django_filters.CharFilter(label=_("项目"), method="of_project")

    class Meta:
        model = Drive
        fields: list[str] = []

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(purpose__icontains=value))

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == "all" else queryset.filter(closed_on__isnull=False)

    def of_mine(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        lines = DriveProject.objects.filter(left_on=None, project__owner=self.request.user.person_id or 0)
        return queryset.filter(pk__in=lines.values("drive"))

    def of_project(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        seen = projects_visible_to(self.request.user).filter(public_id=value)
        lines = DriveProject.objects.filter(left_on=None, project__in=seen.values("pk"))
        return queryset.filter(pk__in=lines.values("drive"))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(closed_on=None)
