"""Index notices by the case they are about.

They are retracted by it, and counted when the case is erased.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_outbox")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["reference"], name="notice_about"),
        ),
    ]
