"""Files of a case that a companion may open; readers announced for a concern to be joined."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0011_monitoring_and_surveys")]

    operations = [
        migrations.CreateModel(
            name="SharedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "companion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="grievances.companion",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared",
                        to="grievances.evidence",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="sharedfile",
            constraint=models.UniqueConstraint(
                fields=("companion", "evidence"), name="one_tick_of_a_file"
            ),
        ),
        migrations.AddField(
            model_name="pendingreader",
            name="into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="grievances.case",
            ),
        ),
        migrations.RemoveConstraint(model_name="pendingreader", name="one_announcement_per_role"),
        migrations.AddConstraint(
            model_name="pendingreader",
            constraint=models.UniqueConstraint(
                condition=models.Q(("into__isnull", True)),
                fields=("case", "person", "role"),
                name="one_announcement_per_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingreader",
            constraint=models.UniqueConstraint(
                condition=models.Q(("into__isnull", False)),
                fields=("case", "person", "into"),
                name="one_announcement_to_join",
            ),
        ),
    ]
