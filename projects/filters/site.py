"""How plots, plants and reservations are narrowed."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Park, Plant, Plot, Reservation, ReservationState, SiteStatus, SiteUse
from projects.queries.site import with_freedom
from promotion.web.filters import ListFilter

DAY = forms.DateInput({"type": "date"})


class SiteFilter(ListFilter):
    """What plots and plants share; `free_from` and `free_until` ask what is free in that time."""

    park = django_filters.ChoiceFilter(label=_("园区"), choices=Park.choices, empty_label=_("全部"))
    use = django_filters.MultipleChoiceFilter(label=_("用途"), choices=SiteUse.choices)
    min_power = django_filters.NumberFilter(
        label=_("供电不少于（kVA）"), field_name="power", lookup_expr="gte", min_value=0
    )
    status = django_filters.ChoiceFilter(
        label=_("供应状态"), choices=SiteStatus.choices, empty_label=_("全部")
    )
    free_from = django_filters.DateFilter(label=_("空闲自"), method="left_to_the_whole", widget=DAY)
    free_until = django_filters.DateFilter(label=_("空闲至（不含）"), method="left_to_the_whole", widget=DAY)

    place = ""

    def left_to_the_whole(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The period and the area are asked together: free is what nobody holds on any day of it."""
        given = self.form.cleaned_data
        start, end = given.get("free_from"), given.get("free_until")
        if start or end:
            queryset = with_freedom(queryset, place=self.place, start=start or timezone.localdate(), end=end)
        found = super().filter_queryset(queryset)
        if start or end:
            found = found.filter(free__gt=0, status=SiteStatus.OPEN)
        return found

    def at_least(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.filter(free__gte=value)


class PlotFilter(SiteFilter):
    place = "plot"
    min_area = django_filters.NumberFilter(label=_("可用面积不少于（亩）"), method="at_least", min_value=0)

    class Meta:
        model = Plot
        fields: list[str] = []


class PlantFilter(SiteFilter):
    place = "plant"
    min_area = django_filters.NumberFilter(label=_("可用面积不少于（㎡）"), method="at_least", min_value=0)

    class Meta:
        model = Plant
        fields: list[str] = []


class ReservationFilter(ListFilter):
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=ReservationState.choices)
    park = django_filters.ChoiceFilter(
        label=_("园区"), choices=Park.choices, method="in_park", empty_label=_("全部")
    )
    ends_before = django_filters.DateFilter(
        label=_("早于此日到期"), field_name="ends_on", lookup_expr="lt", widget=DAY
    )

    class Meta:
        model = Reservation
        fields: list[str] = []

    def in_park(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(plot__park=value) | queryset.filter(plant__park=value)
