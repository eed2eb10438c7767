import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the sealed list of exclusions and the index of the standings of a person."""

    dependencies = [
        ("grievances", "0025_key_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exclusions",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="exclusions",
                        serialize=False,
                        to="grievances.case",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="PartyLookup",
            fields=[
                ("label", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
        ),
    ]
