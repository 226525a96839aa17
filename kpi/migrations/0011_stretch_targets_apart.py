"""Each stretch value becomes a row of its own, with its history; each target gets the unit of its scheme."""

import yaml
from django.db import migrations

ROWS = """
    INSERT INTO kpi_target (year, indicator, person_id, team_id, period, level, amount, unit)
    SELECT year, indicator, person_id, team_id, period, 'stretch', stretch, unit FROM kpi_target WHERE stretch IS NOT NULL
"""
# What the stretch column was, event by event: set, changed, emptied.
HISTORY = """
    INSERT INTO kpi_targetevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, id,
                                 year, indicator, person_id, team_id, period, level, amount, unit)
    SELECT e.pgh_created_at,
           CASE WHEN e.stretch IS NULL THEN 'delete' WHEN e.before IS NULL THEN 'insert' ELSE 'update' END,
           coalesce(n.id, e.pgh_obj_id), e.pgh_context_id, coalesce(n.id, e.id),
           e.year, e.indicator, e.person_id, e.team_id, e.period, 'stretch', coalesce(e.stretch, e.before), e.unit
    FROM (SELECT *, lag(stretch) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS before FROM kpi_targetevent) e
    LEFT JOIN kpi_target n
      ON n.level = 'stretch' AND n.year = e.year AND n.indicator = e.indicator
     AND n.person_id IS NOT DISTINCT FROM e.person_id AND n.team_id IS NOT DISTINCT FROM e.team_id
    WHERE e.stretch IS DISTINCT FROM e.before
    ORDER BY e.pgh_id
"""
BACK = """
    UPDATE kpi_target b SET stretch = s.amount FROM kpi_target s
    WHERE s.level = 'stretch' AND b.level = 'base' AND s.period = 'year' AND b.period = 'year'
      AND s.year = b.year AND s.indicator = b.indicator
      AND s.person_id IS NOT DISTINCT FROM b.person_id AND s.team_id IS NOT DISTINCT FROM b.team_id
"""


def units(apps, year):
    """The units of a year's targets by code, as its newest published scheme has them."""
    versions = apps.get_model("kpi", "SchemeVersion").objects.filter(year=year, state="published")
    newest = versions.order_by("-number").first()
    try:
        targets = (yaml.safe_load(newest.text) or {}).get("targets", {}) if newest else {}
    except yaml.YAMLError:
        return {}
    return {code: target.get("unit", "个") for code, target in targets.items()}


def forward(apps, schema_editor):
    targets = apps.get_model("kpi", "Target").objects
    for year in targets.values_list("year", flat=True).order_by("year").distinct():
        for code, unit in units(apps, year).items():
            targets.filter(year=year, indicator=code).update(unit=unit)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ROWS)
        cursor.execute(HISTORY)


def backward(apps, schema_editor):
    """The old table holds years only: values of other periods are lost from it, their history is not."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BACK)
        cursor.execute("DELETE FROM kpi_target WHERE level = 'stretch' OR period <> 'year'")


class Migration(migrations.Migration):
    dependencies = [("kpi", "0010_targets_by_period")]

    operations = [migrations.RunPython(forward, backward)]
