"""How the lists of days away and of departures are narrowed, in the browser and in the API."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.web.filters import ListFilter
from staff.access import in_force
from staff.models import Absence, Departure, DepartureState, Person
from staff.queries.people import matching


class AbsenceFilter(ListFilter):
    """By whom and when."""

    q = filters.CharFilter(label=_("姓名、拼音、首字母或工号"), method="search")
    when = filters.ChoiceFilter(
        label=_("时间"),
        choices=[("now", _("今天离岗")), ("coming", _("将要离岗")), ("over", _("已回岗"))],
        method="at",
        empty_label=_("全部"),
    )

    class Meta:
        model = Absence
        fields: list[str] = []

    def search(self, absences: QuerySet[Absence], name: str, value: str) -> QuerySet[Absence]:
        return absences.filter(person__in=Person.objects.filter(matching(value)).values("pk"))

    def at(self, absences: QuerySet[Absence], name: str, value: str) -> QuerySet[Absence]:
        today = timezone.localdate()
        return absences.filter(
            {"now": in_force(today), "coming": Q(starts_on__gt=today), "over": Q(ends_on__lte=today)}[value]
        )


class DepartureFilter(ListFilter):
    """By whom and how far."""

    q = filters.CharFilter(label=_("姓名、拼音、首字母或工号"), method="search")
    state = filters.ChoiceFilter(label=_("状态"), choices=DepartureState, empty_label=_("全部"))

    class Meta:
        model = Departure
        fields: list[str] = []

    def search(self, departures: QuerySet[Departure], name: str, value: str) -> QuerySet[Departure]:
        return departures.filter(person__in=Person.objects.filter(matching(value)).values("pk"))
