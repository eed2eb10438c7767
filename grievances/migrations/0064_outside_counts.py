"""Count what others count: formal processes, sanctions, claims, the survey of all staff, and units.

Three tables more; nothing that is there changes.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0063_key_ending")]

    operations = [
        migrations.CreateModel(
            name="ClimateCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.CharField(max_length=20)),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("HARASSED", "Were bullied or harassed at work"),
                            (
                                "DISCRIMINATED",
                                "Were discriminated against at work because of race",
                            ),
                            ("REPORTED", "Reported that they were discriminated against"),
                            (
                                "SATISFIED",
                                "Are satisfied with how their report was dealt with",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("unit", models.CharField(max_length=60)),
                ("answered", models.PositiveIntegerField()),
                ("agreed", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "item", "unit"), name="one_climate_count"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrequentUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.PositiveIntegerField()),
                (
                    "fact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="units",
                        to="grievances.casefact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutsideCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.CharField(max_length=20)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("FORMAL", "A formal process was opened about them"),
                            ("SANCTION", "They received a sanction"),
                            ("CLAIM", "Claims of race discrimination at a tribunal"),
                            ("SETTLEMENT", "Claims that were settled"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ASIAN", "Asian or Asian British"),
                            ("BLACK", "Black, Black British, Caribbean or African"),
                            ("MIXED", "Mixed or multiple ethnic groups"),
                            ("WHITE", "White"),
                            ("OTHER", "Other ethnic group"),
                        ],
                        max_length=20,
                    ),
                ),
                ("people", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "what", "group"), name="one_outside_count"
                    )
                ],
            },
        ),
    ]
