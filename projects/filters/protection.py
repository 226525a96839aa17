"""How the register of first receptions, the pool and the list of disputes are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access import companies_visible_to
from projects.filters.feed import StrictFilterSet
from projects.models import (
    Arbitration,
    ArbitrationOutcome,
    ArbitrationState,
    Company,
    FirstReception,
    Industry,
)
from projects.queries.company_name import company_named
from projects.queries.protection import STATES
from projects.workflow import Stage
from promotion.web.filters import ListFilter, NamedChoiceFilter, NamedChoicesFilter
from staff.access import people_visible_to, teams_visible_to
from staff.models import Account


def _teams(request: Any) -> QuerySet[Any]:
    return teams_visible_to(request.user)


def _people(request: Any) -> QuerySet[Any]:
    return people_visible_to(request.user)


def matching_companies(actor: Account, text: str) -> QuerySet[Any]:
    """The companies that the actor may see and that go by the text."""
    return companies_visible_to(actor).filter(company_named(text)).values("pk")


class ReceptionFilter(ListFilter):
    """A name finds only companies that the reader may see."""

    q = django_filters.CharFilter(label=_("企业名称、拼音或代码"), method="named")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=list(STATES.items()))
    team = NamedChoicesFilter(
        label=_("团队"), field_name="team__public_id", queryset=_teams, to_field_name="public_id"
    )
    person = NamedChoiceFilter(label=_("首接人"), queryset=_people, to_field_name="public_id")

    class Meta:
        model = FirstReception
        fields: list[str] = []

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value.strip():
            return queryset
        return queryset.filter(company__in=matching_companies(self.request.user, value))


class PoolFilter(ListFilter):
    q = django_filters.CharFilter(label=_("企业名称、拼音或代码"), method="named")
    industry = django_filters.MultipleChoiceFilter(label=_("产业"), choices=Industry.choices)
    last_stage = django_filters.MultipleChoiceFilter(label=_("曾到阶段"), choices=Stage.choices)
    team = NamedChoicesFilter(
        label=_("原团队"), field_name="team__public_id", queryset=_teams, to_field_name="public_id"
    )

    class Meta:
        model = FirstReception
        fields: list[str] = []

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value.strip():
            return queryset
        return queryset.filter(company__in=Company.objects.filter(company_named(value)).values("pk"))


class ArbitrationFilter(ListFilter):
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=ArbitrationState.choices)
    outcome = django_filters.MultipleChoiceFilter(label=_("裁决结果"), choices=ArbitrationOutcome.choices)
    team = NamedChoiceFilter(
        label=_("当事团队"), queryset=_teams, to_field_name="public_id", method="of_team"
    )
    overdue = django_filters.ChoiceFilter(
        label=_("陈述期限"), choices=[("over", _("已届满"))], method="over", empty_label=_("不限")
    )

    class Meta:
        model = Arbitration
        fields: list[str] = []

    def of_team(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(Q(claimant_team=value) | Q(respondent_team=value))

    def over(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(state=ArbitrationState.OPEN, statements_due__lt=timezone.localdate())


class ReceptionFeed(StrictFilterSet):
    state = django_filters.MultipleChoiceFilter(choices=list(STATES.items()))
    team = django_filters.CharFilter(field_name="team__code", help_text="Code of the team.")
    person = django_filters.CharFilter(field_name="person__staff_number", help_text="Staff number.")
    until_before = django_filters.DateFilter(field_name="protected_until", lookup_expr="lt")
    company = django_filters.CharFilter(method="of_company", help_text="Public id of a company that you see.")

    class Meta:
        model = FirstReception
        fields: list[str] = []

    def of_company(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(company__public_id=value, seen=True)


class PoolFeed(StrictFilterSet):
    industry = django_filters.MultipleChoiceFilter(choices=Industry.choices)
    team = django_filters.CharFilter(field_name="team__code", help_text="Code of the former team.")

    class Meta:
        model = FirstReception
        fields: list[str] = []


class ArbitrationFeed(StrictFilterSet):
    state = django_filters.MultipleChoiceFilter(choices=ArbitrationState.choices)
    outcome = django_filters.MultipleChoiceFilter(choices=ArbitrationOutcome.choices)

    class Meta:
        model = Arbitration
        fields: list[str] = []
