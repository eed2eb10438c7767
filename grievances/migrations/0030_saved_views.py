"""Let people save views of the list of cases, and name a new kind of record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0029_sharing_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.CharField(max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "query"), name="saved_view_once")
                ],
            },
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
                    ("action_done", "Action done"),
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
            model_name="sharedcopy",
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
                    ("action_done", "Action done"),
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
    ]
