"""First receptions that were there before get addresses of their own; the column became the same for all when it was added."""

from django.db import migrations

FORWARD = """
UPDATE projects_firstreception
SET public_id = translate(substr(md5(random()::text || id::text), 1, 10), '01', 'yz')
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0019_first_receptions_and_arbitrations")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
