"""Say choices in plain words; nothing that is stored changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0032_own_days_and_law"),
    ]

    operations = [
        migrations.AlterField(
            model_name="breakglass",
            name="why",
            field=models.CharField(
                choices=[
                    ("DANGER", "A person may be in danger"),
                    ("LAW", "A court, a regulator or the police asks, and the law lets them"),
                    ("DATA_RIGHTS", "A person asks for the data we hold about them"),
                    ("NOBODY_LEFT", "No one who can read the case is there"),
                    ("CONDUCT", "How the case was handled is being looked into"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("finding", "Closed after a decision"),
                    ("resolved_informally", "Resolved informally"),
                    ("resolved_mediation", "Resolved by mediation"),
                    ("withdrawn", "Withdrawn"),
                    ("redirected", "Passed to another process"),
                    ("duplicate_merged", "Joined to an earlier concern"),
                    ("anonymous_insufficient", "Not enough could be learned"),
                    ("appeal_upheld", "Appeal upheld"),
                    ("appeal_varied", "Decision varied on appeal"),
                    ("appeal_dismissed", "Decision is the same after appeal"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="casefact",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("finding", "Closed after a decision"),
                    ("resolved_informally", "Resolved informally"),
                    ("resolved_mediation", "Resolved by mediation"),
                    ("withdrawn", "Withdrawn"),
                    ("redirected", "Passed to another process"),
                    ("duplicate_merged", "Joined to an earlier concern"),
                    ("anonymous_insufficient", "Not enough could be learned"),
                    ("appeal_upheld", "Appeal upheld"),
                    ("appeal_varied", "Decision varied on appeal"),
                    ("appeal_dismissed", "Decision is the same after appeal"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="companion",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("UNION", "A union official"),
                    ("LAY", "A certified lay union official"),
                    ("COLLEAGUE", "A fellow worker"),
                    ("OTHER", "Someone else, by agreement"),
                ],
                max_length=12,
            ),
        ),
    ]
