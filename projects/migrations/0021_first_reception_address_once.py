"""Each first reception has an address of its own."""

from django.db import migrations, models

import promotion.identifiers


class Migration(migrations.Migration):
    dependencies = [("projects", "0020_number_first_receptions")]

    operations = [
        migrations.AlterField(
            model_name="firstreception",
            name="public_id",
            field=models.CharField(
                default=promotion.identifiers.public_id,
                editable=False,
                max_length=10,
                unique=True,
                verbose_name="编号",
            ),
        )
    ]
