"""What stood in one cell of a person becomes a row per language, spoken since the day of joining."""

from django.db import migrations

from promotion.identifiers import public_id
from staff.language_words import read_languages


def fill(apps, schema_editor):
    people = apps.get_model("staff", "Person").objects.exclude(languages="")
    rows = []
    language_of = apps.get_model("staff", "PersonLanguage")
    for pk, text, joined_on in people.values_list("pk", "languages", "joined_on"):
        try:
            spoken = read_languages(text)
        except ValueError:
            # A cell that is no list of languages stays readable as one entry.
            spoken = [(text[:30], "unstated")]
        rows += [
            language_of(
                public_id=public_id(),
                person_id=pk,
                language=language,
                level=level,
                starts_on=joined_on,
            )
            for language, level in spoken
        ]
    language_of.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_skills")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
