"""How the people list is narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.models import Grade, Identity, Person, Team, TeamKind
from staff.queries import matching


class PersonFilter(ListFilter):
    """People by name as typed, today's team and grade, identity and language."""

    q = filters.CharFilter(label=_("姓名、拼音、首字母或工号"), method="search")
    team = NamedChoiceFilter(
        label=_("团队"),
        field_name="post__team",
        queryset=Team.objects.filter(closed_on=None).exclude(kind=TeamKind.UNIT),
        to_field_name="code",
        empty_label=_("全部"),
    )
    grade = filters.ChoiceFilter(
        label=_("级别"), field_name="post__grade", choices=Grade, empty_label=_("全部")
    )
    identity = filters.ChoiceFilter(label=_("身份"), choices=Identity, empty_label=_("全部"))
    home_unit = filters.CharFilter(label=_("原单位"), lookup_expr="icontains")
    language = filters.CharFilter(label=_("外语"), method="by_language")
    posted = filters.ChoiceFilter(
        label=_("在岗"),
        method="by_post",
        choices=[("yes", _("今日在岗")), ("no", _("今日未在岗"))],
        empty_label=_("全部"),
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def search(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(matching(value))

    def by_language(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Person]:
        return people.filter(languages__icontains=value.strip())

    def by_post(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Person]:
        return people.filter(post__isnull=value == "no")
