"""People who are heard, accompany and interpret: conversations, companionships, bookings."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0005_retention"),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("core", "The account, statements, findings and letters"),
                    ("identity", "The complainant's name and how to reach them"),
                    ("office", "Words about the process: reasons, approvals, explanations"),
                    ("mediation", "The mediator's notes"),
                    ("reply", "What was put to people, and their answers"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="kind",
            field=models.CharField(
                choices=[
                    ("account", "What happened"),
                    ("people", "People named"),
                    ("when", "When it happened"),
                    ("impact", "What would help"),
                    ("name", "Complainant"),
                    ("draft", "Draft"),
                    ("message", "Message"),
                    ("question", "Question"),
                    ("update", "Update"),
                    ("allegation", "Part of the concern"),
                    ("safety", "Safety check"),
                    ("exclusion", "People to keep away"),
                    ("respondent", "Person the concern is about"),
                    ("meeting", "Meeting notes"),
                    ("heard", "Answer of the person the concern is about"),
                    ("report", "Report"),
                    ("enquiries", "Further enquiries"),
                    ("letter", "Decision and reasons"),
                    ("action", "Action agreed"),
                    ("grounds", "Grounds of appeal"),
                    ("appeal_letter", "Appeal decision and reasons"),
                    ("terms", "What was agreed"),
                    ("mediation_note", "Mediation note"),
                    ("explanation", "Explanation to the complainant"),
                    ("reason", "Reason"),
                    ("handover", "Hand-over note"),
                    ("check_in", "Check-in"),
                    ("approval", "Request for approval"),
                    ("offer_name", "Person proposed"),
                    ("person", "Person asked"),
                    ("put", "What was put to them"),
                    ("statement", "Statement"),
                    ("outcome_note", "What they were told of the decision"),
                    ("companion", "Companion"),
                    ("interpreter", "Interpreter"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("core", "The account, statements, findings and letters"),
                    ("identity", "The complainant's name and how to reach them"),
                    ("office", "Words about the process: reasons, approvals, explanations"),
                    ("mediation", "The mediator's notes"),
                    ("reply", "What was put to people, and their answers"),
                ],
                default="core",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="sealedkey",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("core", "The account, statements, findings and letters"),
                    ("identity", "The complainant's name and how to reach them"),
                    ("office", "Words about the process: reasons, approvals, explanations"),
                    ("mediation", "The mediator's notes"),
                    ("reply", "What was put to people, and their answers"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("episode", models.PositiveSmallIntegerField(default=1)),
                ("number", models.PositiveSmallIntegerField()),
                ("token", models.CharField(max_length=40, unique=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("COMPLAINANT", "Complainant"),
                            ("COMPANION", "Companion"),
                            ("RESPONDENT", "Person the concern is about"),
                            ("WITNESS", "Witness"),
                        ],
                        max_length=12,
                    ),
                ),
                ("handle", models.CharField(db_index=True, max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("sealed_for_officers", models.BinaryField(default=b"")),
                ("sealed_for_complainant", models.BinaryField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hearings",
                        to="grievances.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Companion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("token", models.CharField(max_length=40, unique=True)),
                ("handle", models.CharField(db_index=True, max_length=40)),
                ("shares", models.JSONField(default=list)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("UNION", "A union official"),
                            ("LAY", "A certified lay union official"),
                            ("COLLEAGUE", "A fellow worker"),
                            ("OTHER", "Somebody else, by agreement"),
                        ],
                        max_length=12,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("sealed_for_case", models.BinaryField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="companions",
                        to="grievances.case",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="companions",
                        to="grievances.hearing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Interpreter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("meeting_on", models.DateField()),
                ("agreed", models.BooleanField(null=True)),
                ("declared_on", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interpreters",
                        to="grievances.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SharedCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("account", "What happened"),
                            ("people", "People named"),
                            ("when", "When it happened"),
                            ("impact", "What would help"),
                            ("name", "Complainant"),
                            ("draft", "Draft"),
                            ("message", "Message"),
                            ("question", "Question"),
                            ("update", "Update"),
                            ("allegation", "Part of the concern"),
                            ("safety", "Safety check"),
                            ("exclusion", "People to keep away"),
                            ("respondent", "Person the concern is about"),
                            ("meeting", "Meeting notes"),
                            ("heard", "Answer of the person the concern is about"),
                            ("report", "Report"),
                            ("enquiries", "Further enquiries"),
                            ("letter", "Decision and reasons"),
                            ("action", "Action agreed"),
                            ("grounds", "Grounds of appeal"),
                            ("appeal_letter", "Appeal decision and reasons"),
                            ("terms", "What was agreed"),
                            ("mediation_note", "Mediation note"),
                            ("explanation", "Explanation to the complainant"),
                            ("reason", "Reason"),
                            ("handover", "Hand-over note"),
                            ("check_in", "Check-in"),
                            ("approval", "Request for approval"),
                            ("offer_name", "Person proposed"),
                            ("person", "Person asked"),
                            ("put", "What was put to them"),
                            ("statement", "Statement"),
                            ("outcome_note", "What they were told of the decision"),
                            ("companion", "Companion"),
                            ("interpreter", "Interpreter"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "companion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="grievances.companion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="hearing",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="hearing_number"),
        ),
        migrations.AddConstraint(
            model_name="companion",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="companion_number"),
        ),
        migrations.AddConstraint(
            model_name="interpreter",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="interpreter_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedcopy",
            constraint=models.UniqueConstraint(
                fields=("companion", "record_id"), name="one_copy_of_a_record"
            ),
        ),
    ]
