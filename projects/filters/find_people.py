"""How people are found for a project."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from promotion.web.filters import ListFilter, NamedChoiceFilter
from staff.access import teams_visible_to
from staff.models import Expertise, Grade, LanguageLevel, Person, Team
from staff.queries import knowing, matching, speaking

ROOM = [("any", _("还能带项目")), ("key", _("还能带重点项目"))]


def _teams(request: Any) -> QuerySet[Any]:
    return teams_visible_to(request.user).filter(closed_on=None)


def _suggesting(list_id: str) -> forms.TextInput:
    """The suggestions stand on the page: they change while the form is put together once."""
    return forms.TextInput(attrs={"list": list_id, "autocomplete": "off"})


class FindPeopleFilter(ListFilter):
    """By language and level, field and level, grade, team and room. A level without its language or field narrows nothing."""

    q = django_filters.CharFilter(label=_("姓名、拼音、首字母或工号"), method="containing")
    language = django_filters.CharFilter(
        label=_("外语"), method="by_language", widget=_suggesting("find-languages")
    )
    language_level = django_filters.ChoiceFilter(
        label=_("外语至少"), choices=LanguageLevel.choices[1:], method="beside", empty_label=_("不限")
    )
    field = django_filters.CharFilter(
        label=_("产业领域"), method="by_field", widget=_suggesting("find-fields")
    )
    field_level = django_filters.ChoiceFilter(
        label=_("专长至少"), choices=Expertise.choices, method="beside", empty_label=_("不限")
    )
    grade = django_filters.ChoiceFilter(
        label=_("级别"), choices=Grade, method="of_grade", empty_label=_("全部")
    )
    team = NamedChoiceFilter(
        label=_("团队"),
        method="of_team",
        queryset=_teams,
        to_field_name="public_id",
        empty_label=_("全部"),
    )
    room = django_filters.ChoiceFilter(label=_("余量"), choices=ROOM, method="by_room", empty_label=_("不限"))

    class Meta:
        model = Person
        fields: list[str] = []

    def containing(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people.filter(matching(value))

    def by_language(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people.filter(pk__in=speaking(value.strip(), self._level("language_level")))

    def by_field(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people.filter(pk__in=knowing(value.strip(), self._level("field_level")))

    def of_grade(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people.filter(post__grade=value)

    @extend_schema_field(OpenApiTypes.STR)
    def of_team(self, people: QuerySet[Any], name: str, value: Team) -> QuerySet[Any]:
        return people.filter(post__team=value)

    def by_room(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people.filter(**{"room_key__gt" if value == "key" else "room__gt": 0})

    def beside(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return people

    def _level(self, name: str) -> str:
        return str(self.form.cleaned_data.get(name) or "")
