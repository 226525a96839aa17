"""Writing languages from the one cell in which people type them (外语)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from promotion.errors import Refused
from staff.access import in_force
from staff.language_words import read_languages, written
from staff.models import Person, PersonLanguage


def checked_languages(text: str) -> str:
    """The cell in the form that is kept. Raises Refused at `languages`, naming the part that was not understood."""
    try:
        return written(read_languages(text))
    except ValueError as error:
        sentence = _(
            "外语“%(part)s”没有读懂：写成“日语（翻译）、英语”；水平用基础、可交流、熟练、翻译，也可以不写，每门写一次。"
        ) % {"part": error}
        raise Refused(sentence, fields={"languages": sentence}) from error


def settle_languages(texts: Mapping[Person, str], day: date) -> None:
    """From the day on these people speak what their cell says; what is unchanged keeps its row, its day and its paper."""
    present = PersonLanguage.objects.select_for_update().filter(
        in_force(day), person__in=[person.pk for person in texts]
    )
    rows: dict[int, list[PersonLanguage]] = {}
    for row in present.order_by("pk"):
        rows.setdefault(row.person_id, []).append(row)
    ended: list[PersonLanguage] = []
    begun: list[PersonLanguage] = []
    for person, text in texts.items():
        asked = read_languages(text)
        held = rows.get(person.pk, [])
        ended += [row for row in held if (row.language, row.level) not in asked]
        begun += _begun(person, asked, held, day)
    for row in ended:
        row.ends_on = day
    PersonLanguage.objects.bulk_update(ended, ["ends_on"], batch_size=500)
    PersonLanguage.objects.bulk_create(begun, batch_size=500)


def _begun(
    person: Person, asked: Iterable[tuple[str, str]], held: Iterable[PersonLanguage], day: date
) -> list[PersonLanguage]:
    present = {(row.language, row.level) for row in held}
    return [
        PersonLanguage(person=person, language=language, level=level, starts_on=day)
        for language, level in asked
        if (language, level) not in present
    ]
