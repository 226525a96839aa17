"""The stretch column is empty of meaning now; row history goes on, withdrawals included."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0011_stretch_targets_apart'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='target',
            name='stretch',
        ),
        migrations.RemoveField(
            model_name='targetevent',
            name='stretch',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='target',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "kpi_targetevent" ("amount", "id", "indicator", "level", "period", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "unit", "year") VALUES (NEW."amount", NEW."id", NEW."indicator", NEW."level", NEW."period", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."team_id", NEW."unit", NEW."year"); RETURN NULL;', hash='ab6c98bece044cbaef805dd6d03b08d0e063d041', operation='INSERT', pgid='pgtrigger_insert_insert_5568a', table='kpi_target', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='target',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "kpi_targetevent" ("amount", "id", "indicator", "level", "period", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "unit", "year") VALUES (NEW."amount", NEW."id", NEW."indicator", NEW."level", NEW."period", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."team_id", NEW."unit", NEW."year"); RETURN NULL;', hash='62d0d0ca3d6a2ae0dc9d81008cbac8d83d917f10', operation='UPDATE', pgid='pgtrigger_update_update_1fa1e', table='kpi_target', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='target',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "kpi_targetevent" ("amount", "id", "indicator", "level", "period", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "unit", "year") VALUES (OLD."amount", OLD."id", OLD."indicator", OLD."level", OLD."period", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."team_id", OLD."unit", OLD."year"); RETURN NULL;', hash='617e5f025090e5258fdbc9ef058a208c8b0f0a49', operation='DELETE', pgid='pgtrigger_delete_delete_da8c6', table='kpi_target', when='AFTER')),
        ),
    ]
