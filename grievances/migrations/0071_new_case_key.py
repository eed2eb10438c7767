"""Keep a new case key that two officers are about to give a person who lost theirs.

The columns are added by SQL, as those of migration 0059 are.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _date(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"ALTER TABLE grievances_case ADD COLUMN {name} date NULL",
        reverse_sql=f"ALTER TABLE grievances_case DROP COLUMN {name}",
        state_operations=[
            migrations.AddField(model_name="case", name=name, field=models.DateField(null=True))
        ],
    )


def _account(**more: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("grievances", "0070_asked_to_help_in_time")]

    operations = [
        _date("new_key_asked_on"),
        _date("new_key_agreed_on"),
        migrations.CreateModel(
            name="NewCaseKey",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="new_key",
                        serialize=False,
                        to="grievances.case",
                    ),
                ),
                ("sealed_half", models.BinaryField(default=b"")),
                ("asked_by", _account()),
                ("agreed_by", _account(null=True)),
            ],
        ),
    ]
