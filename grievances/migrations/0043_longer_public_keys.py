"""Make room for hybrid public keys: 1,216 bytes instead of 32.

The columns have no length in either database, so no table changes.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0042_figure_notes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("keypair", "public_key", models.BinaryField(max_length=1216)),
                migrations.AlterField(
                    "accountrecovery", "public_key", models.BinaryField(max_length=1216)
                ),
            ]
        )
    ]
