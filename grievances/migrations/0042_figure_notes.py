"""Keep the notes that HR puts on figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table; undone, it goes with what is in it."""

    dependencies = [("grievances", "0041_report_subscriptions")]

    operations = [
        migrations.CreateModel(
            name="FigureNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=40)),
                ("period", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["figure", "period", "reason"], name="figure_note_once"
                    )
                ]
            },
        ),
    ]
