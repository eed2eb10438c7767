"""Notices are found by the case they are about: taken back, and counted when it is erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_outbox")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["reference"], name="notice_about"),
        ),
    ]
