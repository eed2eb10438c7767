from django.db import migrations, models


class Migration(migrations.Migration):
    """Of when a survey was answered: before anybody is reminded, or after. Older rows have neither."""

    dependencies = [
        ("grievances", "0012_trust_files_and_joining"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="pace",
            field=models.CharField(
                blank=True,
                choices=[("early", "Answered in the first 14 days"), ("late", "Answered later")],
                max_length=5,
            ),
        ),
    ]
