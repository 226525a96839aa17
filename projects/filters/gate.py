"""How the lists of applications and inquiries are narrowed."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import AdmissionApplication, AdmissionDecision, Diligence, DiligenceState, Risk
from staff.access import teams_visible_to

WAITING = "waiting"


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


class AdmissionFilter(django_filters.FilterSet):
    """By decision (`waiting` while there is none) and team."""

    decision = django_filters.ChoiceFilter(
        label=_("决定"),
        choices=[(value or WAITING, label) for value, label in AdmissionDecision.choices],
        method="decided",
        empty_label=_("全部"),
    )
    team = django_filters.ModelMultipleChoiceFilter(
        label=_("团队"), field_name="project__team__public_id", queryset=_teams, to_field_name="public_id"
    )

    class Meta:
        model = AdmissionApplication
        fields: list[str] = []

    def decided(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(decision="" if value == WAITING else value)


class DiligenceFilter(django_filters.FilterSet):
    """By state, risk and team."""

    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=DiligenceState.choices)
    risk = django_filters.MultipleChoiceFilter(label=_("总体风险"), choices=Risk.choices)
    team = django_filters.ModelMultipleChoiceFilter(
        label=_("团队"), field_name="project__team__public_id", queryset=_teams, to_field_name="public_id"
    )

    class Meta:
        model = Diligence
        fields: list[str] = []
