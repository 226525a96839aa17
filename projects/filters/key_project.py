"""How the recognitions of key projects, and what meets a threshold without one, are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from projects.models import KEY_CLASS_CHOICES, KeyProjectRecognition, KeyState
from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


class KeyRecognitionFilter(ListFilter):
    """What waits and what is recognised, unless a state is asked for."""

    q = django_filters.CharFilter(label=_("项目"), method="containing")
    state = django_filters.ChoiceFilter(label=_("状态"), choices=KeyState.choices, empty_label=_("全部"))
    project_class = django_filters.ChoiceFilter(
        label=_("认定等级"), choices=KEY_CLASS_CHOICES, empty_label=_("全部")
    )
    team = NamedChoiceFilter(
        label=_("责任团队"),
        field_name="project__team",
        queryset=_teams,
        to_field_name="public_id",
        empty_label=_("全部"),
    )

    class Meta:
        model = KeyProjectRecognition
        fields: list[str] = []

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(project__name__icontains=value) | Q(project__code__icontains=value))


class KeyProposalFilter(ListFilter):
    """By the class that is met, and by team.

    It names no model: the description of the API draws it beside the recognitions, which are another.
    """

    q = django_filters.CharFilter(label=_("项目"), method="containing")
    reached = django_filters.ChoiceFilter(
        label=_("达到等级"), choices=KEY_CLASS_CHOICES, empty_label=_("全部")
    )
    team = extend_schema_field(OpenApiTypes.STR)(
        NamedChoiceFilter(
            label=_("责任团队"), queryset=_teams, to_field_name="public_id", empty_label=_("全部")
        )
    )

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))
