"""Present projects take over the names of their companies, present moves the days that the project stood before."""

from django.db import migrations

from projects.models.kept import FILL_COMPANY_NAMES, FILL_STAYED


class Migration(migrations.Migration):
    dependencies = [("projects", "0029_names_and_days_kept")]

    operations = [
        migrations.RunSQL(FILL_COMPANY_NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(FILL_STAYED, migrations.RunSQL.noop),
    ]
