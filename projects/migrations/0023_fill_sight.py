"""Present projects get their rows of sight and the day of their last verified progress."""

from django.db import migrations

from projects.models.sight import WRITE_SIGHT


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_secrecy_sight_ageing_bulk")]

    operations = [
        migrations.RunSQL(
            ["DELETE FROM projects_projectsight", WRITE_SIGHT.format(which="true")], migrations.RunSQL.noop
        ),
        # The trigger of the project works the day out; any change of the column wakes it.
        migrations.RunSQL(
            "UPDATE projects_project SET verified_on = reported_on", migrations.RunSQL.noop
        ),
    ]
