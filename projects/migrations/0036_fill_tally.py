"""Present projects are counted once; from then on triggers keep the totals."""

from django.db import migrations

from projects.models.tally import FILL_TALLY


class Migration(migrations.Migration):
    dependencies = [("projects", "0035_project_tally")]

    operations = [migrations.RunSQL(FILL_TALLY, migrations.RunSQL.noop)]
