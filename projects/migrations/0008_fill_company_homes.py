"""Where each known company is at home, from its country, its province or city, and its name."""

from django.db import migrations

from projects.geography import home_of

BATCH = 2000


def fill(apps, schema_editor):
    Company = apps.get_model("projects", "Company")
    batch = []
    rows = Company.objects.filter(home="").only("pk", "country", "region", "name")
    for company in rows.iterator(chunk_size=BATCH):
        company.home = home_of(country=company.country, region=company.region, name=company.name)
        batch.append(company)
        if len(batch) == BATCH:
            Company.objects.bulk_update(batch, ["home"])
            batch = []
    Company.objects.bulk_update(batch, ["home"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_sites_and_promises")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
