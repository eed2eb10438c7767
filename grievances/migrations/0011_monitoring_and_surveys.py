"""Monitoring data in a schema of their own, answers that wait for their batch, the staff survey.

On PostgreSQL the three monitoring tables move into the schema `monitoring`, which the settings put
on the search path; `monitoring_roles` gives it to a role of its own. On both databases deleting a
link deletes the answers behind it, whoever asks.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("monitoringlink", "monitoringanswer", "monitoringcopy")

CASCADE = {
    "postgresql": (
        "ALTER TABLE grievances_monitoringanswer ADD CONSTRAINT monitoring_answer_of_link "
        "FOREIGN KEY (monitoring_id) REFERENCES grievances_monitoringlink (monitoring_id) "
        "ON DELETE CASCADE",
    ),
    "sqlite": (
        "CREATE TRIGGER grievances_monitoring_cascade AFTER DELETE ON grievances_monitoringlink "
        "BEGIN DELETE FROM grievances_monitoringanswer "
        "WHERE monitoring_id = OLD.monitoring_id; END",
    ),
}


def part(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in CASCADE[vendor]:
        schema_editor.execute(statement)
    if vendor == "postgresql":
        schema_editor.execute("CREATE SCHEMA IF NOT EXISTS monitoring")
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE grievances_{table} SET SCHEMA monitoring")


def join(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE monitoring.grievances_{table} SET SCHEMA public")
        schema_editor.execute(
            "ALTER TABLE grievances_monitoringanswer DROP CONSTRAINT monitoring_answer_of_link"
        )
    else:
        schema_editor.execute("DROP TRIGGER grievances_monitoring_cascade")


class Migration(migrations.Migration):
    dependencies = [("grievances", "0010_numbers")]

    operations = [
        migrations.CreateModel(
            name="MonitoringLink",
            fields=[
                (
                    "monitoring_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "Asked and not answered"),
                            ("ANSWERED", "Answered"),
                            ("APART", "Answered, and kept without any way back to the case"),
                            ("REFUSED", "Told us to keep nothing"),
                        ],
                        default="ASKED",
                        max_length=8,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monitoring",
                        to="grievances.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MonitoringAnswer",
            fields=[
                (
                    "monitoring_id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                ("sealed_codes", models.BinaryField()),
                ("sealed_words", models.BinaryField(default=b"")),
            ],
        ),
        migrations.CreateModel(
            name="MonitoringCopy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed_codes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=1)),
                ("quarter", models.CharField(max_length=7)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="PulsePeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("invited", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PulseMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=40, unique=True)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="grievances.pulseperiod",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="invitation",
            name="token_hash",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
        migrations.RunPython(part, join),
    ]
