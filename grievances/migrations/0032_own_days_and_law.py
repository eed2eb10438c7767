"""Keep days for the complainant alone, and confirmations of the law."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0031_staff_directory"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnDays",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("sealed", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LawConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("triage", "Triage officer"),
                            ("handler", "Handler"),
                            ("decider", "Decision maker"),
                            ("appeal", "Appeal manager"),
                            ("mediator", "Mediator"),
                            ("lead", "Casework lead"),
                            ("analyst", "HR analyst"),
                            ("executive", "Accountable executive"),
                            ("dpo", "Data-protection officer"),
                            ("auditor", "Auditor"),
                            ("independent", "Independent officer"),
                            ("directory", "Keeper of the staff directory"),
                        ],
                        max_length=12,
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "digest", "office"), name="one_confirmation_per_office"
                    ),
                    models.UniqueConstraint(
                        fields=("code", "digest", "person"), name="one_confirmation_per_person"
                    ),
                ],
            },
        ),
    ]
