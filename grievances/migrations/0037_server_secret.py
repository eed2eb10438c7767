"""Secrets of the server that outlive its keys: the pepper, encrypted under the newest key.

The table is empty until `rotate_keys` runs. Before that can be undone, the first key must be listed
in SERVER_KEYS again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Create the table of server secrets."""

    dependencies = [("grievances", "0036_kept_concerns_diary_and_region")]

    operations = [
        migrations.CreateModel(
            name="ServerSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True)),
                ("sealed", models.BinaryField()),
            ],
        ),
    ]
