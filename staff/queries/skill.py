"""What people can do: their languages in one cell, who speaks or knows what on a day, and a person's own list."""

from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Collate, Concat
from django.utils import timezone

from staff.access import fields_visible_to, in_force, languages_visible_to, teams_visible_to
from staff.language_words import LEVELS, WORDS
from staff.models import (
    Account,
    Expertise,
    LanguageLevel,
    Person,
    PersonField,
    PersonLanguage,
    at_least,
)


def with_languages(rows: QuerySet[Any], person: str = "pk", on: date | None = None) -> QuerySet[Any]:
    """The rows with `languages`: what their person speaks on the day in one cell, the best first (日语（翻译）、英语)."""
    return rows.annotate(languages=_cell(person, on or timezone.localdate()))


def _cell(person: str, day: date) -> Coalesce:
    words = [When(level=level, then=Value(f"（{word}）")) for level, word in WORDS.items()]
    rank = [When(level=level, then=Value(-place)) for place, level in enumerate(LEVELS)]
    word = Case(*words, default=Value(""), output_field=CharField())
    joined = StringAgg(
        Concat("language", word, output_field=TextField()),
        "、",
        output_field=TextField(),
        order_by=[Case(*rank, output_field=IntegerField()), Collate("language", "C")],
    )
    spoken = PersonLanguage.objects.filter(in_force(day), person=OuterRef(person)).order_by()
    cell = spoken.values("person").annotate(cell=joined).values("cell")
    return Coalesce(Subquery(cell), Value(""), output_field=TextField())


def languages_text(person: Person, on: date | None = None) -> str:
    """What a person speaks on the day, in one cell."""
    found: str = with_languages(Person.objects.filter(pk=person.pk), on=on).values_list(
        "languages", flat=True
    )[0]
    return found


def languages_of(people: list[int], day: date) -> list[tuple[str, int]]:
    """Each foreign language with how many of the people speak it, the most spoken first."""
    rows = PersonLanguage.objects.filter(in_force(day), person__in=people).order_by().values("language")
    counted = rows.annotate(people=Count("pk")).values_list("language", "people")
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))


def speaking(language: str, level: str = "", on: date | None = None) -> QuerySet[PersonLanguage, Any]:
    """The keys of people who speak the language, at least at the level."""
    rows = PersonLanguage.objects.filter(in_force(on), language=language)
    return (rows.filter(level__in=at_least(LanguageLevel, level)) if level else rows).values("person")


def knowing(field: str, level: str = "", on: date | None = None) -> QuerySet[PersonField, Any]:
    """The keys of people who know the field of industry, at least to the level."""
    rows = PersonField.objects.filter(in_force(on), field=field)
    return (rows.filter(level__in=at_least(Expertise, level)) if level else rows).values("person")


def with_fields(rows: QuerySet[Any], on: date | None = None) -> QuerySet[Any]:
    """People with `known`: the fields that they know on the day in one cell."""
    known = PersonField.objects.filter(in_force(on), person=OuterRef("pk")).order_by().values("person")
    cell = known.annotate(
        cell=StringAgg("field", "、", order_by=[Collate("field", "C")], output_field=TextField())
    )
    return rows.annotate(known=Coalesce(Subquery(cell.values("cell")), Value(""), output_field=TextField()))


def skills_of(actor: Account, person: Person) -> dict[str, list[Any]]:
    """A person's languages and fields, those of today first, then what was; what was corrected on its day is left out."""
    languages = languages_visible_to(actor).filter(person=person).exclude(ends_on=F("starts_on"))
    fields = fields_visible_to(actor).filter(person=person).exclude(ends_on=F("starts_on"))
    today = timezone.localdate()
    return {
        "languages": _present_first(languages.select_related("paper"), today),
        "fields": _present_first(fields, today),
    }


def _present_first(rows: QuerySet[Any], today: date) -> list[Any]:
    return sorted(rows, key=lambda row: row.ends_on is not None and row.ends_on <= today)


def known_languages() -> list[str]:
    """The languages that anybody was entered with, for choosing."""
    return list(PersonLanguage.objects.order_by("language").values_list("language", flat=True).distinct())


def known_fields(actor: Account) -> list[str]:
    """The fields of teams and people, for choosing."""
    of_teams = {
        name for fields in teams_visible_to(actor).values_list("fields", flat=True) for name in fields
    }
    of_people = PersonField.objects.order_by("field").values_list("field", flat=True).distinct()
    return sorted(of_teams | set(of_people))
