"""Present projects are counted once; from then on triggers keep the totals."""

from django.db import migrations

# As the table was then; industries came two migrations later.
FILL = """
    LOCK TABLE projects_project IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM projects_projecttally;
    INSERT INTO projects_projecttally (team, status, stage, count, known, amount)
    SELECT team_id, status, stage, count(*), count(planned_investment), coalesce(sum(planned_investment), 0)
      FROM projects_project WHERE NOT is_secret GROUP BY team_id, status, stage;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0035_project_tally")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
