"""How the signed projects behind a rate are narrowed."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import Channel, Project, ProjectClass
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import people_visible_to, teams_visible_to

REACHED = {
    "registered": (_("已注册"), Q(has_registered=True)),
    "started": (_("已开工"), Q(has_started=True)),
    "produced": (_("已投产"), Q(has_produced=True)),
    "fulfilled": (_("已履约"), Q(has_fulfilled=True)),
    "capital": (_("有注册资本"), Q(capital__gt=0)),
    "not_registered": (_("未注册"), Q(has_registered=False)),
}


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _people(request: Any) -> QuerySet:
    return people_visible_to(request.user)


class FulfilmentFilter(ListFilter):
    """The period is that of signing, both days included."""

    team = NamedChoiceFilter(
        label=_("责任团队"), queryset=_teams, to_field_name="public_id", empty_label=_("全部")
    )
    officer = NamedChoiceFilter(
        label=_("服务专员"),
        field_name="owner",
        queryset=_people,
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    channel = django_filters.ChoiceFilter(label=_("来源渠道"), choices=Channel.choices, empty_label=_("全部"))
    project_class = django_filters.ChoiceFilter(
        label=_("项目等级"), choices=ProjectClass.choices, empty_label=_("全部")
    )
    reached = django_filters.ChoiceFilter(
        label=_("到了哪一步"),
        choices=[(key, label) for key, (label, _which) in REACHED.items()],
        method="by_reached",
        empty_label=_("全部"),
    )

    class Meta:
        model = Project
        fields: list[str] = []

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Adds `from` and `to`, whose names Python keeps for itself."""
        filters = super().get_filters()
        for name, label, lookup in (("from", _("签约日期自"), "gte"), ("to", _("签约日期至"), "lte")):
            filters[name] = django_filters.DateFilter(
                label=label,
                field_name="signed_on",
                lookup_expr=lookup,
                widget=forms.DateInput({"type": "date"}),
            )
        return filters

    def by_reached(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(REACHED[value][1])
