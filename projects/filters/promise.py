"""How the promise ledger is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.access import projects_visible_to
from projects.models import Direction, Promise, PromiseSubject
from projects.queries.promise import Standing, counted
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to

YES = [("1", _("是"))]
DAY = forms.DateInput({"type": "date"})


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _named_project(request: Any) -> QuerySet:
    return projects_visible_to(request.user).filter(public_id=request.GET.get("project", ""))


class PromiseFilter(ListFilter):
    """`standing` is how a promise stands today; `counted` keeps what a rate of fulfilment is of."""

    direction = django_filters.ChoiceFilter(
        label=_("承诺方"), choices=Direction.choices, empty_label=_("双方")
    )
    subject = django_filters.MultipleChoiceFilter(label=_("事项"), choices=PromiseSubject.choices)
    standing = django_filters.MultipleChoiceFilter(label=_("履行状态"), choices=Standing.choices)
    team = NamedChoiceFilter(
        label=_("团队"),
        queryset=_teams,
        field_name="project__team",
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    due_from = django_filters.DateFilter(
        label=_("期限自"), field_name="due_on", lookup_expr="gte", widget=DAY
    )
    due_before = django_filters.DateFilter(
        label=_("期限至（不含）"), field_name="due_on", lookup_expr="lt", widget=DAY
    )
    mine = django_filters.ChoiceFilter(
        label=_("由我负责"), choices=YES, method="of_actor", empty_label=_("不限")
    )
    waiting = django_filters.ChoiceFilter(
        label=_("履行待确认"), choices=YES, method="awaiting", empty_label=_("不限")
    )
    counted = django_filters.ChoiceFilter(
        label=_("计入兑现率"), choices=YES, method="of_the_rate", empty_label=_("不限")
    )
    project = django_filters.ModelChoiceFilter(
        label=_("项目"), queryset=_named_project, to_field_name="public_id", widget=forms.HiddenInput
    )

    class Meta:
        model = Promise
        fields: list[str] = []

    def of_actor(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(person=self.request.user.person_id)

    def awaiting(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(waits=True)

    def of_the_rate(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(counted())
