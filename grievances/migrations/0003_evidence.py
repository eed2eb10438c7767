"""A file says nothing in its row any more but which key it is under; the rest is sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("core", "The account, statements, findings and letters"),
                    ("identity", "The complainant's name and how to reach them"),
                    ("office", "Words about the process: reasons, approvals, explanations"),
                    ("mediation", "The mediator's notes"),
                ],
                default="core",
                max_length=12,
            ),
        ),
        # A default first, so that the way back works on a table with rows.
        migrations.AlterField(
            model_name="evidence", name="chunks", field=models.PositiveIntegerField(default=0)
        ),
        migrations.RemoveField(model_name="evidence", name="chunks"),
    ]
