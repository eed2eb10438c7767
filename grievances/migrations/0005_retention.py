"""Keeping and erasing: why a second person was asked, the certificate, and a salt for each chain.

Chains that began earlier get a salt as well: it hides who acts from now on. What stands in them
already cannot be changed, and keeps the handles it was written with.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import grievances.audit.models


def salt_each_chain(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A default is worked out once for all rows; each chain needs its own."""
    heads = apps.get_model("grievances", "ChainHead")
    for pk in heads.objects.values_list("pk", flat=True).iterator():
        heads.objects.filter(pk=pk).update(salt=grievances.audit.models.new_salt())


class Migration(migrations.Migration):
    dependencies = [("grievances", "0004_keys")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=9, unique=True)),
                ("erased_at", models.DateTimeField()),
                ("signed", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="approval",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("TRIBUNAL", "A tribunal claim has been made or may be made"),
                    ("COURT", "A court case needs it"),
                    ("REGULATOR", "A regulator or an inspector asked for it"),
                    ("POLICE", "The police asked for it"),
                    ("TIME_OVER", "The time it must be kept has ended"),
                    ("NOT_NEEDED", "It is no longer needed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="chainhead",
            name="salt",
            field=models.BinaryField(default=grievances.audit.models.new_salt),
        ),
        migrations.RunPython(salt_each_chain, migrations.RunPython.noop),
    ]
