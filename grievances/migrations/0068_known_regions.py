"""Keep the regions as the organisation last agreed to them, to notice what its table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0067_change_lock")]

    operations = [
        migrations.CreateModel(
            name="KnownRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=60)),
                (
                    "division",
                    models.CharField(
                        choices=[
                            ("ENG_WLS", "England and Wales"),
                            ("SCT", "Scotland"),
                            ("NIR", "Northern Ireland"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
