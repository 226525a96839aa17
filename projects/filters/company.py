"""How the company list is narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import Company, CompanyGroup, DuplicatePair
from projects.queries.company_name import companies_named_like, company_named, named
from promotion.web.filters import ListFilter


class CompanyFilter(ListFilter):
    q = django_filters.CharFilter(label=_("名称、拼音或代码"), method="matching")
    country = django_filters.CharFilter(label=_("国家或地区"), lookup_expr="iexact")
    with_projects = django_filters.ChoiceFilter(
        label=_("项目"),
        choices=[("yes", _("有项目")), ("no", _("没有项目"))],
        method="having",
        empty_label=_("不限"),
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(company_named(value)) if value.strip() else queryset

    def having(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(project_count__gt=0) if value == "yes" else queryset.filter(project_count=0)


class GroupFilter(ListFilter):
    q = django_filters.CharFilter(label=_("集团名称或拼音"), method="matching")
    country = django_filters.CharFilter(label=_("国家或地区"), lookup_expr="iexact")

    class Meta:
        model = CompanyGroup
        fields: list[str] = []

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(named(value)) if value.strip() else queryset


class PairFilter(ListFilter):
    """Without a choice, the pairs that nobody has settled."""

    q = django_filters.CharFilter(label=_("企业名称"), method="matching")
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("open", _("待处理")), ("dismissed", _("已排除"))],
        method="settled",
        empty_label=_("待处理"),
    )

    class Meta:
        model = DuplicatePair
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(dismissed_at=None)

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted = companies_named_like(value).values("pk")
        return queryset.filter(Q(first__in=wanted) | Q(second__in=wanted)) if value.strip() else queryset

    def settled(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(dismissed_at__isnull=value == "open")
