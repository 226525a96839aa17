"""How the list of handovers is narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import OPEN_HANDOVER, HandoverState
from promotion.web.filters import ListFilter

WHOSE = [("receive", _("等我接收")), ("mine", _("我提出的")), ("given", _("我交出的"))]


class HandoverFilter(ListFilter):
    """Requests in hand unless another state is asked for."""

    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[*HandoverState.choices, ("any", _("全部"))],
        method="standing",
        empty_label=_("在办"),
    )
    whose = django_filters.ChoiceFilter(label=_("我的"), choices=WHOSE, method="own", empty_label=_("不限"))
    q = django_filters.CharFilter(label=_("项目或人员"), method="containing")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state__in=OPEN_HANDOVER)

    def standing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "any" else queryset.filter(state=value)

    def own(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        actor = self.request.user
        if value == "mine":
            return queryset.filter(proposed_by=actor)
        side = "receiver" if value == "receive" else "giver"
        return queryset.filter(**{side: actor.person_id, f"{side}__isnull": False})

    def containing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        names = ("project__name", "project__code", "giver__name", "receiver__name")
        found = Q()
        for each in names:
            found |= Q(**{f"{each}__icontains": value})
        return queryset.filter(found)
