"""Keep the groups that an identity provider has connected with offices and units."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0061_heard_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScimGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "office",
                    models.CharField(
                        blank=True,
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
                        max_length=20,
                    ),
                ),
                ("external_id", models.CharField(max_length=200)),
                ("members", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grievances.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("office", ""), _negated=True),
                        fields=("office",),
                        name="one_group_of_an_office",
                    )
                ],
            },
        ),
    ]
