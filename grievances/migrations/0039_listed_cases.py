"""Store the cases in each staff member's list in the order of the list.

The table is empty when it is created, so its indexes cost nothing. The tables of cases, roles and
clocks are locked for the moment in which the triggers are made, and not while rows are written.
From then on the triggers write the rows of every case that changes. The next migration writes the
rest.
"""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from grievances.cases.access import list_triggers


def install(apps, schema_editor):
    list_triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    list_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0038_staff_group_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListedCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Being worked on"), (2, "Paused"), (3, "Closed")]
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField()),
                ("due", models.DateField()),
                ("own_due", models.DateField()),
                ("received_on", models.DateField()),
                (
                    "region",
                    models.CharField(
                        choices=[
                            ("NORTH", "North"),
                            ("MIDLANDS", "Midlands and East"),
                            ("SOUTH", "South"),
                            ("LONDON", "London"),
                            ("WALES", "Wales"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("FORMAL", "Formal"),
                            ("INFORMAL", "Informal"),
                            ("MEDIATION", "Mediation"),
                            ("NONE", "Not yet agreed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("vacant", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grievances.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "place", "due", "-case"], name="listed_by_place"
                    ),
                    models.Index(fields=["person", "due", "-case"], name="listed_by_due"),
                    models.Index(
                        fields=["person", "stage", "due", "-case"], name="listed_by_stage"
                    ),
                    models.Index(
                        fields=["person", "received_on", "case"], name="listed_by_receipt"
                    ),
                    models.Index(
                        condition=models.Q(("own_due__lt", datetime.date(9999, 12, 31))),
                        fields=["person", "own_due"],
                        name="listed_own_task",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "person"), name="listed_once")
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
