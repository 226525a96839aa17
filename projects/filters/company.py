"""How the company list is narrowed."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import Company
from projects.queries.company_name import company_named


class CompanyFilter(django_filters.FilterSet):
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
