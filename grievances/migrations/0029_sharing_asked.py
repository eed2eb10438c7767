"""Add the day on which the complainant was asked whether their name may be shared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0028_no_rows_by_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="sharing_asked_on",
            field=models.DateField(null=True),
        ),
    ]
