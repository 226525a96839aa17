"""How the lists of applications and inquiries are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.filters.feed import StrictFilterSet
from projects.models import (
    AdmissionApplication,
    AdmissionDecision,
    CoachingItem,
    Diligence,
    DiligenceState,
    Risk,
)
from promotion.web.filters import ListFilter, NamedChoicesFilter
from staff.access import teams_visible_to

WAITING = "waiting"


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


class AdmissionFilter(ListFilter):
    """By decision (`waiting` while there is none) and team."""

    decision = django_filters.ChoiceFilter(
        label=_("决定"),
        choices=[(value or WAITING, label) for value, label in AdmissionDecision.choices],
        method="decided",
        empty_label=_("全部"),
    )
    team = NamedChoicesFilter(
        label=_("团队"), field_name="project__team__public_id", queryset=_teams, to_field_name="public_id"
    )

    class Meta:
        model = AdmissionApplication
        fields: list[str] = []

    def decided(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(decision="" if value == WAITING else value)


class DiligenceFilter(ListFilter):
    """By state, risk and team."""

    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=DiligenceState.choices)
    risk = django_filters.MultipleChoiceFilter(label=_("总体风险"), choices=Risk.choices)
    team = NamedChoicesFilter(
        label=_("团队"), field_name="project__team__public_id", queryset=_teams, to_field_name="public_id"
    )

    class Meta:
        model = Diligence
        fields: list[str] = []


class AdmissionFeed(StrictFilterSet, AdmissionFilter):
    """The same for the API with codes of teams, and by project."""

    team = django_filters.CharFilter(field_name="project__team__code")
    project = django_filters.CharFilter(field_name="project__public_id")


class DiligenceFeed(StrictFilterSet, DiligenceFilter):
    """The same for the API with codes of teams, and by project."""

    team = django_filters.CharFilter(field_name="project__team__code")
    project = django_filters.CharFilter(field_name="project__public_id")


class CoachingFeed(StrictFilterSet):
    """By project, and what is left to do."""

    project = django_filters.CharFilter(field_name="project__public_id")
    left = django_filters.BooleanFilter(method="undone")

    class Meta:
        model = CoachingItem
        fields: list[str] = []

    def undone(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        left = Q(is_needed=True, done_on=None)
        return rows.filter(left if value else ~left)
