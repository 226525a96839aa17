"""How the achievement list and the recognition queue are narrowed."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.access import projects_visible_to
from projects.models import Achievement, AchievementKind, Currency, Recognition
from projects.queries.achievement_tally import KeptChoice
from promotion.web.filters import ListFilter, NamedChoiceFilter, NamedChoicesFilter
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account


def _teams(request: Any) -> QuerySet:
    return teams_visible_to(request.user)


def _people(request: Any) -> QuerySet:
    return people_visible_to(request.user)


def _named_project(request: Any) -> QuerySet:
    return projects_visible_to(request.user).filter(public_id=request.GET.get("project", ""))


class YearFilter(django_filters.NumberFilter):
    """A whole year, so that no fraction reaches the database."""

    field_class = forms.IntegerField


class AchievementFilter(ListFilter):
    """`person` and `team` are applied by the query, which also computes what is credited to them."""

    kind = django_filters.MultipleChoiceFilter(label=_("种类"), choices=AchievementKind.choices)
    state = django_filters.MultipleChoiceFilter(label=_("认定状态"), choices=Recognition.choices)
    team = NamedChoiceFilter(
        label=_("计入团队"), queryset=_teams, to_field_name="public_id", method="left_to_the_query"
    )
    person = NamedChoiceFilter(
        label=_("计入人员"), queryset=_people, to_field_name="public_id", method="left_to_the_query"
    )
    project_team = NamedChoicesFilter(
        label=_("项目团队"), field_name="project__team__public_id", queryset=_teams, to_field_name="public_id"
    )
    currency = django_filters.ChoiceFilter(label=_("币种"), choices=Currency.choices, empty_label=_("全部"))
    year = YearFilter(
        label=_("发生年度"), field_name="happened_on", lookup_expr="year", min_value=2000, max_value=2100
    )
    project = django_filters.ModelChoiceFilter(
        label=_("项目"), queryset=_named_project, to_field_name="public_id", widget=forms.HiddenInput
    )

    class Meta:
        model = Achievement
        fields: list[str] = []

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Adds `from` and `to`, whose names Python keeps for itself."""
        filters = super().get_filters()
        for name, label, lookup in (("from", _("发生日期自"), "gte"), ("to", _("发生日期至"), "lte")):
            filters[name] = django_filters.DateFilter(
                label=label,
                field_name="happened_on",
                lookup_expr=lookup,
                widget=forms.DateInput({"type": "date"}),
            )
        return filters

    @property
    def kept(self) -> KeptChoice | None:
        """What is chosen, if totals are kept by it; None where anything else narrows the list, or a value is wrong."""
        if not self.form.is_valid():
            return None
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        kinds, states = tuple(asked.pop("kind", ())), tuple(asked.pop("state", ()))
        year = asked.pop("year", None)
        return None if asked else KeptChoice(kinds, states, year and int(year))

    def left_to_the_query(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset


class RecognitionFilter(ListFilter):
    """The queue shows what waits unless another state is asked for."""

    kind = django_filters.ChoiceFilter(
        label=_("种类"), choices=AchievementKind.choices, empty_label=_("全部")
    )
    team = NamedChoiceFilter(
        label=_("责任团队"),
        queryset=_teams,
        field_name="project__team",
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    state = django_filters.ChoiceFilter(
        label=_("认定状态"), choices=Recognition.choices, method="in_state", empty_label=_("待认定")
    )

    class Meta:
        model = Achievement
        fields: list[str] = []

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(state=value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(state=Recognition.SUBMITTED)


def credited_to(actor: Account, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The person and the team that a list is asked for, as the query takes them; unknown ones narrow nothing."""
    person, team = asked.get("person", ""), asked.get("team", "")
    return {
        "person": people_visible_to(actor).filter(public_id=person).first() if person else None,
        "team": teams_visible_to(actor).filter(public_id=team).first() if team else None,
    }
