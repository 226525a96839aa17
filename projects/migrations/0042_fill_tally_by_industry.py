"""Present projects are counted anew, by industry too."""

from django.db import migrations

from projects.models.tally import FILL_TALLY


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_tally_by_industry")]

    operations = [migrations.RunSQL(FILL_TALLY, migrations.RunSQL.noop)]
