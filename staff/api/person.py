"""People for other systems: read only, with the scope staff:read."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.viewsets import ReadOnlyModelViewSet

from staff.access import appointments_visible_to, in_force, people_visible_to
from staff.models import ApiToken, Grade, Identity, Person
from staff.queries import knowing, matching, speaking, with_languages
from staff.serializers.person import PersonSerializer


class PersonApiFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(method="search", help_text="Part of the name, pinyin, initials or staff number.")
    team = filters.CharFilter(method="in_team", help_text="Code of the team of today's appointment.")
    grade = filters.ChoiceFilter(method="of_grade", choices=Grade, help_text="Grade of today's appointment.")
    identity = filters.ChoiceFilter(choices=Identity)
    home_unit = filters.CharFilter(lookup_expr="icontains", help_text="Part of the unit before (原单位).")
    staff_number = filters.CharFilter()
    language = filters.CharFilter(method="speaks", help_text="A language spoken today, such as 日语.")
    field = filters.CharFilter(method="knows", help_text="A field of industry known today, such as 集成电路.")

    class Meta:
        model = Person
        fields: list[str] = []

    def search(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(matching(value))

    def in_team(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(pk__in=self.posts().filter(team__code=value).values("person"))

    def of_grade(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(pk__in=self.posts().filter(grade=value).values("person"))

    def speaks(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(pk__in=speaking(value))

    def knows(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(pk__in=knowing(value))

    def posts(self) -> QuerySet[Any]:
        return appointments_visible_to(self.request.user).filter(in_force())


@extend_schema_view(
    list=extend_schema(summary="People with their appointments", tags=["staff"]),
    retrieve=extend_schema(summary="One person", tags=["staff"]),
)
class PersonViewSet(ReadOnlyModelViewSet[Person]):
    """Members of the staff (人员)."""

    queryset = Person.objects.none()
    serializer_class = PersonSerializer
    filterset_class = PersonApiFilter
    lookup_field = "public_id"
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = None

    def get_queryset(self) -> QuerySet[Person]:
        posts = appointments_visible_to(self.request.user).select_related("team")  # type: ignore[arg-type]
        people = with_languages(people_visible_to(self.request.user))  # type: ignore[arg-type]
        beside = (Prefetch("appointments", posts), "spoken", "known_fields")
        return people.prefetch_related(*beside).order_by("staff_number")
