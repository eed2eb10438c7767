"""Find the cases of a list by what it is filtered by, so that a filter that fits none ends soon."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0057_label_of_each_request"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="listedcase",
            index=models.Index(
                fields=["person", "region", "route", "stage", "due", "-case"],
                name="listed_by_filter",
            ),
        ),
    ]
