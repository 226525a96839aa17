"""Projects that were there before the clocks: no lead clock runs for them, and their report counts from the last progress."""

from django.db import migrations

FORWARD = """
INSERT INTO projects_projectclock (project_id, report_from, paused_on)
SELECT id, progressed_on, CASE WHEN status = 'active' THEN NULL ELSE progressed_on END FROM projects_project
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_clocks_next_steps_reminders_mentions")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
