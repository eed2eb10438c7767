"""Keep how people are after they raise a concern or help with one, sealed to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0044_investigation_letters_and_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Aftercare",
            fields=[
                ("label", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("sealed_words", models.BinaryField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aftercare",
                        to="grievances.case",
                    ),
                ),
            ],
        ),
    ]
