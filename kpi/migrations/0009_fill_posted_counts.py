"""Runs remember how many lines they posted; until now that was counted each time."""

from django.db import migrations

FILL = """
UPDATE kpi_run r SET posted_count = l.posted, reversed_count = l.reversed
FROM (
    SELECT posted_run_id, count(*) FILTER (WHERE reverses_id IS NULL) AS posted, count(reverses_id) AS reversed
    FROM kpi_ledgerline GROUP BY posted_run_id
) l WHERE l.posted_run_id = r.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0008_credit_due'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
