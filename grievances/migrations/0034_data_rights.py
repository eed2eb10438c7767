"""Keep the days of data requests, and nothing about who asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0033_plain_choices"),
    ]

    operations = [
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ACCESS", "A copy of everything held about a person"),
                            ("COMPLAINT", "A complaint about how data was used"),
                        ],
                        max_length=10,
                    ),
                ),
                ("received_on", models.DateField()),
                ("waited", models.PositiveSmallIntegerField(default=0)),
                ("waiting_since", models.DateField(null=True)),
                ("is_complex", models.BooleanField(default=False)),
                ("answered_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "ACCESS"),
                            models.Q(("is_complex", False), ("waiting_since__isnull", True)),
                            _connector="OR",
                        ),
                        name="only_access_waits",
                    )
                ],
            },
        ),
    ]
