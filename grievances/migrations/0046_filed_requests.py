"""Let people file requests for their own data."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0045_aftercare"),
    ]

    operations = [
        migrations.CreateModel(
            name="FiledRequest",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="grievances.rightsrequest",
                    ),
                ),
                ("label", models.CharField(db_index=True, max_length=40)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="RequestWords",
            fields=[
                ("reader", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grievances.rightsrequest",
                    ),
                ),
            ],
        ),
    ]
