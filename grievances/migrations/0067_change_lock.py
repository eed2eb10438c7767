"""Keep rows that each change of the staff directory or the register locks first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0066_lists_of_keeping")]

    operations = [
        migrations.CreateModel(
            name="ChangeLock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=10, unique=True)),
            ],
        ),
    ]
