"""What people can do in the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals
from staff import actions
from staff.access import fields_visible_to, languages_visible_to, people_visible_to
from staff.api.reading import account_of, checked
from staff.models import ApiToken, Person
from staff.serializers.skill import (
    FieldEntrySerializer,
    LanguageEntrySerializer,
    PersonFieldSerializer,
    PersonLanguageSerializer,
    SkillEndSerializer,
)


def _writes(summary: str, given: Any, answer: Any, status: int = 201) -> Any:
    return extend_schema(
        summary=summary,
        tags=["staff"],
        parameters=[IDEMPOTENCY_KEY],
        request=given,
        responses={status: answer, **refusals(400, 404, 409, 422)},
    )


class PersonSkillViewSet(viewsets.GenericViewSet[Person]):
    """Languages and expertise of a person; read them with the person."""

    queryset = Person.objects.none()
    lookup_field = "public_id"
    serializer_class: Any = PersonLanguageSerializer
    read_scope = ApiToken.Scope.READ_STAFF
    write_scope = ApiToken.Scope.WRITE_STAFF

    def get_queryset(self) -> QuerySet[Person]:
        return people_visible_to(account_of(self.request))

    @_writes("Enter a language", LanguageEntrySerializer, PersonLanguageSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def languages(self, request: Request, public_id: str) -> Response:
        """An entry of the language that still runs ends on the day."""
        given = checked(LanguageEntrySerializer, request)
        added = actions.add_language(actor=account_of(request), person=self.get_object(), **given)
        return Response(PersonLanguageSerializer(added).data, status=201)

    @_writes("Enter a field of industry", FieldEntrySerializer, PersonFieldSerializer)
    @action(detail=True, methods=["post"], url_path="fields")
    @idempotent
    def known_fields(self, request: Request, public_id: str) -> Response:
        """An entry of the field that still runs ends on the day."""
        given = checked(FieldEntrySerializer, request)
        added = actions.add_field(actor=account_of(request), person=self.get_object(), **given)
        return Response(PersonFieldSerializer(added).data, status=201)

    @_writes("End a language", SkillEndSerializer, PersonLanguageSerializer, 200)
    @action(detail=True, methods=["post"], url_path=r"languages/(?P<entry>[a-z0-9]+)/end")
    @idempotent
    def end_language(self, request: Request, public_id: str, entry: str) -> Response:
        given, account = checked(SkillEndSerializer, request), account_of(request)
        rows = languages_visible_to(account).filter(person=self.get_object()).select_related("person")
        found = get_object_or_404(rows, public_id=entry)
        ended = actions.end_language(actor=account, language=found, **given)
        return Response(PersonLanguageSerializer(ended).data)

    @_writes("End a field of industry", SkillEndSerializer, PersonFieldSerializer, 200)
    @action(detail=True, methods=["post"], url_path=r"fields/(?P<entry>[a-z0-9]+)/end")
    @idempotent
    def end_field(self, request: Request, public_id: str, entry: str) -> Response:
        given, account = checked(SkillEndSerializer, request), account_of(request)
        rows = fields_visible_to(account).filter(person=self.get_object()).select_related("person")
        found = get_object_or_404(rows, public_id=entry)
        ended = actions.end_field(actor=account, field=found, **given)
        return Response(PersonFieldSerializer(ended).data)
