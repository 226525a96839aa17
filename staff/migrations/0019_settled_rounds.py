"""Rounds carried out before roles followed them are done with: HR gave their roles by hand."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def settle(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("staff", "Competition").objects.filter(state="appointed").update(roles_settled=True)


class Migration(migrations.Migration):
    dependencies = [("staff", "0018_roles_of_a_round")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
