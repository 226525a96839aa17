"""How the applications of a round are narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from promotion.web.filters import ListFilter
from staff.models import ApplicationState, Person
from staff.queries import matching


class ApplicationFilter(ListFilter):
    """The applications of a round by name and by how they stand."""

    q = filters.CharFilter(label=_("姓名、拼音、首字母或工号"), method="search")
    state = filters.ChoiceFilter(
        label=_("状态"),
        choices=[each for each in ApplicationState.choices if each[0] != ApplicationState.DRAFT],
        empty_label=_("全部"),
    )
    complained = filters.BooleanFilter(label=_("有申诉待复核"), method="waits_for_review")

    def search(self, applications: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return applications.filter(person__in=Person.objects.filter(matching(value)))

    def waits_for_review(self, applications: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        waiting = ~Q(complaint="") & Q(reviewed_at=None)
        return applications.filter(waiting if value else ~waiting)
