"""Keep the lessons and promises that everyone can read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0034_data_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heard", models.CharField(max_length=500)),
                ("promise", models.CharField(max_length=500)),
                (
                    "owner",
                    models.CharField(
                        choices=[
                            ("executive", "Accountable executive"),
                            ("lead", "Casework lead"),
                            ("analyst", "HR analyst"),
                            ("dpo", "Data-protection officer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due", models.DateField()),
                ("published_on", models.DateField()),
                ("kept_on", models.DateField(null=True)),
            ],
        ),
    ]
