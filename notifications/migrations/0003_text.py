"""Let a notice leave as a text message."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_about")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "Inbox"), ("email", "Email"), ("text", "Text message")],
                max_length=10,
            ),
        ),
    ]
