"""Give the facts that reports count columns for what people said of themselves.

They are empty except while the report on fairness is made.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add four columns."""

    dependencies = [("grievances", "0059_ways_in")]
    operations = [
        migrations.AddField(
            model_name="casefact",
            name=name,
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        )
        for name in ("sex", "age_band", "religion", "disability")
    ]
