"""Present achievements are counted once; from then on triggers keep the totals."""

from django.db import migrations

# As the tables were then.
FILL = """
    LOCK TABLE projects_achievement IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM projects_achievementtally;
    INSERT INTO projects_achievementtally (
        kind, state, year, month, of_project, count, reported_cny, recognised_cny, recognised_usd, people,
        recognised_people, known_reported_cny, known_recognised_cny, known_recognised_usd, known_people,
        known_recognised_people)
    SELECT kind, state, extract(year FROM happened_on)::smallint, extract(month FROM happened_on)::smallint,
           project_id IS NOT NULL, count(*), coalesce(sum(amount_cny), 0), coalesce(sum(recognised_cny), 0),
           coalesce(sum(dollars), 0), coalesce(sum(people), 0), coalesce(sum(recognised_people), 0),
           count(amount_cny), count(recognised_cny), count(dollars), count(people), count(recognised_people)
      FROM (SELECT *, CASE WHEN currency = 'USD' THEN recognised_amount
                           WHEN usd_rate > 0 THEN round(recognised_cny / usd_rate, 2) END AS dollars
              FROM projects_achievement) achievement
     GROUP BY 1, 2, 3, 4, 5;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0046_achievement_tally")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
